#if defined(__x86_64__)
#include "../simd/f32_avx2.h"
#include "unary_body.h"
#include "binary_body.h"
#include "typed_body.h"
#include "../simd/end.h"
#endif
