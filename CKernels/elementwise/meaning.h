/// What the scalar expressions of ckernels_function.h use besides the C library.
#ifndef CKERNELS_MEANING_H
#define CKERNELS_MEANING_H

#include <math.h>

/// min(max(x, low), high); NaN stays NaN, and of bounds the wrong way round the upper one holds.
static inline double ck_clamp(double x, double low, double high) {
  const double raised = x < low ? low : x;
  return raised > high ? high : raised;
}

/// min(max(x * slope + offset, 0), 1); NaN stays NaN.
static inline double ck_gate(double x, double slope, double offset) {
  const double line = x * slope + offset;
  return line < 0 ? 0 : line > 1 ? 1 : line;
}

/// log(1 + exp(x)).
static inline double ck_softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

/// The number whose erf is `x`: Winitzki's approximation, then Halley's steps on the C library's erf.
static inline double ck_inverse_erf(double x) {
  if (!(x > -1 && x < 1)) return x == 1 || x == -1 ? x * INFINITY : NAN;
  double a = 0.147, l = log1p(-x * x), t = 2 / (3.14159265358979323846 * a) + l / 2;
  double y = copysign(sqrt(sqrt(t * t - l / a) - t), x);
  for (int i = 0; i < 3; ++i) {
    double f = (erf(y) - x) / (1.12837916709551257390 * exp(-y * y));
    y -= f / (1 + y * f);
  }
  return y;
}

#endif
