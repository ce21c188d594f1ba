// Functions of one number over any f32_<isa>.h.
#include "../simd/f32_functions.h"
#include "kernels.h"

#define MAP(NAME, expression)                       \
  case CK_FUNCTION_##NAME:                          \
    for (; i + F32V_LANES <= n; i += F32V_LANES) {  \
      f32v v = f32v_load(x + i);                    \
      f32v_store(y + i, expression);                \
    }                                               \
    if (i < n) {                                    \
      f32v v = f32v_load_partial(x + i, n - i);     \
      f32v_store_partial(y + i, expression, n - i); \
    }                                               \
    return;

static void CK_FN(f32_unary)(ck_function kind, float p0, float p1, size_t n, const float *x, float *y) {
  size_t i = 0;
  f32v a = f32v_set1(p0), b = f32v_set1(p1);
  switch (kind) {
    case CK_FUNCTION_IDENTITY:
      if (x != y) memmove(y, x, n * sizeof *y);
      return;
#define CK_FUSABLE(cost, NAME, name, vector, scalar) MAP(NAME, vector)
#define CK_VECTOR(cost, NAME, name, vector, scalar) MAP(NAME, vector)
      CK_FUNCTIONS(CK_FUSABLE, CK_VECTOR, CK_NOTHING)
#undef CK_FUSABLE
#undef CK_VECTOR
    default:
      for (; i < n; ++i) y[i] = ck_f32_unary_libm(kind, p0, x[i]);
      return;
  }
}

#undef MAP
