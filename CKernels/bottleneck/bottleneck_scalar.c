#include "../simd/f32_scalar.h"
#include "pointwise_body.h"
#include "../simd/end.h"
