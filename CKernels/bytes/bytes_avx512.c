#if defined(__x86_64__)
#include "../simd/f32_avx512.h"
#include "body.h"
#include "../simd/end.h"
#endif
