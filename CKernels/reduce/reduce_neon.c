#if defined(__aarch64__)
#include "../simd/f32_neon.h"
#include "reduce_body.h"
#include "softmax_body.h"
#include "normalize_body.h"
#include "typed_body.h"
#include "table.h"
#include "../simd/end.h"
#endif
