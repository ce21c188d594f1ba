// Reductions of the other number types, as plain loops that the compiler vectorizes for the level of the including file.

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpass-failed"

// Elements that are summed side by side: several vectors, to hide the latency of an addition.
enum { typed_lanes = 32, typed_columns = 64 };

// `total` after `v`; a NaN in either stays.
#define TYPED_JOIN(kind, total, v)                                            \
  ((kind) == CK_REDUCE_MAX    ? ((v) > (total) || (v) != (v) ? (v) : (total)) \
   : (kind) == CK_REDUCE_MIN  ? ((v) < (total) || (v) != (v) ? (v) : (total)) \
   : (kind) == CK_REDUCE_PROD ? (total) * (v)                                 \
                              : (total) + (v))

// `wide` holds the sums; products and sums of integers wrap, which signed overflow of the unsigned type does.
#define TYPED_REDUCTIONS(name, type, wide, sum, least, greatest)                                                                 \
  ALWAYS_INLINE wide name##_start(ck_reduce_kind kind) {                                                                         \
    return kind == CK_REDUCE_MAX ? (wide)least : kind == CK_REDUCE_MIN ? (wide)greatest : kind == CK_REDUCE_PROD ? 1 : 0;        \
  }                                                                                                                              \
  ALWAYS_INLINE wide name##_step(ck_reduce_kind kind, wide total, type x) {                                                      \
    wide v = (wide)x;                                                                                                            \
    if (kind == CK_REDUCE_MAX || kind == CK_REDUCE_MIN) return TYPED_JOIN(kind, total, v);                                       \
    if (kind == CK_REDUCE_PROD) return (wide)((sum)total * (sum)v);                                                              \
    if (kind == CK_REDUCE_SUM_SQUARE) return (wide)((sum)total + (sum)v * (sum)v);                                               \
    if (kind == CK_REDUCE_L1) return (wide)((sum)total + (v < 0 ? 0 - (sum)v : (sum)v));                                         \
    return (wide)((sum)total + (sum)v);                                                                                          \
  }                                                                                                                              \
  ALWAYS_INLINE wide name##_merge(ck_reduce_kind kind, wide a, wide b) {                                                         \
    if (kind == CK_REDUCE_MAX || kind == CK_REDUCE_MIN) return TYPED_JOIN(kind, a, b);                                           \
    return kind == CK_REDUCE_PROD ? (wide)((sum)a * (sum)b) : (wide)((sum)a + (sum)b);                                           \
  }                                                                                                                              \
  ALWAYS_INLINE wide name##_row_of(ck_reduce_kind kind, size_t n, const type *x) {                                               \
    wide lanes[typed_lanes], total = name##_start(kind);                                                                         \
    for (int k = 0; k < typed_lanes; ++k) lanes[k] = total;                                                                      \
    size_t i = 0;                                                                                                                \
    for (; i + typed_lanes <= n; i += typed_lanes)                                                                               \
      for (int k = 0; k < typed_lanes; ++k) lanes[k] = name##_step(kind, lanes[k], x[i + (size_t)k]);                            \
    for (; i < n; ++i) total = name##_step(kind, total, x[i]);                                                                   \
    for (int width = typed_lanes / 2; width > 0; width /= 2)                                                                     \
      for (int k = 0; k < width; ++k) lanes[k] = name##_merge(kind, lanes[k], lanes[k + width]);                                 \
    return name##_merge(kind, total, lanes[0]);                                                                                  \
  }                                                                                                                              \
  ALWAYS_INLINE void name##_columns_of(ck_reduce_kind kind, size_t n, size_t width, const type *x, size_t stride, wide *y) {     \
    size_t k = 0;                                                                                                                \
    for (; k + typed_columns <= width; k += typed_columns) {                                                                     \
      wide lanes[typed_columns];                                                                                                 \
      for (int j = 0; j < typed_columns; ++j) lanes[j] = name##_start(kind);                                                     \
      for (size_t i = 0; i < n; ++i)                                                                                             \
        for (int j = 0; j < typed_columns; ++j) lanes[j] = name##_step(kind, lanes[j], x[i * stride + k + (size_t)j]);           \
      for (int j = 0; j < typed_columns; ++j) y[k + (size_t)j] = lanes[j];                                                       \
    }                                                                                                                            \
    for (size_t j = k; j < width; ++j) y[j] = name##_start(kind);                                                                \
    for (size_t i = 0; k < width && i < n; ++i)                                                                                  \
      for (size_t j = k; j < width; ++j) y[j] = name##_step(kind, y[j], x[i * stride + j]);                                      \
  }                                                                                                                              \
  static wide CK_FN(name##_reduce_row)(ck_reduce_kind kind, size_t n, const type *x) {                                           \
    switch (kind) {                                                                                                              \
      case CK_REDUCE_MAX: return name##_row_of(CK_REDUCE_MAX, n, x);                                                             \
      case CK_REDUCE_MIN: return name##_row_of(CK_REDUCE_MIN, n, x);                                                             \
      case CK_REDUCE_PROD: return name##_row_of(CK_REDUCE_PROD, n, x);                                                           \
      case CK_REDUCE_SUM_SQUARE: return name##_row_of(CK_REDUCE_SUM_SQUARE, n, x);                                               \
      case CK_REDUCE_L1: return name##_row_of(CK_REDUCE_L1, n, x);                                                               \
      default: return name##_row_of(CK_REDUCE_SUM, n, x);                                                                        \
    }                                                                                                                            \
  }                                                                                                                              \
  static void CK_FN(name##_reduce_columns)(ck_reduce_kind kind, size_t n, size_t width, const type *x, size_t stride, wide *y) { \
    switch (kind) {                                                                                                              \
      case CK_REDUCE_MAX: name##_columns_of(CK_REDUCE_MAX, n, width, x, stride, y); return;                                      \
      case CK_REDUCE_MIN: name##_columns_of(CK_REDUCE_MIN, n, width, x, stride, y); return;                                      \
      case CK_REDUCE_PROD: name##_columns_of(CK_REDUCE_PROD, n, width, x, stride, y); return;                                    \
      case CK_REDUCE_SUM_SQUARE: name##_columns_of(CK_REDUCE_SUM_SQUARE, n, width, x, stride, y); return;                        \
      case CK_REDUCE_L1: name##_columns_of(CK_REDUCE_L1, n, width, x, stride, y); return;                                        \
      default: name##_columns_of(CK_REDUCE_SUM, n, width, x, stride, y); return;                                                 \
    }                                                                                                                            \
  }

TYPED_REDUCTIONS(f64, double, double, double, -INFINITY, INFINITY)
TYPED_REDUCTIONS(i32, int32_t, int64_t, uint64_t, INT32_MIN, INT32_MAX)
TYPED_REDUCTIONS(i64, int64_t, int64_t, uint64_t, INT64_MIN, INT64_MAX)
TYPED_REDUCTIONS(u8, uint8_t, int64_t, uint64_t, 0, UINT8_MAX)

#pragma clang diagnostic pop
