#if defined(__aarch64__)
#include "../simd/f32_neon.h"
#include "body.h"
#include "../simd/end.h"
#endif
