#if defined(__x86_64__)
#include "../simd/f32_avx512.h"
#include "reduce_body.h"
#include "softmax_body.h"
#include "normalize_body.h"
#include "typed_body.h"
#include "table.h"
#include "../simd/end.h"
#endif
