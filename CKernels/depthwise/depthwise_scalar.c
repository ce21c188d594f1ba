#include "../simd/f32_scalar.h"
#include "depthwise_body.h"
#include "../simd/end.h"
