#if defined(__aarch64__)
#include "winograd_kernels.h"

#include "../isa/isa.h"
#include "../simd/f32_neon.h"
#include "winograd_body.h"
#include "../simd/end.h"
#endif
