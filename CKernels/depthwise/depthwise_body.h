// Depthwise convolution over any f32_<isa>.h.
#include "kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

// Results computed together: the widths of the usual networks are multiples of 7, and 7 sums, 7 weights and an input fit 16 registers.
enum { tile = 7 };

typedef struct row_plan {
  const float *x, *weights;  // at the first row of the kernel that lies inside the input
  size_t taps;               // rows of the kernel inside
  size_t x_row, w_row, c;    // strides in floats
  f32v bias, low, high;
} row_plan;

// `count` results from input column `column` on; `first ..< last` are the columns of their windows that lie inside.
ALWAYS_INLINE void row_tile(const int kernel, const int stride, const int whole, const row_plan *plan, ptrdiff_t column, ptrdiff_t first,
                            ptrdiff_t last, float *y, size_t count) {
  f32v sum[tile];
  UNROLL for (int t = 0; t < tile; ++t) sum[t] = plan->bias;
  const float *x = plan->x + column * (ptrdiff_t)plan->c, *w = plan->weights;
  size_t c = plan->c;
  for (size_t r = 0; r < plan->taps; ++r, x += plan->x_row, w += plan->w_row) {
    f32v weight[7];
    UNROLL for (int k = 0; k < kernel; ++k) weight[k] = f32v_load(w + (size_t)k * c);
    UNROLL for (int j = 0; j < (tile - 1) * stride + kernel; ++j) {
      if (!whole && (j < first || j >= last)) continue;
      f32v v = f32v_load(x + (size_t)j * c);
      UNROLL for (int t = 0; t < tile; ++t) {
        if (j - t * stride >= 0 && j - t * stride < kernel) sum[t] = f32v_fma(v, weight[j - t * stride], sum[t]);
      }
    }
  }
  UNROLL for (int t = 0; t < tile; ++t) {
    if (whole || (size_t)t < count) f32v_store(y + (size_t)t * c, f32v_min(plan->high, f32v_max(plan->low, sum[t])));
  }
}

ALWAYS_INLINE void square_kernel(const int kernel, const int stride, const ck_depthwise_shape *s, size_t row_begin, size_t row_end,
                                 const float *x, const float *weights, const float *bias, float *y, float low, float high) {
  size_t c = s->c;
  row_plan plan = {.x_row = s->in_w * c, .w_row = (size_t)kernel * c, .c = c, .bias = f32v_set1(0), .low = f32v_set1(low),
                   .high = f32v_set1(high)};
  ptrdiff_t in_h = (ptrdiff_t)s->in_h, in_w = (ptrdiff_t)s->in_w, reach = (tile - 1) * stride + kernel;
  for (size_t row = row_begin; row < row_end; ++row, y += s->out_w * c) {
    ptrdiff_t top = (ptrdiff_t)row * stride - (ptrdiff_t)s->pad_top;
    ptrdiff_t begin = top < 0 ? -top : 0, end = in_h - top < kernel ? in_h - top : kernel;
    plan.taps = end > begin ? (size_t)(end - begin) : 0;
    for (size_t lane = 0; lane < c; lane += F32V_LANES) {
      plan.x = x + (plan.taps ? (size_t)(top + begin) * plan.x_row : 0) + lane;
      plan.weights = weights + (plan.taps ? (size_t)begin * plan.w_row : 0) + lane;
      if (bias) plan.bias = f32v_load(bias + lane);
      for (size_t out = 0; out < s->out_w; out += tile) {
        ptrdiff_t column = (ptrdiff_t)(out * (size_t)stride) - (ptrdiff_t)s->pad_left;
        float *to = y + out * c + lane;
        if (column >= 0 && column + reach <= in_w && out + tile <= s->out_w)
          row_tile(kernel, stride, 1, &plan, column, 0, reach, to, tile);
        else
          row_tile(kernel, stride, 0, &plan, column, -column, in_w - column, to, s->out_w - out);
      }
    }
  }
}

// Positions i in 0 ..< kernel with 0 <= start + i * dilation < size, as begin and end.
ALWAYS_INLINE size_t taps_inside(ptrdiff_t start, size_t kernel, size_t dilation, size_t size, size_t *begin) {
  ptrdiff_t d = (ptrdiff_t)dilation, rest = (ptrdiff_t)size - start;
  size_t end = rest <= 0 ? 0 : (size_t)((rest + d - 1) / d);
  *begin = start < 0 ? (size_t)((-start + d - 1) / d) : 0;
  return end < kernel ? end : kernel;
}

