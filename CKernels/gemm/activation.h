/// Activations of vectors. Included after simd/f32_<isa>.h.
#include "../simd/f32_math.h"

/// `CK_ACTIVATION(kind)` for every kind: a loop of its own for each is faster than a choice within the loop.
#define CK_ACTIVATIONS                                                                                                         \
  CK_ACTIVATION(CK_ACT_NONE) CK_ACTIVATION(CK_ACT_RELU) CK_ACTIVATION(CK_ACT_CLAMP) CK_ACTIVATION(CK_ACT_LEAKY_RELU)            \
  CK_ACTIVATION(CK_ACT_HARDSIGMOID) CK_ACTIVATION(CK_ACT_HARDSWISH) CK_ACTIVATION(CK_ACT_SIGMOID) CK_ACTIVATION(CK_ACT_SILU)    \
  CK_ACTIVATION(CK_ACT_TANH) CK_ACTIVATION(CK_ACT_GELU_ERF) CK_ACTIVATION(CK_ACT_GELU_TANH) CK_ACTIVATION(CK_ACT_ELU)           \
  CK_ACTIVATION(CK_ACT_SOFTPLUS) CK_ACTIVATION(CK_ACT_MISH)

CK_INLINE f32v activate(f32v x, const ck_activation *activation, const ck_activation_kind kind) {
  const f32v zero = f32v_set1(0), p0 = f32v_set1(activation->p0), p1 = f32v_set1(activation->p1);
  switch (kind) {
    case CK_ACT_NONE: return x;
    case CK_ACT_RELU: return f32v_max(zero, x);
    case CK_ACT_CLAMP: return f32v_min(p1, f32v_max(p0, x));
    case CK_ACT_LEAKY_RELU: return f32v_fma(p0, f32v_min(zero, x), f32v_max(zero, x));
    case CK_ACT_HARDSIGMOID: return f32v_min(f32v_set1(1), f32v_max(zero, f32v_fma(x, p0, p1)));
    case CK_ACT_HARDSWISH:
      return f32v_mul(x, f32v_min(f32v_set1(1), f32v_max(zero, f32v_fma(x, f32v_set1(1.0f / 6), f32v_set1(0.5f)))));
    case CK_ACT_SIGMOID: return f32v_sigmoid(x);
    case CK_ACT_SILU: return f32v_mul(x, f32v_sigmoid(x));
    case CK_ACT_TANH: return f32v_tanh(x);
    case CK_ACT_GELU_ERF: return f32v_gelu_erf(x);
    case CK_ACT_GELU_TANH: return f32v_gelu_tanh(x);
    case CK_ACT_ELU: return f32v_select(f32v_lt(x, zero), f32v_mul(p0, f32v_expm1(x)), x);
    case CK_ACT_SOFTPLUS: return f32v_softplus(x);
    case CK_ACT_MISH: return f32v_mish(x);
  }
  return x;
}
