#if defined(__aarch64__)
#include "../simd/f32_neon.h"
#include "pointwise_body.h"
#include "../simd/end.h"
#endif