// Any kernel, stride and dilation: four results at a time where no window leaves the input, one elsewhere.
static void any_kernel(const ck_depthwise_shape *s, size_t row_begin, size_t row_end, const float *x, const float *weights,
                       const float *bias, float *y, float low, float high) {
  size_t c = s->c, step = s->stride_w * c, reach = (s->kernel_w - 1) * s->dilation_w;
  f32v l = f32v_set1(low), h = f32v_set1(high);
  for (size_t row = row_begin; row < row_end; ++row, y += s->out_w * c) {
    size_t top, bottom, left, right;
    ptrdiff_t y0 = (ptrdiff_t)(row * s->stride_h) - (ptrdiff_t)s->pad_top;
    bottom = taps_inside(y0, s->kernel_h, s->dilation_h, s->in_h, &top);
    for (size_t lane = 0; lane < c; lane += F32V_LANES) {
      f32v b = bias ? f32v_load(bias + lane) : f32v_set1(0);
      for (size_t out = 0; out < s->out_w;) {
        ptrdiff_t x0 = (ptrdiff_t)(out * s->stride_w) - (ptrdiff_t)s->pad_left;
        float *to = y + out * c + lane;
        if (x0 >= 0 && out + 4 <= s->out_w && (size_t)x0 + 3 * s->stride_w + reach < s->in_w) {
          f32v sum0 = b, sum1 = b, sum2 = b, sum3 = b;
          for (size_t i = top; i < bottom; ++i) {
            const float *from = x + ((size_t)(y0 + (ptrdiff_t)(i * s->dilation_h)) * s->in_w + (size_t)x0) * c + lane;
            const float *w = weights + i * s->kernel_w * c + lane;
            for (size_t j = 0; j < s->kernel_w; ++j, from += s->dilation_w * c, w += c) {
              f32v weight = f32v_load(w);
              sum0 = f32v_fma(f32v_load(from), weight, sum0);
              sum1 = f32v_fma(f32v_load(from + step), weight, sum1);
              sum2 = f32v_fma(f32v_load(from + 2 * step), weight, sum2);
              sum3 = f32v_fma(f32v_load(from + 3 * step), weight, sum3);
            }
          }
          f32v_store(to, f32v_min(h, f32v_max(l, sum0)));
          f32v_store(to + c, f32v_min(h, f32v_max(l, sum1)));
          f32v_store(to + 2 * c, f32v_min(h, f32v_max(l, sum2)));
          f32v_store(to + 3 * c, f32v_min(h, f32v_max(l, sum3)));
          out += 4;
          continue;
        }
        right = taps_inside(x0, s->kernel_w, s->dilation_w, s->in_w, &left);
        f32v sum = b;
        for (size_t i = top; i < bottom; ++i) {
          const float *from = x + (size_t)(y0 + (ptrdiff_t)(i * s->dilation_h)) * s->in_w * c + lane;
          const float *w = weights + i * s->kernel_w * c + lane;
          for (size_t j = left; j < right; ++j)
            sum = f32v_fma(f32v_load(from + (size_t)(x0 + (ptrdiff_t)(j * s->dilation_w)) * c), f32v_load(w + j * c), sum);
        }
        f32v_store(to, f32v_min(h, f32v_max(l, sum)));
        ++out;
      }
    }
  }
}

#define SQUARE(kernel, stride) \
  case kernel * 4 + stride: square_kernel(kernel, stride, s, row_begin, row_end, x, weights, bias, y, low, high); return;

static void CK_FN(f32_depthwise_rows)(const ck_depthwise_shape *s, size_t row_begin, size_t row_end, const float *x, const float *weights,
                                      const float *bias, float *y, float low, float high) {
  int square = s->kernel_h == s->kernel_w && s->stride_h == s->stride_w && s->dilation_h == 1 && s->dilation_w == 1;
  if (square && s->kernel_w <= 7 && s->stride_w <= 2) {
    switch (s->kernel_w * 4 + s->stride_w) {
      SQUARE(3, 1)
      SQUARE(3, 2)
      SQUARE(5, 1)
      SQUARE(5, 2)
      SQUARE(7, 1)
      SQUARE(7, 2)
      default: break;
    }
  }
  any_kernel(s, row_begin, row_end, x, weights, bias, y, low, high);
}

const ck_depthwise_kernels CK_FN(depthwise) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "depthwise.inc"
#undef CK_KERNEL
};
