// Functions of one number over any f32_<isa>.h.
#include "../simd/f32_math.h"
#include "kernels.h"

#define ZERO f32v_set1(0.0f)
#define ONE f32v_set1(1.0f)

static inline f32v hard_gate(f32v v, f32v slope, f32v offset) {
  return f32v_min(ONE, f32v_max(ZERO, f32v_fma(v, slope, offset)));
}

static inline f32v sign_of(f32v v) {
  return f32v_select(f32v_lt(ZERO, v), ONE, f32v_select(f32v_lt(v, ZERO), f32v_set1(-1.0f), v));
}

static inline f32v shrink(f32v v, f32v lambda, f32v bias) {
  f32v low = f32v_select(f32v_lt(v, f32v_neg(lambda)), f32v_add(v, bias), f32v_mul(v, ZERO));
  return f32v_select(f32v_lt(lambda, v), f32v_sub(v, bias), low);
}

#define MAP(kind, expression)                                     \
  case kind:                                                      \
    for (; i + F32V_LANES <= n; i += F32V_LANES) {                \
      f32v v = f32v_load(x + i);                                  \
      f32v_store(y + i, expression);                              \
    }                                                             \
    if (i < n) {                                                  \
      f32v v = f32v_load_partial(x + i, n - i);                   \
      f32v_store_partial(y + i, expression, n - i);               \
    }                                                             \
    return;

static void CK_FN(f32_unary)(ck_unary_kind kind, float p0, float p1, size_t n, const float *x, float *y) {
  size_t i = 0;
  f32v a = f32v_set1(p0), b = f32v_set1(p1);
  switch (kind) {
    MAP(CK_UNARY_RELU, f32v_max(ZERO, v))
    MAP(CK_UNARY_CLAMP, f32v_min(b, f32v_max(a, v)))
    MAP(CK_UNARY_LEAKY_RELU, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, v), v))
    MAP(CK_UNARY_HARDSIGMOID, hard_gate(v, a, b))
    MAP(CK_UNARY_HARDSWISH, f32v_mul(v, hard_gate(v, f32v_set1(1.0f / 6.0f), f32v_set1(0.5f))))
    MAP(CK_UNARY_SIGMOID, f32v_sigmoid(v))
    MAP(CK_UNARY_SILU, f32v_mul(v, f32v_sigmoid(v)))
    MAP(CK_UNARY_TANH, f32v_tanh(v))
    MAP(CK_UNARY_GELU_ERF, f32v_gelu_erf(v))
    MAP(CK_UNARY_GELU_TANH, f32v_gelu_tanh(v))
    MAP(CK_UNARY_ELU, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, f32v_expm1(v)), v))
    MAP(CK_UNARY_SOFTPLUS, f32v_softplus(v))
    MAP(CK_UNARY_MISH, f32v_mish(v))
    MAP(CK_UNARY_ABS, f32v_abs(v))
    MAP(CK_UNARY_NEG, f32v_neg(v))
    MAP(CK_UNARY_EXP, f32v_exp(v))
    MAP(CK_UNARY_EXPM1, f32v_expm1(v))
    MAP(CK_UNARY_LOG, f32v_log(v))
    MAP(CK_UNARY_LOG1P, f32v_log1p(v))
    MAP(CK_UNARY_SQRT, f32v_sqrt(v))
    MAP(CK_UNARY_RSQRT, f32v_div(ONE, f32v_sqrt(v)))
    MAP(CK_UNARY_RECIPROCAL, f32v_div(ONE, v))
    MAP(CK_UNARY_SQUARE, f32v_mul(v, v))
    MAP(CK_UNARY_ERF, f32v_erf(v))
    MAP(CK_UNARY_SELU, f32v_mul(b, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, f32v_expm1(v)), v)))
    MAP(CK_UNARY_FLOOR, f32v_floor(v))
    MAP(CK_UNARY_CEIL, f32v_ceil(v))
    MAP(CK_UNARY_ROUND, f32v_round(v))
    MAP(CK_UNARY_TRUNC, f32v_trunc(v))
    MAP(CK_UNARY_SIGN, sign_of(v))
    MAP(CK_UNARY_SOFTSIGN, f32v_div(v, f32v_add(ONE, f32v_abs(v))))
    MAP(CK_UNARY_CELU, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, f32v_expm1(f32v_div(v, a))), v))
    MAP(CK_UNARY_THRESHOLDED_RELU, f32v_select(f32v_le(v, a), ZERO, v))
    MAP(CK_UNARY_SHRINK, shrink(v, a, b))
    MAP(CK_UNARY_SCALE, f32v_fma(v, a, b))
    case CK_UNARY_IDENTITY:
      if (x != y) memmove(y, x, n * sizeof *y);
      return;
    default:
      for (; i < n; ++i) y[i] = ck_f32_unary_libm(kind, p0, x[i]);
      return;
  }
}
