/// The functions of one number: one table, from which all else is made.
#ifndef CKERNELS_FUNCTION_H
#define CKERNELS_FUNCTION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// clang-format off
/// All but the identity, one per line:
///
///     FUSABLE(cost, NAME, name, vector, scalar)   products and convolutions can apply it before they store a result
///     VECTOR(cost, NAME, name, vector, scalar)    only on its own
///     LIBM(NAME, name, single, scalar)            the C library computes it, one number at a time
///
/// `name` is what MNNGraph calls it. `vector` is an expression of a vector `v` and the parameters `a` and `b` over
/// simd/f32_functions.h, `single` one of the float `x` and `p0`, `scalar` the meaning, an expression of the double `x` and the
/// parameters `p0` and `p1`. `cost` is CHEAP (memory is slower), MODERATE (an exponential or two) or COSTLY. NaN stays NaN in all but
/// thresholdedRelu, which gives 0.
#define CK_FUNCTIONS(FUSABLE, VECTOR, LIBM) \
  FUSABLE(CHEAP, RELU, relu, f32v_max(ZERO, v), x < 0 ? 0 : x)                                                           \
  FUSABLE(CHEAP, CLIP, clip, f32v_min(b, f32v_max(a, v)), ck_clamp(x, p0, p1))                                 \
  FUSABLE(CHEAP, LEAKY_RELU, leakyRelu, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, v), v), x < 0 ? p0 * x : x)            \
  FUSABLE(CHEAP, HARD_SIGMOID, hardSigmoid, f32v_gate(v, a, b), ck_gate(x, p0, p1))                                      \
  FUSABLE(CHEAP, HARD_SWISH, hardSwish, f32v_mul(v, f32v_gate(v, f32v_set1(1.0f / 6), f32v_set1(0.5f))), x * ck_gate(x, 1.0 / 6, 0.5)) \
  FUSABLE(MODERATE, SIGMOID, sigmoid, f32v_sigmoid(v), 1 / (1 + exp(-x)))                                                \
  FUSABLE(MODERATE, SILU, silu, f32v_mul(v, f32v_sigmoid(v)), x / (1 + exp(-x)))                                         \
  FUSABLE(MODERATE, TANH, tanh, f32v_tanh(v), tanh(x))                                                                   \
  FUSABLE(MODERATE, GELU, gelu, f32v_gelu_erf(v), x / 2 * (1 + erf(x * 0.70710678118654752440)))                         \
  FUSABLE(MODERATE, GELU_TANH, geluTanh, f32v_gelu_tanh(v), x / 2 * (1 + tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)))) \
  FUSABLE(MODERATE, ELU, elu, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, f32v_expm1(v)), v), x < 0 ? p0 * expm1(x) : x)   \
  FUSABLE(MODERATE, SOFTPLUS, softplus, f32v_softplus(v), ck_softplus(x))                                                \
  FUSABLE(MODERATE, MISH, mish, f32v_mish(v), x * tanh(ck_softplus(x)))                                                  \
  VECTOR(CHEAP, ABSOLUTE, absolute, f32v_abs(v), fabs(x))                                                                \
  VECTOR(CHEAP, NEGATE, negate, f32v_neg(v), -x)                                                                         \
  VECTOR(MODERATE, EXP, exp, f32v_exp(v), exp(x))                                                                        \
  VECTOR(MODERATE, EXPM1, expm1, f32v_expm1(v), expm1(x))                                                                \
  VECTOR(MODERATE, LOG, log, f32v_log(v), log(x))                                                                        \
  VECTOR(MODERATE, LOG1P, log1p, f32v_log1p(v), log1p(x))                                                                \
  VECTOR(CHEAP, SQRT, sqrt, f32v_sqrt(v), __builtin_sqrt(x))                                                             \
  VECTOR(CHEAP, RSQRT, rsqrt, f32v_div(ONE, f32v_sqrt(v)), 1 / __builtin_sqrt(x))                                        \
  VECTOR(CHEAP, RECIPROCAL, reciprocal, f32v_div(ONE, v), 1 / x)                                                         \
  VECTOR(CHEAP, SQUARE, square, f32v_mul(v, v), x * x)                                                                   \
  VECTOR(MODERATE, ERF, erf, f32v_erf(v), erf(x))                                                                        \
  VECTOR(MODERATE, SELU, selu, f32v_mul(b, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, f32v_expm1(v)), v)), p1 * (x < 0 ? p0 * expm1(x) : x)) \
  VECTOR(CHEAP, FLOOR, floor, f32v_floor(v), floor(x))                                                                   \
  VECTOR(CHEAP, CEIL, ceil, f32v_ceil(v), ceil(x))                                                                       \
  VECTOR(CHEAP, ROUND, round, f32v_round(v), rint(x))                                                                    \
  VECTOR(CHEAP, TRUNCATE, truncate, f32v_trunc(v), trunc(x))                                                             \
  VECTOR(CHEAP, SIGN, sign, f32v_sign(v), x > 0 ? 1 : x < 0 ? -1 : x)                                                    \
  VECTOR(CHEAP, SOFTSIGN, softsign, f32v_div(v, f32v_add(ONE, f32v_abs(v))), x / (1 + fabs(x)))                          \
  VECTOR(MODERATE, CELU, celu, f32v_select(f32v_lt(v, ZERO), f32v_mul(a, f32v_expm1(f32v_div(v, a))), v), x < 0 ? p0 * expm1(x / p0) : x) \
  VECTOR(CHEAP, THRESHOLDED_RELU, thresholdedRelu, f32v_select(f32v_lt(a, v), v, ZERO), x > p0 ? x : 0)                  \
  VECTOR(CHEAP, SHRINK, shrink, f32v_shrink(v, a, b), x < -p0 ? x + p1 : x > p0 ? x - p1 : x * 0)                        \
  VECTOR(CHEAP, AFFINE, affine, f32v_fma(v, a, b), x * p0 + p1)                                                          \
  LIBM(SIN, sin, sinf(x), sin(x))                                                                                        \
  LIBM(COS, cos, cosf(x), cos(x))                                                                                        \
  LIBM(TAN, tan, tanf(x), tan(x))                                                                                        \
  LIBM(ASIN, asin, asinf(x), asin(x))                                                                                    \
  LIBM(ACOS, acos, acosf(x), acos(x))                                                                                    \
  LIBM(ATAN, atan, atanf(x), atan(x))                                                                                    \
  LIBM(SINH, sinh, sinhf(x), sinh(x))                                                                                    \
  LIBM(COSH, cosh, coshf(x), cosh(x))                                                                                    \
  LIBM(ASINH, asinh, asinhf(x), asinh(x))                                                                                \
  LIBM(ACOSH, acosh, acoshf(x), acosh(x))                                                                                \
  LIBM(ATANH, atanh, atanhf(x), atanh(x))                                                                                \
  LIBM(ERFC, erfc, erfcf(x), erfc(x))                                                                                    \
  LIBM(ERFINV, erfinv, (float)ck_inverse_erf(x), ck_inverse_erf(x))                                                      \
  LIBM(POWER, power, powf(x, p0), pow(x, p0))
// clang-format on

/// For the columns of ``CK_FUNCTIONS`` that are not wanted.
#define CK_NOTHING(...)
#define CK_FUNCTION_CASE(cost, NAME, ...) CK_FUNCTION_##NAME,
#define CK_FUNCTION_CASE_LIBM(NAME, ...) CK_FUNCTION_##NAME,

typedef enum ck_function : int32_t {
  CK_FUNCTION_IDENTITY,
  CK_FUNCTIONS(CK_FUNCTION_CASE, CK_FUNCTION_CASE, CK_FUNCTION_CASE_LIBM) CK_FUNCTION_COUNT,
} ck_function;

#undef CK_FUNCTION_CASE
#undef CK_FUNCTION_CASE_LIBM

/// What MNNGraph calls the function.
const char *ck_function_name(ck_function function);

/// 1 if products and convolutions can apply the function to their results; see ``ck_activation``.
int ck_function_is_fusable(ck_function function);

#ifdef __cplusplus
}
#endif

#endif
