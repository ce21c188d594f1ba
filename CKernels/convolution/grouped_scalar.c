#include "grouped_kernels.h"

#include "../isa/isa.h"
#include "../simd/f32_scalar.h"
#include "grouped_body.h"
#include "../simd/end.h"
