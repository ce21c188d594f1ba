/// Activations of a tile: the cheap ones in registers, the others on the stored tile. Included by f32_tile.h.
#include "../simd/f32_math.h"

/// `x` after an activation that takes a few instructions; `x` itself for all others.
CK_INLINE f32v activate(f32v x, const ck_activation *activation) {
  const f32v zero = f32v_set1(0), p0 = f32v_set1(activation->p0), p1 = f32v_set1(activation->p1);
  switch (activation->kind) {
    case CK_ACT_RELU: return f32v_max(zero, x);
    case CK_ACT_CLAMP: return f32v_min(p1, f32v_max(p0, x));
    case CK_ACT_LEAKY_RELU: return f32v_fma(p0, f32v_min(zero, x), f32v_max(zero, x));
    case CK_ACT_HARDSIGMOID: return f32v_min(f32v_set1(1), f32v_max(zero, f32v_fma(x, p0, p1)));
    case CK_ACT_HARDSWISH:
      return f32v_mul(x, f32v_min(f32v_set1(1), f32v_max(zero, f32v_fma(x, f32v_set1(1.0f / 6), f32v_set1(0.5f)))));
    default: return x;
  }
}

CK_INLINE int needs_finish(const ck_activation *activation) { return activation->kind > CK_ACT_HARDSWISH; }

/// The activations that ``activate`` leaves out.
CK_INLINE f32v activate_slowly(f32v x, const ck_activation *activation) {
  switch (activation->kind) {
    case CK_ACT_SIGMOID: return f32v_sigmoid(x);
    case CK_ACT_SILU: return f32v_mul(x, f32v_sigmoid(x));
    case CK_ACT_TANH: return f32v_tanh(x);
    case CK_ACT_GELU_ERF: return f32v_gelu_erf(x);
    case CK_ACT_GELU_TANH: return f32v_gelu_tanh(x);
    case CK_ACT_ELU:
      return f32v_select(f32v_lt(x, f32v_set1(0)), f32v_mul(f32v_set1(activation->p0), f32v_expm1(x)), x);
    case CK_ACT_SOFTPLUS: return f32v_softplus(x);
    case CK_ACT_MISH: return f32v_mish(x);
    default: return x;
  }
}

/// Second step of a tile whose activation does not fit the registers: from `sums`, rows of NR, to the result.
static void finish(const ck_f32_gemm_tile *t, const float *sums) {
  for (size_t m = 0; m < t->rows; ++m)
    for (size_t v = 0; v * F32V_LANES < t->columns; ++v) {
      const size_t left = t->columns - v * F32V_LANES, n = left < F32V_LANES ? left : F32V_LANES;
      f32v x = activate_slowly(f32v_load(sums + m * NR + v * F32V_LANES), &t->activation);
      if (t->residual && t->residual_last)
        x = f32v_add(x, f32v_load_partial(t->residual + m * t->r_row + v * t->r_block, n));
      f32v_store_partial(t->out + m * t->o_row + v * t->o_block, x, n);
    }
}
