// Reductions over any f32_<isa>.h. Sums of a row are kept in lanes for `span` elements and in double precision beyond.
#include "../simd/f32_math.h"
#include "kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { span = 256 * F32V_LANES };

ALWAYS_INLINE float identity_of(ck_reduce_kind kind) {
  return kind == CK_REDUCE_MAX ? -INFINITY : kind == CK_REDUCE_MIN ? INFINITY : kind == CK_REDUCE_PROD ? 1.0f : 0.0f;
}

ALWAYS_INLINE f32v join(ck_reduce_kind kind, f32v total, f32v v) {
  switch (kind) {
    case CK_REDUCE_MAX: return f32v_max_nan(total, v);
    case CK_REDUCE_MIN: return f32v_min_nan(total, v);
    case CK_REDUCE_PROD: return f32v_mul(total, v);
    default: return f32v_add(total, v);
  }
}

ALWAYS_INLINE f32v accumulate(ck_reduce_kind kind, f32v total, f32v v) {
  switch (kind) {
    case CK_REDUCE_SUM_SQUARE: return f32v_fma(v, v, total);
    case CK_REDUCE_L1: return f32v_add(total, f32v_abs(v));
    default: return join(kind, total, v);
  }
}

ALWAYS_INLINE float join_lanes(ck_reduce_kind kind, f32v total) {
  if (kind == CK_REDUCE_MAX || kind == CK_REDUCE_MIN) {
    if (f32m_any(f32v_ne(total, total))) return NAN;
    return kind == CK_REDUCE_MAX ? f32v_max_lanes(total) : f32v_min_lanes(total);
  }
  if (kind != CK_REDUCE_PROD) return f32v_sum(total);
  float lanes[F32V_LANES], product = 1;
  f32v_store(lanes, total);
  for (int i = 0; i < F32V_LANES; ++i) product *= lanes[i];
  return product;
}

// One stretch with four accumulators, which hides the latency of the additions.
ALWAYS_INLINE float reduce_span(ck_reduce_kind kind, size_t n, const float *x) {
  f32v start = f32v_set1(identity_of(kind)), a = start, b = start, c = start, d = start;
  size_t i = 0;
  for (; i + 4 * F32V_LANES <= n; i += 4 * F32V_LANES) {
    a = accumulate(kind, a, f32v_load(x + i));
    b = accumulate(kind, b, f32v_load(x + i + F32V_LANES));
    c = accumulate(kind, c, f32v_load(x + i + 2 * F32V_LANES));
    d = accumulate(kind, d, f32v_load(x + i + 3 * F32V_LANES));
  }
  for (; i + F32V_LANES <= n; i += F32V_LANES) a = accumulate(kind, a, f32v_load(x + i));
  if (i < n) b = accumulate(kind, b, f32v_first_of(n - i, f32v_load_partial(x + i, n - i), start));
  return join_lanes(kind, join(kind, join(kind, a, b), join(kind, c, d)));
}

ALWAYS_INLINE float reduce_row(ck_reduce_kind kind, size_t n, const float *x) {
  if (n <= span || kind == CK_REDUCE_MAX || kind == CK_REDUCE_MIN || kind == CK_REDUCE_PROD) return reduce_span(kind, n, x);
  double total = 0;
  for (size_t i = 0; i < n; i += span) total += reduce_span(kind, n - i < span ? n - i : span, x + i);
  return (float)total;
}

static float CK_FN(f32_reduce_row)(ck_reduce_kind kind, size_t n, const float *x) {
  switch (kind) {
    case CK_REDUCE_MAX: return reduce_row(CK_REDUCE_MAX, n, x);
    case CK_REDUCE_MIN: return reduce_row(CK_REDUCE_MIN, n, x);
    case CK_REDUCE_PROD: return reduce_row(CK_REDUCE_PROD, n, x);
    case CK_REDUCE_SUM_SQUARE: return reduce_row(CK_REDUCE_SUM_SQUARE, n, x);
    case CK_REDUCE_L1: return reduce_row(CK_REDUCE_L1, n, x);
    default: return reduce_row(CK_REDUCE_SUM, n, x);
  }
}

// Four rows at a time, each into its own accumulator.
ALWAYS_INLINE void reduce_columns(ck_reduce_kind kind, size_t n, size_t width, const float *x, size_t stride, float *y) {
  for (size_t k = 0; k < width; k += F32V_LANES, x += F32V_LANES, y += F32V_LANES) {
    f32v start = f32v_set1(identity_of(kind)), a = start, b = start, c = start, d = start;
    size_t i = 0, lanes = width - k;
    if (lanes >= F32V_LANES) {
      for (; i + 4 <= n; i += 4) {
        a = accumulate(kind, a, f32v_load(x + i * stride));
        b = accumulate(kind, b, f32v_load(x + (i + 1) * stride));
        c = accumulate(kind, c, f32v_load(x + (i + 2) * stride));
        d = accumulate(kind, d, f32v_load(x + (i + 3) * stride));
      }
      for (; i < n; ++i) a = accumulate(kind, a, f32v_load(x + i * stride));
      f32v_store(y, join(kind, join(kind, a, b), join(kind, c, d)));
    } else {
      for (; i < n; ++i) a = accumulate(kind, a, f32v_load_partial(x + i * stride, lanes));
      f32v_store_partial(y, a, lanes);
    }
  }
}

static void CK_FN(f32_reduce_columns)(ck_reduce_kind kind, size_t n, size_t width, const float *x, size_t stride, float *y) {
  switch (kind) {
    case CK_REDUCE_MAX: reduce_columns(CK_REDUCE_MAX, n, width, x, stride, y); return;
    case CK_REDUCE_MIN: reduce_columns(CK_REDUCE_MIN, n, width, x, stride, y); return;
    case CK_REDUCE_PROD: reduce_columns(CK_REDUCE_PROD, n, width, x, stride, y); return;
    case CK_REDUCE_SUM_SQUARE: reduce_columns(CK_REDUCE_SUM_SQUARE, n, width, x, stride, y); return;
    case CK_REDUCE_L1: reduce_columns(CK_REDUCE_L1, n, width, x, stride, y); return;
    default: reduce_columns(CK_REDUCE_SUM, n, width, x, stride, y); return;
  }
}

static size_t CK_FN(f32_find)(size_t n, const float *x, float value, int last) {
  if (last) {
    for (size_t i = n; i-- > 0;)
      if (x[i] == value) return i;
    return n;
  }
  size_t i = 0;
  if (value == value) {
    f32v wanted = f32v_set1(value);
    while (i + F32V_LANES <= n && !f32m_any(f32v_eq(f32v_load(x + i), wanted))) i += F32V_LANES;
    while (i < n && x[i] != value) ++i;
  } else {
    while (i < n && x[i] == x[i]) ++i;
  }
  return i;
}
