#include "../simd/f32_scalar.h"
#include "body.h"
#include "../simd/end.h"
