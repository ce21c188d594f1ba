// The register tile of depthwise convolutions with square windows: `tile` results of a row, or of two neighboring rows, at a
// time. Every result adds its taps row by row, left to right, whatever tile computes it. Included by depthwise_body.h.

enum {
  tile = 7,  // the widths of the usual networks are multiples of 7; 7 sums, 7 weights and an input fit 16 registers
// The largest window whose weights, and the sums of two rows, stay in registers.
#if F32V_LANES == 16 || defined(__aarch64__)
  pair_kernel = 5,
#else
  pair_kernel = 0,
#endif
};

typedef struct square_plan {
  const float *x, *weights;       // at the first tap of the tile's first result that lies inside, and its weights
  size_t taps;                    // rows of the window inside
  size_t x_row, w_row, y_row, c;  // strides in floats; c between weights
  size_t step;                    // from pixel to pixel
  f32v bias, low, high;
} square_plan;

ALWAYS_INLINE void store_tile(const square_plan *plan, const f32v *sum, float *y, size_t count) {
  UNROLL for (int t = 0; t < tile; ++t) {
    if ((size_t)t < count) f32v_store(y + (size_t)t * plan->step, f32v_min(plan->high, f32v_max(plan->low, sum[t])));
  }
}

// One row of the window for one row of results.
ALWAYS_INLINE void add_row(const int kernel, const int stride, const int left, const int right, const float *x, size_t step,
                           const f32v *weight, f32v *sum) {
  const int reach = (tile - 1) * stride + kernel;
  UNROLL for (int j = left; j < reach - right; ++j) {
    f32v v = f32v_load(x + (size_t)j * step);
    UNROLL for (int t = 0; t < tile; ++t) {
      if (j - t * stride >= 0 && j - t * stride < kernel) sum[t] = f32v_fma(v, weight[j - t * stride], sum[t]);
    }
  }
}

// Two rows of results from kernel + 1 rows that lie inside, each read once; stride 1.
ALWAYS_INLINE void pair_tile(const int kernel, const int left, const int right, const square_plan *plan, float *y) {
  const size_t c = plan->c, step = plan->step;
  const int reach = tile - 1 + kernel;
  f32v sum[2][tile];
  UNROLL for (int t = 0; t < tile; ++t) sum[0][t] = sum[1][t] = plan->bias;
  f32v weight[7][7];
  UNROLL for (int r = 0; r <= kernel; ++r) {
    const float *x = plan->x + (size_t)r * plan->x_row;
    if (r < kernel) {
      UNROLL for (int k = 0; k < kernel; ++k) weight[r][k] = f32v_load(plan->weights + (size_t)(r * kernel + k) * c);
    }
    UNROLL for (int j = left; j < reach - right; ++j) {
      f32v v = f32v_load(x + (size_t)j * step);
      UNROLL for (int t = 0; t < tile; ++t) {
        if (j - t >= 0 && j - t < kernel) {
          if (r < kernel) sum[0][t] = f32v_fma(v, weight[r][j - t], sum[0][t]);
          if (r > 0) sum[1][t] = f32v_fma(v, weight[r - 1][j - t], sum[1][t]);
        }
      }
    }
  }
  store_tile(plan, sum[0], y, tile);
  store_tile(plan, sum[1], y + plan->y_row, tile);
}

// A tile of which the `left` first and the `right` last columns of the windows lie outside.
ALWAYS_INLINE void square_tile(const int kernel, const int stride, const int left, const int right, const square_plan *plan,
                               float *y, int pair) {
  if (kernel <= pair_kernel && stride == 1 && pair) {
    pair_tile(kernel, left, right, plan, y);
    return;
  }
  f32v sum[tile];
  UNROLL for (int t = 0; t < tile; ++t) sum[t] = plan->bias;
  const float *x = plan->x, *w = plan->weights;
  for (size_t r = 0; r < plan->taps; ++r, x += plan->x_row, w += plan->w_row) {
    f32v weight[7];
    UNROLL for (int k = 0; k < kernel; ++k) weight[k] = f32v_load(w + (size_t)k * plan->c);
    add_row(kernel, stride, left, right, x, plan->step, weight, sum);
  }
  store_tile(plan, sum, y, tile);
}

// `count` results one by one; `first ..< last` are the columns, from the tile's first on, that lie inside.
static void narrow_tile(const int kernel, const int stride, const square_plan *plan, ptrdiff_t first, ptrdiff_t last, float *y,
                        size_t count, int pair) {
  for (int p = 0; p <= pair; ++p, y += plan->y_row) {
    for (size_t t = 0; t < count; ++t) {
      const ptrdiff_t start = (ptrdiff_t)t * stride;
      const ptrdiff_t begin = first - start > 0 ? first - start : 0, end = last - start < kernel ? last - start : kernel;
      f32v sum = plan->bias;
      for (size_t r = 0; r < plan->taps; ++r) {
        const float *x = plan->x + (size_t)(r + (size_t)p) * plan->x_row, *w = plan->weights + r * plan->w_row;
        for (ptrdiff_t k = begin; k < end; ++k)
          sum = f32v_fma(f32v_load(x + (start + k) * (ptrdiff_t)plan->step), f32v_load(w + (size_t)k * plan->c), sum);
      }
      f32v_store(y + t * plan->step, f32v_min(plan->high, f32v_max(plan->low, sum)));
    }
  }
}
