#if defined(__aarch64__)
#include "../simd/f32_neon.h"
#include "unary_body.h"
#include "binary_body.h"
#include "typed_body.h"
#include "../simd/end.h"
#endif
