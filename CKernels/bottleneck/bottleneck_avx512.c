#if defined(__x86_64__)
#include "../simd/f32_avx512.h"
#include "pointwise_body.h"
#include "../simd/end.h"
#endif
