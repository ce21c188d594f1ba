#include "../elementwise/kernels.h"
#include "kernels.h"

#include <math.h>
#include <string.h>

// Rows are worth a thread from this many elements on; they are several passes over cached data.
enum { grain = 1 << 13 };

// Rows shorter than a vector leave most lanes idle; turned, a lane takes a row each.
enum { short_row = 16, rows_together = 16 };

static void softmax_short_rows(const ck_reduce_kernels *kernels, int logarithm, size_t rows, size_t n, const float *x, float *y) {
  float turned[short_row * rows_together];
  for (size_t r = 0; r < rows; r += rows_together, x += rows_together * n, y += rows_together * n) {
    const size_t count = rows - r < rows_together ? rows - r : rows_together;
    for (size_t i = 0; i < count; ++i)
      for (size_t k = 0; k < n; ++k) turned[k * rows_together + i] = x[i * n + k];
    kernels->f32_softmax_columns(logarithm, n, count, turned, rows_together, turned);
    for (size_t i = 0; i < count; ++i)
      for (size_t k = 0; k < n; ++k) y[i * n + k] = turned[k * rows_together + i];
  }
}

void ck_f32_softmax(uint32_t isa, int logarithm, size_t outer, size_t n, size_t inner, const float *x, float *y, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  int team = ck_team(threads, outer * n * inner, grain);
  if (inner == 1 && n > 0 && n <= short_row) {
    CK_PARALLEL(part, team, {
      size_t first = ck_part(outer, team, part), end = ck_part(outer, team, part + 1);
      softmax_short_rows(kernels, logarithm, end - first, n, x + first * n, y + first * n);
    });
    return;
  }
  enum { tile = 64 };
  size_t tiles = (inner + tile - 1) / tile, total = outer * tiles;
  CK_PARALLEL(part, team, {
    for (size_t t = ck_part(total, team, part), end = ck_part(total, team, part + 1); t < end; ++t) {
      size_t at = t / tiles * n * inner + t % tiles * tile, width = inner - t % tiles * tile;
      if (inner > 1) kernels->f32_softmax_columns(logarithm, n, width < tile ? width : tile, x + at, inner, y + at);
      else if (logarithm) kernels->f32_log_softmax_row(n, x + at, y + at);
      else kernels->f32_softmax_row(n, x + at, 1, NULL, 0, y + at);
    }
  });
}

void ck_f32_softmax_masked(uint32_t isa, size_t rows, size_t n, float scale, const float *x, const float *mask, size_t mask_rows,
                           size_t mask_repeat, float *y, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  int team = ck_team(threads, rows * n, grain);
  CK_PARALLEL(part, team, {
    for (size_t r = ck_part(rows, team, part), end = ck_part(rows, team, part + 1); r < end; ++r)
      kernels->f32_softmax_row(n, x + r * n, scale, mask ? mask + r / mask_repeat % mask_rows * n : NULL, 1, y + r * n);
  });
}

// The row to normalize: x itself, or x + residual, written where the caller wants the sum or else into the result.
static const float *row_input(const ck_reduce_kernels *kernels, size_t n, const float *x, const float *residual, float *y,
                              float *sum) {
  float *into = sum ? sum : y;
  if (residual) kernels->f32_add_rows(n, x, residual, into);
  else if (sum && sum != x) memcpy(sum, x, n * sizeof *x);
  return residual ? into : x;
}

void ck_f32_layer_norm(uint32_t isa, size_t rows, size_t n, float epsilon, const float *x, const float *residual,
                       const float *gamma, const float *beta, float *y, float *sum, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  int team = ck_team(threads, rows * n, grain);
  CK_PARALLEL(part, team, {
    for (size_t r = ck_part(rows, team, part), end = ck_part(rows, team, part + 1); r < end; ++r) {
      size_t at = r * n;
      const float *v = row_input(kernels, n, x + at, residual ? residual + at : NULL, y + at, sum ? sum + at : NULL);
      float mean, variance;
      kernels->f32_moments(n, v, &mean, &variance);
      kernels->f32_normalize_row(n, v, mean, 1 / sqrtf(variance + epsilon), gamma, beta, y + at);
    }
  });
}

void ck_f32_rms_norm(uint32_t isa, size_t rows, size_t n, float epsilon, const float *x, const float *residual,
                     const float *gamma, float *y, float *sum, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  int team = ck_team(threads, rows * n, grain);
  CK_PARALLEL(part, team, {
    for (size_t r = ck_part(rows, team, part), end = ck_part(rows, team, part + 1); r < end; ++r) {
      size_t at = r * n;
      const float *v = row_input(kernels, n, x + at, residual ? residual + at : NULL, y + at, sum ? sum + at : NULL);
      float squares = kernels->f32_reduce_row(CK_REDUCE_SUM_SQUARE, n, v);
      kernels->f32_normalize_row(n, v, 0, 1 / sqrtf(squares / (float)n + epsilon), gamma, NULL, y + at);
    }
  });
}

void ck_f32_layer_norm_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, float epsilon, const float *x,
                               const float *gamma, const float *beta, int to_rows, float *y, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  const size_t blocks = (channels + c - 1) / c, pixels = n * spatial;
  int team = ck_team(threads, pixels * channels, grain);
  CK_PARALLEL(part, team, {
    size_t p = ck_part(pixels, team, part), end = ck_part(pixels, team, part + 1);
    while (p < end) {
      size_t image = p / spatial, at = p % spatial, take = spatial - at < end - p ? spatial - at : end - p;
      size_t from = image * blocks * spatial * c + at * c, to = to_rows ? p * channels : from;
      kernels->f32_normalize_pixels(take, channels, c, epsilon, x + from, c, spatial * c, gamma, beta, y + to,
                                    to_rows ? channels : c, to_rows ? c : spatial * c);
      p += take;
    }
  });
}

void ck_f32_group_norm(uint32_t isa, size_t n, size_t channels, size_t groups, size_t spatial, float epsilon, const float *x,
                       const float *gamma, const float *beta, float *y, int threads) {
  const ck_reduce_kernels *kernels = CK_BEST_LEVEL(reduce, isa);
  const ck_elementwise_kernels *elementwise = CK_BEST_LEVEL(elementwise, isa);
  size_t each = channels / groups, total = n * groups;
  int team = ck_team(threads, total * each * spatial, grain);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      float mean, variance;
      kernels->f32_moments(each * spatial, x + k * each * spatial, &mean, &variance);
      float factor = 1 / sqrtf(variance + epsilon);
      for (size_t i = 0; i < each; ++i) {
        size_t channel = k % groups * each + i, at = (k * each + i) * spatial;
        float scale = gamma ? factor * gamma[channel] : factor, shift = (beta ? beta[channel] : 0) - mean * scale;
        elementwise->f32_unary(CK_FUNCTION_AFFINE, scale, shift, spatial, x + at, y + at);
      }
    }
  });
}
