#include "kernels.h"

#include <math.h>

// Winitzki's approximation, then Halley's steps on the C library's erf in double precision.
static float inverse_erf(float x) {
  if (!(x > -1 && x < 1)) return x == 1 || x == -1 ? x * INFINITY : NAN;
  double a = 0.147, l = log1p(-(double)x * x), t = 2 / (3.14159265358979323846 * a) + l / 2;
  double y = copysign(sqrt(sqrt(t * t - l / a) - t), x);
  for (int i = 0; i < 3; ++i) {
    double f = (erf(y) - x) / (1.12837916709551257390 * exp(-y * y));
    y -= f / (1 + y * f);
  }
  return (float)y;
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
    case CK_UNARY_ERFINV: return inverse_erf(x);
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
