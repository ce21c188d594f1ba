// Resampling over any f32_<isa>.h.
#include "kernels.h"

#include "../isa/isa.h"

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

// The elements of a window of one vector, or of two, that `index` names.
CK_INLINE f32v window_at(f32v first, f32v second, const int32_t *index, const int wide) {
  i32v lanes;
  memcpy(&lanes, index, sizeof lanes);
  const f32v near = f32v_permute(first, lanes);
  if (!wide) return near;
  const f32m is_near = f32v_lt(i32v_to_f32(lanes), f32v_set1(F32V_LANES));
  return f32v_select(is_near, near, f32v_permute(second, i32v_sub(lanes, i32v_set1(F32V_LANES))));
}

CK_INLINE void pairs(const ck_column_pairs *p, const float *x, float *y, const int wide) {
  const size_t reach = wide ? 2 * F32V_LANES : F32V_LANES;
  for (size_t t = 0; t < p->count; t += F32V_LANES) {
    const size_t base = (size_t)p->base[t / F32V_LANES], left = p->in - base;
    f32v first, second = f32v_set1(0);
    if (left >= reach) {
      first = f32v_load(x + base);
      if (wide) second = f32v_load(x + base + F32V_LANES);
    } else {
      first = f32v_load_partial(x + base, left < F32V_LANES ? left : F32V_LANES);
      if (wide && left > F32V_LANES) second = f32v_load_partial(x + base + F32V_LANES, left - F32V_LANES);
    }
    const f32v a = f32v_mul(f32v_load(p->weight[0] + t), window_at(first, second, p->index[0] + t, wide));
    const f32v sum = f32v_add(a, f32v_mul(f32v_load(p->weight[1] + t), window_at(first, second, p->index[1] + t, wide)));
    if (p->count - t >= F32V_LANES) f32v_store(y + t, sum);
    else f32v_store_partial(y + t, sum, p->count - t);
  }
}

static void CK_FN(f32_resize_pairs)(const ck_column_pairs *p, const float *x, float *y) {
#if F32V_LANES > 1
  if (p->is_wide) pairs(p, x, y, 1);
  else pairs(p, x, y, 0);
#else
  for (size_t t = 0; t < p->count; ++t) {
    const float *window = x + p->base[t];
    y[t] = p->weight[0][t] * window[p->index[0][t]] + p->weight[1][t] * window[p->index[1][t]];
  }
#endif
}

static void CK_FN(f32_roi_means)(const ck_bin_taps *rows, const ck_bin_taps *columns, size_t width, size_t c, float scale,
                                 const float *x, float *y) {
  for (size_t i = 0; i < rows->bins; ++i)
    for (size_t j = 0; j < columns->bins; ++j)
      for (size_t lane = 0; lane < c; lane += F32V_LANES, y += F32V_LANES) {
        f32v sum = f32v_set1(0);
        for (size_t a = rows->starts[i]; a < rows->starts[i + 1]; ++a) {
          const float *row = x + (size_t)rows->pixels[a] * width * c + lane;
          f32v part = f32v_set1(0);
          for (size_t b = columns->starts[j]; b < columns->starts[j + 1]; ++b)
            part = f32v_fma(f32v_set1(columns->weights[b]), f32v_load(row + (size_t)columns->pixels[b] * c), part);
          sum = f32v_fma(f32v_set1(rows->weights[a]), part, sum);
        }
        f32v_store(y, f32v_mul(sum, f32v_set1(scale)));
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
