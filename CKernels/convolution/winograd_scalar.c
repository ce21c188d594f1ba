#include "winograd_kernels.h"

#include "../isa/isa.h"
#include "../simd/f32_scalar.h"
#include "winograd_body.h"
#include "../simd/end.h"
