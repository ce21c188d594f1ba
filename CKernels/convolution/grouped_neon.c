#if defined(__aarch64__)
#include "grouped_kernels.h"

#include "../isa/isa.h"
#include "../simd/f32_neon.h"
#include "grouped_body.h"
#include "../simd/end.h"
#endif
