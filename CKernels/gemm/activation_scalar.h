/// One activation, by the mathematics of ckernels_epilogue.h.
#ifndef CKERNELS_ACTIVATION_SCALAR_H
#define CKERNELS_ACTIVATION_SCALAR_H

#include <math.h>

#include "../isa/isa.h"
#include "ckernels_epilogue.h"

CK_INLINE float ck_clamp_scalar(float x, float low, float high) { return x < low ? low : x > high ? high : x; }
CK_INLINE float ck_softplus_scalar(float x) { return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x))); }

CK_INLINE float ck_activate_scalar(float x, const ck_activation *activation) {
  const float p0 = activation->p0, p1 = activation->p1;
  switch (activation->kind) {
    case CK_ACT_NONE: return x;
    case CK_ACT_RELU: return x < 0 ? 0 : x;
    case CK_ACT_CLAMP: return ck_clamp_scalar(x, p0, p1);
    case CK_ACT_LEAKY_RELU: return x < 0 ? p0 * x : x;
    case CK_ACT_HARDSIGMOID: return ck_clamp_scalar(p0 * x + p1, 0, 1);
    case CK_ACT_HARDSWISH: return x * ck_clamp_scalar(x / 6 + 0.5f, 0, 1);
    case CK_ACT_SIGMOID: return 1 / (1 + expf(-x));
    case CK_ACT_SILU: return x / (1 + expf(-x));
    case CK_ACT_TANH: return tanhf(x);
    case CK_ACT_GELU_ERF: return x / 2 * (1 + erff(x * 0.70710678f));
    case CK_ACT_GELU_TANH: return x / 2 * (1 + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
    case CK_ACT_ELU: return x < 0 ? p0 * expm1f(x) : x;
    case CK_ACT_SOFTPLUS: return ck_softplus_scalar(x);
    case CK_ACT_MISH: return x * tanhf(ck_softplus_scalar(x));
  }
  return x;
}

#endif
