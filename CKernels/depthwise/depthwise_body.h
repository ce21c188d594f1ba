// Depthwise convolution over any f32_<isa>.h.
#include "kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

#include "square_tile.h"

// An image, or every so many pixels of one, and the results that come from it.
typedef struct square_image {
  size_t in_h, in_w, out_w, pad_top, pad_left, c;
  size_t x_row, y_row, step;  // floats from row to row and from pixel to pixel
} square_image;

// One kernel size and stride. Tiles at the left and right edge, and the few rows at the top and bottom, know what they lack; the
// last tile of a row is moved left to be whole, so that some results are computed twice.
ALWAYS_INLINE void square_rows(const int kernel, const int stride, const int edge, const square_image *s, size_t row_begin,
                               size_t row_end, const float *x, const float *weights, const float *bias, float *y, float low,
                               float high) {
  const size_t c = s->c, step = s->step, y_row = s->y_row;
  square_plan plan = {.x_row = s->x_row,
                      .w_row = (size_t)kernel * c,
                      .y_row = y_row,
                      .c = c,
                      .step = step,
                      .bias = f32v_set1(0),
                      .low = f32v_set1(low),
                      .high = f32v_set1(high)};
  const ptrdiff_t in_h = (ptrdiff_t)s->in_h, in_w = (ptrdiff_t)s->in_w, reach = (tile - 1) * stride + kernel;
  for (size_t row = row_begin; row < row_end;) {
    const ptrdiff_t top = (ptrdiff_t)row * stride - (ptrdiff_t)s->pad_top;
    const ptrdiff_t begin = top < 0 ? -top : 0, end = in_h - top < kernel ? in_h - top : kernel;
    plan.taps = end > begin ? (size_t)(end - begin) : 0;
    const int pair =
        kernel <= pair_kernel && stride == 1 && plan.taps == (size_t)kernel && row + 1 < row_end && top + kernel < in_h;
    for (size_t lane = 0; lane < c; lane += F32V_LANES) {
      const float *from = x + (plan.taps ? (size_t)(top + begin) * plan.x_row : 0) + lane;
      plan.weights = weights + (plan.taps ? (size_t)begin * plan.w_row : 0) + lane;
      if (bias) plan.bias = f32v_load(bias + lane);
      for (size_t done = 0; done < s->out_w; done += tile) {
        const size_t out = done + tile <= s->out_w || s->out_w < tile ? done : s->out_w - tile;
        const ptrdiff_t column = (ptrdiff_t)(out * (size_t)stride) - (ptrdiff_t)s->pad_left;
        const ptrdiff_t left = column < 0 ? -column : 0, over = column + reach - in_w, right = over > 0 ? over : 0;
        plan.x = from + column * (ptrdiff_t)step;
        float *to = y + out * step + lane;
        if (s->out_w < tile) narrow_tile(kernel, stride, &plan, -column, in_w - column, to, s->out_w, pair);
        else if (left == 0 && right == 0) square_tile(kernel, stride, 0, 0, &plan, to, pair);
        else if (left == edge && right == 0) square_tile(kernel, stride, edge, 0, &plan, to, pair);
        else if (left == 0 && right == edge) square_tile(kernel, stride, 0, edge, &plan, to, pair);
        else if (left == edge && right == edge) square_tile(kernel, stride, edge, edge, &plan, to, pair);
        else if (stride > 1 && edge > 1 && left == 0 && right == edge - 1)
          square_tile(kernel, stride, 0, edge - 1, &plan, to, pair);
        else if (edge > 1 && left == edge && right == edge - 1) square_tile(kernel, stride, edge, edge - 1, &plan, to, pair);
        else if (stride == 1 && edge > 1 && left == edge - 1 && right == edge)
          square_tile(kernel, stride, edge - 1, edge, &plan, to, pair);
        else narrow_tile(kernel, stride, &plan, -column, in_w - column, to, tile, pair);
      }
    }
    row += pair ? 2 : 1;
    y += pair ? 2 * y_row : y_row;
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

// Square windows of one stride; false if there is none for the size.
static int square_kernel(size_t kernel, size_t stride, const square_image *s, size_t row_begin, size_t row_end, const float *x,
                         const float *weights, const float *bias, float *y, float low, float high) {
#define SQUARE(kernel, stride)                                                                      \
  case kernel * 4 + stride:                                                                         \
    square_rows(kernel, stride, kernel / 2, s, row_begin, row_end, x, weights, bias, y, low, high); \
    return 1;
  if (kernel > 7 || stride > 2) return 0;
  switch (kernel * 4 + stride) {
    SQUARE(3, 1)
    SQUARE(3, 2)
    SQUARE(5, 1)
    SQUARE(5, 2)
    SQUARE(7, 1)
    SQUARE(7, 2)
    default: return 0;
  }
#undef SQUARE
}

// A dilated window meets every dilation-th pixel only: as many smaller images as pixels are skipped, each with a dense window.
static int dilated_rows(const ck_depthwise_shape *s, size_t row_begin, size_t row_end, const float *x, const float *weights,
                        const float *bias, float *y, float low, float high) {
  const size_t d = s->dilation_w, c = s->c, x_row = s->in_w * c, y_row = s->out_w * c;
  for (size_t py = 0; py < d && py < s->out_h; ++py)
    for (size_t px = 0; px < d && px < s->out_w; ++px) {
      // The first pixel of the image among those that results py, py + d, ... meet.
      const size_t iy = (py + s->pad_top * (d - 1)) % d, ix = (px + s->pad_left * (d - 1)) % d;
      const square_image own = {
          .in_h = s->in_h > iy ? (s->in_h - iy + d - 1) / d : 0,
          .in_w = s->in_w > ix ? (s->in_w - ix + d - 1) / d : 0,
          .out_w = (s->out_w - px + d - 1) / d,
          .pad_top = (s->pad_top + iy - py) / d,
          .pad_left = (s->pad_left + ix - px) / d,
          .c = c,
          .x_row = d * x_row,
          .y_row = d * y_row,
          .step = d * c,
      };
      const size_t begin = row_begin > py ? (row_begin - py + d - 1) / d : 0, end = row_end > py ? (row_end - py + d - 1) / d : 0;
      if (begin >= end) continue;
      if (!square_kernel(s->kernel_w, 1, &own, begin, end, x + iy * x_row + ix * c, weights, bias,
                         y + (py + d * begin - row_begin) * y_row + px * c, low, high))
        return 0;
    }
  return 1;
}

static void CK_FN(f32_depthwise_rows)(const ck_depthwise_shape *s, size_t row_begin, size_t row_end, const float *x,
                                      const float *weights, const float *bias, float *y, float low, float high) {
  if (s->kernel_h == s->kernel_w && s->stride_h == s->stride_w && s->dilation_h == s->dilation_w) {
    const square_image whole = {.in_h = s->in_h,
                                .in_w = s->in_w,
                                .out_w = s->out_w,
                                .pad_top = s->pad_top,
                                .pad_left = s->pad_left,
                                .c = s->c,
                                .x_row = s->in_w * s->c,
                                .y_row = s->out_w * s->c,
                                .step = s->c};
    if (s->dilation_h == 1 && square_kernel(s->kernel_w, s->stride_w, &whole, row_begin, row_end, x, weights, bias, y, low, high))
      return;
    if (s->dilation_h > 1 && s->stride_h == 1 && dilated_rows(s, row_begin, row_end, x, weights, bias, y, low, high)) return;
  }
  any_kernel(s, row_begin, row_end, x, weights, bias, y, low, high);
}

const ck_depthwise_kernels CK_FN(depthwise) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "depthwise.inc"
#undef CK_KERNEL
};
