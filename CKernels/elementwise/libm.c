#include "kernels.h"

#include <math.h>

// Winitzki's approximation, then Halley's steps on the C library's erf in double precision.
static double inverse_erf(double x) {
  if (!(x > -1 && x < 1)) return x == 1 || x == -1 ? x * INFINITY : NAN;
  double a = 0.147, l = log1p(-x * x), t = 2 / (3.14159265358979323846 * a) + l / 2;
  double y = copysign(sqrt(sqrt(t * t - l / a) - t), x);
  for (int i = 0; i < 3; ++i) {
    double f = (erf(y) - x) / (1.12837916709551257390 * exp(-y * y));
    y -= f / (1 + y * f);
  }
  return y;
}

float ck_f32_unary_libm(ck_unary_kind kind, float p0, float x) {
  switch (kind) {
    case CK_UNARY_SIN: return sinf(x);
    case CK_UNARY_COS: return cosf(x);
    case CK_UNARY_TAN: return tanf(x);
    case CK_UNARY_ASIN: return asinf(x);
    case CK_UNARY_ACOS: return acosf(x);
    case CK_UNARY_ATAN: return atanf(x);
    case CK_UNARY_SINH: return sinhf(x);
    case CK_UNARY_COSH: return coshf(x);
    case CK_UNARY_ASINH: return asinhf(x);
    case CK_UNARY_ACOSH: return acoshf(x);
    case CK_UNARY_ATANH: return atanhf(x);
    case CK_UNARY_ERFC: return erfcf(x);
    case CK_UNARY_ERFINV: return (float)inverse_erf(x);
    case CK_UNARY_POWER: return powf(x, p0);
    default: return x;
  }
}

float ck_f32_binary_libm(ck_binary_kind kind, float a, float b) {
  switch (kind) {
    case CK_BINARY_POW: return powf(a, b);
    case CK_BINARY_FMOD: return fmodf(a, b);
    case CK_BINARY_ATAN2: return atan2f(a, b);
    case CK_BINARY_FLOORDIV: return floorf(a / b);
    case CK_BINARY_MOD: {
      float r = fmodf(a, b);
      return r != 0 && (r < 0) != (b < 0) ? r + b : copysignf(r, r == 0 ? b : r);
    }
    default: return a;
  }
}

static double hard_gate(double x, double slope, double offset) { return fmin(1, fmax(0, x * slope + offset)); }

static double softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

double ck_f64_unary_libm(ck_unary_kind kind, double p0, double p1, double x) {
  switch (kind) {
    case CK_UNARY_HARDSIGMOID: return x != x ? x : hard_gate(x, p0, p1);
    case CK_UNARY_HARDSWISH: return x * hard_gate(x, 1.0 / 6, 0.5);
    case CK_UNARY_SIGMOID: return 1 / (1 + exp(-x));
    case CK_UNARY_SILU: return x / (1 + exp(-x));
    case CK_UNARY_TANH: return tanh(x);
    case CK_UNARY_GELU_ERF: return x / 2 * (1 + erf(x * 0.70710678118654752440));
    case CK_UNARY_GELU_TANH: return x / 2 * (1 + tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x)));
    case CK_UNARY_ELU: return x < 0 ? p0 * expm1(x) : x;
    case CK_UNARY_SOFTPLUS: return softplus(x);
    case CK_UNARY_MISH: return x * tanh(softplus(x));
    case CK_UNARY_EXP: return exp(x);
    case CK_UNARY_EXPM1: return expm1(x);
    case CK_UNARY_LOG: return log(x);
    case CK_UNARY_LOG1P: return log1p(x);
    case CK_UNARY_ERF: return erf(x);
    case CK_UNARY_SELU: return p1 * (x < 0 ? p0 * expm1(x) : x);
    case CK_UNARY_SIN: return sin(x);
    case CK_UNARY_COS: return cos(x);
    case CK_UNARY_TAN: return tan(x);
    case CK_UNARY_ASIN: return asin(x);
    case CK_UNARY_ACOS: return acos(x);
    case CK_UNARY_ATAN: return atan(x);
    case CK_UNARY_SINH: return sinh(x);
    case CK_UNARY_COSH: return cosh(x);
    case CK_UNARY_ASINH: return asinh(x);
    case CK_UNARY_ACOSH: return acosh(x);
    case CK_UNARY_ATANH: return atanh(x);
    case CK_UNARY_ERFC: return erfc(x);
    case CK_UNARY_ERFINV: return inverse_erf(x);
    case CK_UNARY_SOFTSIGN: return x / (1 + fabs(x));
    case CK_UNARY_CELU: return x < 0 ? p0 * expm1(x / p0) : x;
    case CK_UNARY_THRESHOLDED_RELU: return x <= p0 ? 0 : x;
    case CK_UNARY_SHRINK: return x < -p0 ? x + p1 : x > p0 ? x - p1 : x * 0;
    case CK_UNARY_POWER: return pow(x, p0);
    default: return x;
  }
}

double ck_f64_binary_libm(ck_binary_kind kind, double a, double b) {
  switch (kind) {
    case CK_BINARY_POW: return pow(a, b);
    case CK_BINARY_FMOD: return fmod(a, b);
    case CK_BINARY_ATAN2: return atan2(a, b);
    case CK_BINARY_FLOORDIV: return floor(a / b);
    case CK_BINARY_MOD: {
      double r = fmod(a, b);
      return r != 0 && (r < 0) != (b < 0) ? r + b : copysign(r, r == 0 ? b : r);
    }
    default: return a;
  }
}

size_t ck_f32_unary_grain(ck_unary_kind kind) {
  switch (kind) {
    case CK_UNARY_SIN: case CK_UNARY_COS: case CK_UNARY_TAN: case CK_UNARY_ASIN: case CK_UNARY_ACOS: case CK_UNARY_ATAN:
    case CK_UNARY_SINH: case CK_UNARY_COSH: case CK_UNARY_ASINH: case CK_UNARY_ACOSH: case CK_UNARY_ATANH: case CK_UNARY_ERFC:
    case CK_UNARY_ERFINV: case CK_UNARY_POWER:
      return 1 << 10;
    case CK_UNARY_SIGMOID: case CK_UNARY_SILU: case CK_UNARY_TANH: case CK_UNARY_GELU_ERF: case CK_UNARY_GELU_TANH: case CK_UNARY_ELU:
    case CK_UNARY_SOFTPLUS: case CK_UNARY_MISH: case CK_UNARY_EXP: case CK_UNARY_EXPM1: case CK_UNARY_LOG: case CK_UNARY_LOG1P:
    case CK_UNARY_ERF: case CK_UNARY_SELU: case CK_UNARY_CELU:
      return 1 << 13;
    default:
      return 1 << 15;
  }
}
