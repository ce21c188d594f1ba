/// From a tile's sums to its results. Included after simd/f32_<isa>.h by a file that has defined NR; `sums` has rows of NR.
#include "../gemm/activation.h"
#include "ckernels_narrow.h"

/// - Parameter integers: sums are of bytes, in units of scales; else they are the products.
CK_INLINE void finish_with(const ck_narrow_tile *t, const float *sums, const int integers, const ck_function kind) {
  for (size_t v = 0; v * F32V_LANES < t->columns; ++v) {
    const size_t first = v * F32V_LANES, left = t->columns - first, n = left < F32V_LANES ? left : F32V_LANES;
    const size_t at = first / t->c * t->o_block + first % t->c;
    const f32v bias = t->bias ? f32v_load(t->bias + first) : f32v_set1(0);
    const f32v totals = integers ? f32v_load((const float *)t->b + first) : f32v_set1(0);
    const int is_whole = n == F32V_LANES;
    for (size_t m = 0; m < t->rows; ++m) {
      f32v x = f32v_load(sums + m * NR + first);
      float scale = t->scale;
      if (integers) {
        const ck_narrow_row row = t->row[m * t->row_step];
        scale *= row.scale;
        x = f32v_fma(f32v_set1(-row.zero), totals, x);
      }
      x = f32v_fma(x, f32v_set1(scale), bias);
      f32v residual = f32v_set1(0);
      if (t->residual)
        residual = is_whole ? f32v_load(t->residual + m * t->o_row + at) : f32v_load_partial(t->residual + m * t->o_row + at, n);
      if (!t->residual_last) x = f32v_add(x, residual);
      x = activate(x, &t->activation, kind);
      if (t->residual_last) x = f32v_add(x, residual);
      if (is_whole) f32v_store(t->out + m * t->o_row + at, x);
      else f32v_store_partial(t->out + m * t->o_row + at, x, n);
    }
  }
}

static void finish(const ck_narrow_tile *t, const float *sums, const int integers) {
  switch (t->activation.kind) {
// A loop of its own for each is faster than a choice within the loop.
#define CK_FUSABLE(cost, NAME, name, vector, scalar) \
  case CK_FUNCTION_##NAME: finish_with(t, sums, integers, CK_FUNCTION_##NAME); break;
    CK_FUNCTIONS(CK_FUSABLE, CK_NOTHING, CK_NOTHING)
#undef CK_FUSABLE
    default: finish_with(t, sums, integers, CK_FUNCTION_IDENTITY);
  }
}
