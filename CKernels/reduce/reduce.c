#include "kernels.h"

#include <math.h>

// A row longer than this is always reduced in `segments` parts, so that the parts can go to different threads.
enum { long_row = 1 << 16, segments = 64 };

static float long_row_of(const ck_reduce_kernels *kernels, ck_reduce_kind kind, size_t n, const float *x, int threads) {
  float partial[segments];
  int team = ck_team(threads, n, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t s = ck_part(segments, team, part), end = ck_part(segments, team, part + 1); s < end; ++s) {
      size_t begin = ck_part(n, segments, (int)s);
      partial[s] = kernels->f32_reduce_row(kind, ck_part(n, segments, (int)s + 1) - begin, x + begin);
    }
  });
  if (kind == CK_REDUCE_MAX || kind == CK_REDUCE_MIN || kind == CK_REDUCE_PROD)
    return kernels->f32_reduce_row(kind, segments, partial);
  double total = 0;
  for (int s = 0; s < segments; ++s) total += partial[s];
  return (float)total;
}

static void finish(ck_reduce_kind kind, size_t n, size_t count, float *y) {
  switch (kind) {
    case CK_REDUCE_MEAN:
      for (size_t i = 0; i < count; ++i) y[i] = y[i] / (float)n;
      return;
    case CK_REDUCE_L2:
      for (size_t i = 0; i < count; ++i) y[i] = sqrtf(y[i]);
      return;
    case CK_REDUCE_LOG_SUM:
      for (size_t i = 0; i < count; ++i) y[i] = logf(y[i]);
      return;
    default: return;
  }
}

static float log_sum_exp(const ck_reduce_kernels *kernels, size_t n, size_t stride, const float *x) {
  if (stride == 1) {
    float top = kernels->f32_reduce_row(CK_REDUCE_MAX, n, x);
    return isinf(top) ? top : top + logf(kernels->f32_sum_exp(n, x, top));
  }
  float top = -INFINITY;
  for (size_t i = 0; i < n; ++i) top = !(x[i * stride] <= top) ? x[i * stride] : top;
  if (isinf(top)) return top;
  double total = 0;
  for (size_t i = 0; i < n; ++i) total += expf(x[i * stride] - top);
  return top + (float)log(total);
}

// Few columns: rows joined side by side make wide ones.
enum { narrow = 32, joined = 256 };

static void narrow_columns(const ck_reduce_kernels *kernels, ck_reduce_kind kind, size_t n, size_t width, const float *x,
                           float *y) {
  float partial[joined + narrow];
  const size_t side = joined / width, rows = n / side, rest = n % side;
  const ck_reduce_kind join = kind == CK_REDUCE_MAX || kind == CK_REDUCE_MIN || kind == CK_REDUCE_PROD ? kind : CK_REDUCE_SUM;
  kernels->f32_reduce_columns(kind, rows, side * width, x, side * width, partial);
  kernels->f32_reduce_columns(kind, rest, width, x + rows * side * width, width, partial + side * width);
  kernels->f32_reduce_columns(join, side + 1, width, partial, width, y);
}

