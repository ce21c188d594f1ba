#include "../simd/f32_scalar.h"
#include "recurrent_body.h"
#include "../simd/end.h"
