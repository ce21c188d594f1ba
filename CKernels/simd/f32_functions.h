// What the vector expressions of ckernels_function.h use besides f32_math.h. Included after simd/f32_<isa>.h.
#include "f32_math.h"

#define ZERO f32v_set1(0.0f)
#define ONE f32v_set1(1.0f)

static inline f32v f32v_gate(f32v v, f32v slope, f32v offset) {
  return f32v_min(ONE, f32v_max(ZERO, f32v_fma(v, slope, offset)));
}

static inline f32v f32v_sign(f32v v) {
  return f32v_select(f32v_lt(ZERO, v), ONE, f32v_select(f32v_lt(v, ZERO), f32v_set1(-1.0f), v));
}

static inline f32v f32v_shrink(f32v v, f32v lambda, f32v bias) {
  f32v low = f32v_select(f32v_lt(v, f32v_neg(lambda)), f32v_add(v, bias), f32v_mul(v, ZERO));
  return f32v_select(f32v_lt(lambda, v), f32v_sub(v, bias), low);
}