void ck_f32_reduce(uint32_t isa, ck_reduce_kind kind, size_t outer, size_t n, size_t inner, const float *x, float *y,
                   int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  ck_reduce_kind sum_kind = kind == CK_REDUCE_L2 ? CK_REDUCE_SUM_SQUARE : kind;
  int team = ck_team(threads, outer * n * inner, 1 << 15);
  if (kind == CK_REDUCE_LOG_SUM_EXP) {
    size_t total = outer * inner;
    CK_PARALLEL(part, team, {
      for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k)
        y[k] = log_sum_exp(kernels, n, inner, x + k / inner * n * inner + k % inner);
    });
    return;
  }
  if (inner == 1 && n >= long_row) {
    for (size_t o = 0; o < outer; ++o) y[o] = long_row_of(kernels, sum_kind, n, x + o * n, threads);
  } else if (inner == 1) {
    CK_PARALLEL(part, team, {
      for (size_t o = ck_part(outer, team, part), end = ck_part(outer, team, part + 1); o < end; ++o)
        y[o] = kernels->f32_reduce_row(sum_kind, n, x + o * n);
    });
  } else {
    // Columns in tiles of 256, so that a single outer position is divided as well.
    size_t tiles = (inner + 255) / 256, total = outer * tiles;
    CK_PARALLEL(part, team, {
      for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
        size_t o = k / tiles, first = k % tiles * 256, width = inner - first < 256 ? inner - first : 256;
        if (inner <= narrow && n >= 2 * joined) narrow_columns(kernels, sum_kind, n, inner, x + o * n * inner, y + o * inner);
        else kernels->f32_reduce_columns(sum_kind, n, width, x + o * n * inner + first, inner, y + o * inner + first);
      }
    });
  }
  finish(kind, n, outer * inner, y);
}

void ck_f32_global_pool_blocked(uint32_t isa, ck_reduce_kind kind, size_t blocks, size_t spatial, size_t c, const float *x,
                                float *y, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  int team = ck_team(threads, blocks * spatial * c, 1 << 14);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(blocks, team, part), end = ck_part(blocks, team, part + 1); k < end; ++k)
      kernels->f32_reduce_columns(kind, spatial, c, x + k * spatial * c, c, y + k * c);
  });
  finish(kind, spatial, blocks * c, y);
}

static void store_index(void *y, size_t index_bytes, size_t at, size_t index) {
  if (index_bytes == 4) ((int32_t *)y)[at] = (int32_t)index;
  else ((int64_t *)y)[at] = (int64_t)index;
}

// Whether `v` replaces the best so far.
static int wins(float v, float best, int least, int last) {
  if (best != best) return 0;
  if (v != v) return 1;
  return least ? (last ? v <= best : v < best) : (last ? v >= best : v > best);
}

void ck_f32_arg_reduce(uint32_t isa, int least, int last, size_t outer, size_t n, size_t inner, const float *x, void *y,
                       size_t index_bytes, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  int team = ck_team(threads, outer * n * inner, 1 << 14);
  enum { tile = 64 };
  size_t tiles = (inner + tile - 1) / tile, total = outer * tiles;
  CK_PARALLEL(part, team, {
    for (size_t t = ck_part(total, team, part), end = ck_part(total, team, part + 1); t < end; ++t) {
      size_t o = t / tiles, first = t % tiles * tile, width = inner - first < tile ? inner - first : tile;
      const float *from = x + o * n * inner + first;
      if (inner == 1) {
        float best = kernels->f32_reduce_row(least ? CK_REDUCE_MIN : CK_REDUCE_MAX, n, from);
        store_index(y, index_bytes, o, kernels->f32_find(n, from, best, last && best == best));
        continue;
      }
      float best[tile];
      size_t index[tile];
      for (size_t k = 0; k < width; ++k) {
        best[k] = from[k];
        index[k] = 0;
      }
      for (size_t i = 1; i < n; ++i)
        for (size_t k = 0; k < width; ++k)
          if (wins(from[i * inner + k], best[k], least, last)) {
            best[k] = from[i * inner + k];
            index[k] = i;
          }
      for (size_t k = 0; k < width; ++k) store_index(y, index_bytes, o * inner + first + k, index[k]);
    }
  });
}

void ck_f32_cumsum(int exclusive, int reverse, size_t outer, size_t n, size_t inner, const float *x, float *y, int threads) {
  int team = ck_team(threads, outer * n * inner, 1 << 15);
  size_t total = outer * inner;
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t base = k / inner * n * inner + k % inner;
      float sum = 0;
      for (size_t i = 0; i < n; ++i) {
        size_t at = base + (reverse ? n - 1 - i : i) * inner;
        float next = sum + x[at];
        y[at] = exclusive ? sum : next;
        sum = next;
      }
    }
  });
}
