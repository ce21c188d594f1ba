// Resampling over any f32_<isa>.h.
#include "kernels.h"

static inline f32v column_at(size_t taps, const int32_t *index, const float *weight, size_t c, const float *x, size_t lanes) {
  f32v sum = f32v_set1(0);
  for (size_t k = 0; k < taps; ++k) {
    const float *from = x + (size_t)index[k] * c;
    f32v v = f32v_mul(f32v_set1(weight[k]), lanes == F32V_LANES ? f32v_load(from) : f32v_load_partial(from, lanes));
    sum = k ? f32v_add(sum, v) : v;
  }
  return sum;
}

static void CK_FN(f32_resize_columns)(size_t count, size_t c, size_t taps, const int32_t *index, const float *weight,
                                      const float *x, float *y) {
  for (size_t t = 0; t < count; ++t, index += taps, weight += taps, y += c) {
    if (c == 1) {
      float sum = weight[0] * x[index[0]];
      for (size_t k = 1; k < taps; ++k) sum += weight[k] * x[index[k]];
      *y = sum;
      continue;
    }
    size_t i = 0;
    for (; i + F32V_LANES <= c; i += F32V_LANES) f32v_store(y + i, column_at(taps, index, weight, c, x + i, F32V_LANES));
    if (i < c) f32v_store_partial(y + i, column_at(taps, index, weight, c, x + i, c - i), c - i);
  }
}

static void CK_FN(f32_resize_rows)(size_t n, size_t taps, const float *weight, const float *const *rows, float *y) {
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) {
    f32v sum = f32v_mul(f32v_set1(weight[0]), f32v_load(rows[0] + i));
    for (size_t k = 1; k < taps; ++k) sum = f32v_add(sum, f32v_mul(f32v_set1(weight[k]), f32v_load(rows[k] + i)));
    f32v_store(y + i, sum);
  }
  if (i < n) {
    f32v sum = f32v_mul(f32v_set1(weight[0]), f32v_load_partial(rows[0] + i, n - i));
    for (size_t k = 1; k < taps; ++k) sum = f32v_add(sum, f32v_mul(f32v_set1(weight[k]), f32v_load_partial(rows[k] + i, n - i)));
    f32v_store_partial(y + i, sum, n - i);
  }
}

const ck_resize_kernels CK_FN(resize) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "resize.inc"
#undef CK_KERNEL
};
