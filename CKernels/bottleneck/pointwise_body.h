// A 1x1 convolution of blocked rows over any f32_<isa>.h, for sums so short that the start and the end of a tile count.
#include "kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#if F32V_LANES > 1

// Pixels of a tile: with two blocks of channels the sums, two weights and an input fill the registers.
enum {
#if F32V_LANES == 16
  tile = 14,
#elif defined(__aarch64__)
  tile = 12,
#else
  tile = 6,
#endif
};

typedef struct pointwise_plan {
  size_t k;
  const float *weights;
  size_t x_block, w_row, y_block;
  f32v bias[2], low, high;
} pointwise_plan;

ALWAYS_INLINE void multiply(const int pixels, const int vectors, const float *x, const float *w, f32v sum[tile][2]) {
  f32v weight[2];
  UNROLL for (int v = 0; v < vectors; ++v) weight[v] = f32v_load(w + v * F32V_LANES);
  UNROLL for (int m = 0; m < pixels; ++m) {
    f32v a = f32v_set1(x[m * F32V_LANES]);
    UNROLL for (int v = 0; v < vectors; ++v) sum[m][v] = f32v_fma(a, weight[v], sum[m][v]);
  }
}

ALWAYS_INLINE void pointwise_tile(const int pixels, const int vectors, const int adds, const pointwise_plan *plan, const float *x,
                                  const float *residual, float *y) {
  f32v sum[tile][2];
  UNROLL for (int m = 0; m < pixels; ++m) { UNROLL for (int v = 0; v < vectors; ++v) sum[m][v] = plan->bias[v]; }
  const float *w = plan->weights;
  const size_t w_row = plan->w_row;
  size_t k = plan->k;
  for (; k >= F32V_LANES; k -= F32V_LANES, x += plan->x_block - F32V_LANES) {
#pragma clang loop unroll_count(4)
    for (int i = 0; i < F32V_LANES; ++i, ++x, w += w_row) multiply(pixels, vectors, x, w, sum);
  }
#pragma clang loop unroll(disable)
  for (; k > 0; --k, ++x, w += w_row) multiply(pixels, vectors, x, w, sum);
  UNROLL for (int v = 0; v < vectors; ++v) {
    UNROLL for (int m = 0; m < pixels; ++m) {
      const size_t at = (size_t)v * plan->y_block + (size_t)m * F32V_LANES;
      f32v s = sum[m][v];
      if (adds) s = f32v_add(s, f32v_load(residual + at));
      f32v_store(y + at, f32v_min(plan->high, f32v_max(plan->low, s)));
    }
  }
}

// The last tile is moved left to be whole.
ALWAYS_INLINE void pointwise_row(const int vectors, const int adds, size_t pixels, const pointwise_plan *plan, const float *x,
                                 const float *residual, float *y) {
  if (pixels < tile) {
    for (size_t p = 0; p < pixels; ++p) {
      const size_t at = p * F32V_LANES;
      pointwise_tile(1, vectors, adds, plan, x + at, adds ? residual + at : NULL, y + at);
    }
    return;
  }
  for (size_t p = 0; p < pixels; p += tile) {
    const size_t at = (pixels - p < tile ? pixels - tile : p) * F32V_LANES;
    pointwise_tile(tile, vectors, adds, plan, x + at, adds ? residual + at : NULL, y + at);
  }
}

static void CK_FN(f32_pointwise_row)(size_t c, size_t pixels, size_t k, const float *x, size_t x_block, const float *weights,
                                     size_t w_row, size_t vectors, const float *bias, const float *residual, float low,
                                     float high, float *y, size_t y_block) {
  (void)c;
  pointwise_plan plan = {.k = k,
                         .weights = weights,
                         .x_block = x_block,
                         .w_row = w_row,
                         .y_block = y_block,
                         .low = f32v_set1(low),
                         .high = f32v_set1(high)};
  for (size_t v = 0; v < 2; ++v) plan.bias[v] = bias && v < vectors ? f32v_load(bias + v * F32V_LANES) : f32v_set1(0);
  if (vectors == 2 && residual) pointwise_row(2, 1, pixels, &plan, x, residual, y);
  else if (vectors == 2) pointwise_row(2, 0, pixels, &plan, x, NULL, y);
  else if (residual) pointwise_row(1, 1, pixels, &plan, x, residual, y);
  else pointwise_row(1, 0, pixels, &plan, x, NULL, y);
}

#else

static void CK_FN(f32_pointwise_row)(size_t c, size_t pixels, size_t k, const float *x, size_t x_block, const float *weights,
                                     size_t w_row, size_t vectors, const float *bias, const float *residual, float low,
                                     float high, float *y, size_t y_block) {
  enum { most_channels = 64 };
  for (size_t p = 0; p < pixels; ++p) {
    float sum[most_channels];
    const size_t channels = vectors * c < most_channels ? vectors * c : most_channels;
    for (size_t n = 0; n < channels; ++n) sum[n] = bias ? bias[n] : 0;
    for (size_t i = 0; i < k; ++i) {
      const float a = x[i / c * x_block + p * c + i % c], *w = weights + i * w_row;
      for (size_t n = 0; n < channels; ++n) sum[n] = f32v_fma(a, w[n], sum[n]);
    }
    for (size_t n = 0; n < channels; ++n) {
      const size_t at = n / c * y_block + p * c + n % c;
      y[at] = f32v_min(high, f32v_max(low, residual ? sum[n] + residual[at] : sum[n]));
    }
  }
}

#endif

const ck_bottleneck_kernels CK_FN(bottleneck) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "bottleneck.inc"
#undef CK_KERNEL
};
