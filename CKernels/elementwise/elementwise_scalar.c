#include "../simd/f32_scalar.h"
#include "unary_body.h"
#include "binary_body.h"
#include "../simd/end.h"
