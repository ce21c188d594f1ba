#include "../gemm/activation_scalar.h"
#include "../isa/parallel.h"
#include "conv2d.h"

/// Adds `weight * row[x * step]` to `count` sums.
static void add_row(float *sums, const float *row, size_t step, size_t count, float weight) {
  if (step == 1)
    for (size_t x = 0; x < count; ++x) sums[x] += weight * row[x];
  else
    for (size_t x = 0; x < count; ++x) sums[x] += weight * row[x * step];
}

/// The output columns whose input column `x * stride + offset` lies in `0 ..< width`.
static void valid_columns(size_t count, size_t stride, ptrdiff_t offset, size_t width, size_t *first, size_t *end) {
  const ptrdiff_t last = (ptrdiff_t)width - 1 - offset;
  *first = offset < 0 ? ck_divide_up((size_t)-offset, stride) : 0;
  *end = last < 0 ? 0 : ck_min_size(count, (size_t)last / stride + 1);
}

enum { STRIP = 256 };

/// The products of `count <= STRIP` output columns from `x0` of row `y`, summed over channels, then filter rows and columns.
static void sum_strip(const ck_conv2d_shape *s, const float *input, const float *weights, size_t y, size_t x0, size_t count,
                      float *sums) {
  for (size_t channel = 0; channel < s->ic / s->groups; ++channel)
    for (size_t ky = 0; ky < s->kh; ++ky) {
      const ptrdiff_t iy = (ptrdiff_t)(y * s->stride_h + ky * s->dilation_h) - (ptrdiff_t)s->pad_top;
      if (iy < 0 || iy >= (ptrdiff_t)s->h) continue;
      const float *row = input + (channel * s->h + (size_t)iy) * s->w;
      for (size_t kx = 0; kx < s->kw; ++kx) {
        const ptrdiff_t offset = (ptrdiff_t)(x0 * s->stride_w + kx * s->dilation_w) - (ptrdiff_t)s->pad_left;
        size_t first, end;
        valid_columns(count, s->stride_w, offset, s->w, &first, &end);
        if (first < end)
          add_row(sums + first, row + (ptrdiff_t)(first * s->stride_w) + offset, s->stride_w, end - first,
                  weights[(channel * s->kh + ky) * s->kw + kx]);
      }
    }
}

/// One output channel of one image.
static void general_item(const void *context, size_t item, int thread) {
  const ck_f32_conv2d_args *args = context;
  const ck_conv2d_shape *s = &args->shape;
  const size_t image = item / s->oc, channel = item % s->oc, ic = s->ic / s->groups;
  const size_t group = channel / (s->oc / s->groups);
  const size_t input_image = args->input_image ? args->input_image : s->ic * s->h * s->w;
  const size_t output_image = args->output_image ? args->output_image : s->oc * s->oh * s->ow;
  const float *input = args->input + image * input_image + group * ic * s->h * s->w;
  const float *weights = args->weights + channel * ic * s->kh * s->kw;
  const ck_f32_epilogue *e = &args->epilogue;
  const float scale = e->scale == 0 ? 1 : e->scale, bias = e->bias ? e->bias[channel] : 0;
  const int last = (e->flags & CK_EPILOGUE_RESIDUAL_LAST) != 0;
  (void)thread;
  for (size_t y = 0; y < s->oh; ++y)
    for (size_t x0 = 0; x0 < s->ow; x0 += STRIP) {
      float sums[STRIP] = {0};
      const size_t count = ck_min_size(STRIP, s->ow - x0);
      sum_strip(s, input, weights, y, x0, count, sums);
      const size_t place = image * output_image + (channel * s->oh + y) * s->ow + x0;
      for (size_t x = 0; x < count; ++x) {
        const float residual = e->residual ? e->residual[place + x] : 0;
        const float value = ck_activate_scalar(sums[x] * scale + bias + (last ? 0 : residual), &e->activation);
        args->output[place + x] = last ? value + residual : value;
      }
    }
}

void ck_f32_conv2d_general(const ck_f32_conv2d_args *args, int threads) {
  ck_parallel(args->shape.batch * args->shape.oc, threads, general_item, args);
}
