/// Activations of a tile, on the vector names of f32_tile.h: the cheap ones in registers, the others on the stored tile.

#include "activation_scalar.h"

/// `x` after an activation that takes a few instructions; `x` itself for all others.
CK_INLINE vec activate(vec x, const ck_activation *activation) {
  switch (activation->kind) {
    case CK_ACT_RELU: return v_max(v_zero(), x);
    case CK_ACT_CLAMP: return v_min(v_set1(activation->p1), v_max(v_set1(activation->p0), x));
    case CK_ACT_LEAKY_RELU: return v_fma(v_set1(activation->p0), v_min(v_zero(), x), v_max(v_zero(), x));
    case CK_ACT_HARDSIGMOID:
      return v_min(v_set1(1), v_max(v_zero(), v_fma(x, v_set1(activation->p0), v_set1(activation->p1))));
    case CK_ACT_HARDSWISH:
      return v_mul(x, v_min(v_set1(1), v_max(v_zero(), v_fma(x, v_set1(1.0f / 6), v_set1(0.5f)))));
    default: return x;
  }
}

CK_INLINE int needs_finish(const ck_activation *activation) { return activation->kind > CK_ACT_HARDSWISH; }

/// Second step of a tile whose activation does not fit the registers: from `sums`, rows of NR, to the result.
CK_INLINE void finish(const ck_f32_gemm_tile *t, const float *sums) {
  for (size_t m = 0; m < t->rows; ++m)
    for (size_t n = 0; n < t->columns; ++n) {
      float x = ck_activate_scalar(sums[m * NR + n], &t->activation);
      if (t->residual && t->residual_last) x += t->residual[m * t->r_row + (n / LANES) * t->r_block + n % LANES];
      t->out[m * t->o_row + (n / LANES) * t->o_block + n % LANES] = x;
    }
}
