#include "../gemm/activation_scalar.h"
#include "../isa/parallel.h"
#include "conv2d.h"

/// Adds to the sums of one output row what one input row brings through filter column `kx`.
static void add_row(const ck_conv2d_shape *s, const float *row, size_t kx, float weight, float *sums) {
  const ptrdiff_t offset = (ptrdiff_t)(kx * s->dilation_w) - (ptrdiff_t)s->pad_left;
  const size_t first = offset < 0 ? ck_divide_up((size_t)-offset, s->stride_w) : 0;
  for (size_t x = first; x < s->w; ++x) {
    const size_t column = (size_t)((ptrdiff_t)(x * s->stride_w) + offset);
    if (column >= s->ow) break;
    sums[column] += weight * row[x];
  }
}

/// One output row of one channel. Each sum runs over channels, then filter rows, then filter columns.
static void sum_row(const ck_conv2d_shape *s, const float *input, const float *weights, size_t weight_step, size_t y,
                    float *sums) {
  for (size_t x = 0; x < s->ow; ++x) sums[x] = 0;
  for (size_t channel = 0; channel < s->ic / s->groups; ++channel)
    for (size_t ky = 0; ky < s->kh; ++ky) {
      const ptrdiff_t scaled = (ptrdiff_t)(y + s->pad_top) - (ptrdiff_t)(ky * s->dilation_h);
      if (scaled < 0 || scaled % (ptrdiff_t)s->stride_h != 0) continue;
      const size_t iy = (size_t)scaled / s->stride_h;
      if (iy >= s->h) continue;
      for (size_t kx = 0; kx < s->kw; ++kx)
        add_row(s, input + (channel * s->h + iy) * s->w, kx, weights[channel * weight_step + ky * s->kw + kx], sums);
    }
}

typedef struct general_transposed_job {
  const ck_f32_conv2d_args *args;
  float *rows;  ///< one output row per thread
} general_transposed_job;

static void general_transposed_item(const void *context, size_t item, int thread) {
  const general_transposed_job *job = context;
  const ck_f32_conv2d_args *args = job->args;
  const ck_conv2d_shape *s = &args->shape;
  const size_t image = item / s->oc, channel = item % s->oc, ic = s->ic / s->groups, oc = s->oc / s->groups;
  const size_t group = channel / oc, area = s->kh * s->kw;
  const size_t input_image = args->input_image ? args->input_image : s->ic * s->h * s->w;
  const size_t output_image = args->output_image ? args->output_image : s->oc * s->oh * s->ow;
  const float *input = args->input + image * input_image + group * ic * s->h * s->w;
  const float *weights = args->weights + (group * ic * oc + channel % oc) * area;
  const ck_f32_epilogue *e = &args->epilogue;
  const float scale = e->scale == 0 ? 1 : e->scale, bias = e->bias ? e->bias[channel] : 0;
  const int last = (e->flags & CK_EPILOGUE_RESIDUAL_LAST) != 0;
  float *sums = job->rows + (size_t)thread * s->ow;
  for (size_t y = 0; y < s->oh; ++y) {
    sum_row(s, input, weights, oc * area, y, sums);
    const size_t place = image * output_image + (channel * s->oh + y) * s->ow;
    for (size_t x = 0; x < s->ow; ++x) {
      const float residual = e->residual ? e->residual[place + x] : 0;
      const float value = ck_activate_scalar(sums[x] * scale + bias + (last ? 0 : residual), &e->activation);
      args->output[place + x] = last ? value + residual : value;
    }
  }
}

void ck_f32_conv2d_general_transposed(const ck_f32_conv2d_args *args, void *scratch, int threads) {
  general_transposed_job job = {args, scratch};
  ck_parallel(args->shape.batch * args->shape.oc, threads, general_transposed_item, &job);
}
