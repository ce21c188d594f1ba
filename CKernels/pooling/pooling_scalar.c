#include "../simd/f32_scalar.h"
#include "pooling_body.h"
#include "../simd/end.h"
