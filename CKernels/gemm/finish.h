/// The results of a tile that do not come straight from the registers. Included by f32_tile.h.
#include "activation.h"

/// Whether whole vectors, and at most a sum and a clamp, are all there is to do.
CK_INLINE int stores_directly(const ck_f32_gemm_tile *t) {
  return t->columns % F32V_LANES == 0 && ck_is_clamp(t->activation.kind) && !(t->residual && t->residual_last);
}

CK_INLINE void finish_with(const ck_f32_gemm_tile *t, const float *sums, const ck_function kind) {
  const f32v scale = f32v_set1(t->scale);
  for (size_t v = 0; v * F32V_LANES < t->columns; ++v) {
    const size_t left = t->columns - v * F32V_LANES, n = left < F32V_LANES ? left : F32V_LANES;
    const f32v bias = t->bias ? f32v_load(t->bias + v * F32V_LANES) : f32v_set1(0);
    for (size_t m = 0; m < t->rows; ++m) {
      f32v x = f32v_fma(f32v_load(sums + m * NR + v * F32V_LANES), scale, bias), residual = f32v_set1(0);
      if (t->residual) residual = f32v_load_partial(t->residual + m * t->r_row + v * t->r_block, n);
      if (!t->residual_last) x = f32v_add(x, residual);
      x = activate(x, &t->activation, kind);
      if (t->residual_last) x = f32v_add(x, residual);
      f32v_store_partial(t->out + m * t->o_row + v * t->o_block, x, n);
    }
  }
}

/// From `sums`, rows of NR, to the results: bias, residual, activation. All of `sums` is read before a residual that is the
/// result itself is overwritten.
static void finish(const ck_f32_gemm_tile *t, const float *sums) {
  switch (t->activation.kind) {
// A loop of its own for each is faster than a choice within the loop.
#define CK_FUSABLE(cost, NAME, name, vector, scalar) \
  case CK_FUNCTION_##NAME: finish_with(t, sums, CK_FUNCTION_##NAME); break;
    CK_FUNCTIONS(CK_FUSABLE, CK_NOTHING, CK_NOTHING)
#undef CK_FUSABLE
    default: finish_with(t, sums, CK_FUNCTION_IDENTITY);
  }
}
