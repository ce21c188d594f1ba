/// Activations of vectors: the fusable functions. Included after simd/f32_<isa>.h.
#include "../simd/f32_functions.h"
#include "ckernels_epilogue.h"

CK_INLINE f32v activate(f32v v, const ck_activation *activation, const ck_function kind) {
  const f32v a = f32v_set1(activation->p0), b = f32v_set1(activation->p1);
  switch (kind) {
#define CK_FUSABLE(cost, NAME, name, vector, scalar) \
  case CK_FUNCTION_##NAME: return vector;
    CK_FUNCTIONS(CK_FUSABLE, CK_NOTHING, CK_NOTHING)
#undef CK_FUSABLE
    default: return v;
  }
}

/// Whether the function only cuts off: a minimum and a maximum are all there is to do.
CK_INLINE int ck_is_clamp(ck_function kind) {
  return kind == CK_FUNCTION_IDENTITY || kind == CK_FUNCTION_RELU || kind == CK_FUNCTION_CLIP;
}
