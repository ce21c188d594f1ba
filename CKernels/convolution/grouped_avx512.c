#if defined(__x86_64__)
#include "grouped_kernels.h"

#include "../isa/isa.h"
#include "../simd/f32_avx512.h"
#include "grouped_body.h"
#include "../simd/end.h"
#endif
