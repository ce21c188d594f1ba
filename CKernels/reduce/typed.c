#include "kernels.h"

#include <math.h>

// The drivers of the number types other than float32. Rows are cut into parts, and columns into tiles, whatever the number of
// threads.
enum { long_row = 1 << 16, segments = 64, tile = 256, narrow = 32 };

// How partial results are joined.
static ck_reduce_kind join_kind(ck_reduce_kind kind) {
  return kind == CK_REDUCE_MAX || kind == CK_REDUCE_MIN || kind == CK_REDUCE_PROD ? kind : CK_REDUCE_SUM;
}

static double finish_double(ck_reduce_kind kind, size_t n, double x) {
  switch (kind) {
    case CK_REDUCE_MEAN: return x / (double)n;
    case CK_REDUCE_L2: return sqrt(x);
    case CK_REDUCE_LOG_SUM: return log(x);
    default: return x;
  }
}

static int64_t finish_integer(ck_reduce_kind kind, size_t n, int64_t x) {
  if (kind == CK_REDUCE_MEAN) return n ? x / (int64_t)n : 0;
  return x;
}

// Results beyond the type are its extremes, as in the reference.
static double f64_narrowed(double x) { return x; }
static int64_t i64_narrowed(int64_t x) { return x; }
static int32_t i32_narrowed(int64_t x) { return x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : (int32_t)x; }
static uint8_t u8_narrowed(int64_t x) { return x > UINT8_MAX ? UINT8_MAX : x < 0 ? 0 : (uint8_t)x; }

// `wide_name` names the kernels that join sums, which are of type `wide`.
#define REDUCE(name, wide_name, type, wide, finish)                                                                          \
  static wide name##_long_row(const ck_reduce_kernels *kernels, ck_reduce_kind kind, size_t n, const type *x, int threads) { \
    wide partial[segments];                                                                                                  \
    int team = ck_team(threads, n, 1 << 15);                                                                                 \
    CK_PARALLEL(part, team, {                                                                                                \
      for (size_t s = ck_part(segments, team, part), end = ck_part(segments, team, part + 1); s < end; ++s) {                \
        size_t begin = ck_part(n, segments, (int)s);                                                                         \
        partial[s] = kernels->name##_reduce_row(kind, ck_part(n, segments, (int)s + 1) - begin, x + begin);                  \
      }                                                                                                                      \
    });                                                                                                                      \
    return kernels->wide_name##_reduce_row(join_kind(kind), segments, partial);                                              \
  }                                                                                                                          \
  /* Few columns: rows joined side by side make wide ones. */                                                                \
  static void name##_narrow(const ck_reduce_kernels *kernels, ck_reduce_kind kind, size_t n, size_t width, const type *x,    \
                            wide *y) {                                                                                       \
    wide partial[tile + narrow];                                                                                             \
    const size_t side = tile / width, rows = n / side, rest = n % side;                                                      \
    kernels->name##_reduce_columns(kind, rows, side *width, x, side *width, partial);                                        \
    kernels->name##_reduce_columns(kind, rest, width, x + rows * side * width, width, partial + side * width);               \
    kernels->wide_name##_reduce_columns(join_kind(kind), side + 1, width, partial, width, y);                                \
  }                                                                                                                          \
  static void name##_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const type *x, type *y, \
                            int threads) {                                                                                   \
    const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);                                                           \
    const ck_reduce_kind sum_kind = kind == CK_REDUCE_L2 ? CK_REDUCE_SUM_SQUARE : kind;                                      \
    if (inner == 1 && n >= long_row) {                                                                                       \
      for (size_t o = 0; o < outer; ++o)                                                                                     \
        y[o] = name##_narrowed(finish(kind, n, name##_long_row(kernels, sum_kind, n, x + o * n, threads)));                  \
      return;                                                                                                                \
    }                                                                                                                        \
    int team = ck_team(threads, outer * n * inner, 1 << 15);                                                                 \
    size_t tiles = (inner + tile - 1) / tile, total = outer * tiles;                                                         \
    CK_PARALLEL(part, team, {                                                                                                \
      for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {                      \
        wide sums[tile];                                                                                                     \
        size_t o = k / tiles, first = k % tiles * tile, width = inner - first < tile ? inner - first : tile;                 \
        const type *from = x + o * n * inner + first;                                                                        \
        if (inner == 1) sums[0] = kernels->name##_reduce_row(sum_kind, n, from);                                             \
        else if (inner <= narrow && n >= 2 * tile) name##_narrow(kernels, sum_kind, n, inner, from, sums);                   \
        else kernels->name##_reduce_columns(sum_kind, n, width, from, inner, sums);                                          \
        for (size_t i = 0; i < width; ++i) y[o * inner + first + i] = name##_narrowed(finish(kind, n, sums[i]));             \
      }                                                                                                                      \
    });                                                                                                                      \
  }

REDUCE(f64, f64, double, double, finish_double)
REDUCE(i32, i64, int32_t, int64_t, finish_integer)
REDUCE(i64, i64, int64_t, int64_t, finish_integer)
REDUCE(u8, i64, uint8_t, int64_t, finish_integer)

static double log_sum_exp(size_t n, size_t stride, const double *x) {
  double top = -INFINITY, total = 0;
  for (size_t i = 0; i < n; ++i) top = !(x[i * stride] <= top) ? x[i * stride] : top;
  if (isinf(top)) return top;
  for (size_t i = 0; i < n; ++i) total += exp(x[i * stride] - top);
  return top + log(total);
}

void ck_f64_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const double *x, double *y,
                   int threads) {
  if (kind != CK_REDUCE_LOG_SUM_EXP) {
    f64_reduce(isa, kind, outer, n, inner, x, y, threads);
    return;
  }
  size_t total = outer * inner;
  int team = ck_team(threads, total * n, 1 << 12);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k)
      y[k] = log_sum_exp(n, inner, x + k / inner * n * inner + k % inner);
  });
}

void ck_i32_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const int32_t *x, int32_t *y,
                   int threads) {
  i32_reduce(isa, kind, outer, n, inner, x, y, threads);
}

void ck_i64_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const int64_t *x, int64_t *y,
                   int threads) {
  i64_reduce(isa, kind, outer, n, inner, x, y, threads);
}

void ck_u8_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const uint8_t *x, uint8_t *y,
                  int threads) {
  u8_reduce(isa, kind, outer, n, inner, x, y, threads);
}
