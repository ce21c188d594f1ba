#include "kernels.h"

#include <string.h>

#include "../isa/parallel.h"
#include "../isa/parallel.h"

#define CK_KERNEL(isa, name, group, bytes) \
  static size_t weight_bytes_##name(size_t kh, size_t kw) { return bytes; }
#include "depthwise8.inc"
#undef CK_KERNEL

static const ck_depthwise8_kernel kernels[] = {
#define CK_KERNEL(isa, name, group, bytes) \
  {isa, group, weight_bytes_##name, ck_depthwise8_place__##name, ck_depthwise8_put__##name, ck_depthwise8_row__##name},
#include "depthwise8.inc"
#undef CK_KERNEL
};

static const ck_depthwise8_kernel *selected(uint32_t isa) {
  const ck_depthwise8_kernel *best = &kernels[0];
  for (size_t i = 1; i < sizeof kernels / sizeof kernels[0]; ++i)
    if (kernels[i].isa & isa) best = &kernels[i];
  return best;
}

static size_t group_bytes(const ck_depthwise8_kernel *kernel, size_t kh, size_t kw) {
  return kernel->group * CK_DEPTHWISE8_HEAD + kernel->weight_bytes(kh, kw);
}

size_t ck_u8s8_depthwise_packed_bytes(uint32_t isa, size_t channels, size_t kh, size_t kw) {
  const ck_depthwise8_kernel *kernel = selected(isa);
  return (channels + kernel->group - 1) / kernel->group * group_bytes(kernel, kh, kw);
}

void ck_u8s8_depthwise_pack(uint32_t isa, size_t channels, size_t kh, size_t kw, const int8_t *weights, const int32_t *bias,
                            const float *scale, const float *shift, void *packed) {
  const ck_depthwise8_kernel *kernel = selected(isa);
  const size_t group = kernel->group, bytes = group_bytes(kernel, kh, kw);
  memset(packed, 0, ck_u8s8_depthwise_packed_bytes(isa, channels, kh, kw));
  for (size_t c = 0; c < channels; ++c) {
    uint8_t *block = (uint8_t *)packed + c / group * bytes;
    const size_t at = kernel->place(c % group);
    ((int32_t *)block)[at] = bias[c];
    ((float *)block)[group + at] = scale[c];
    ((float *)block)[2 * group + at] = shift[c];
    for (size_t ky = 0; ky < kh; ++ky)
      for (size_t kx = 0; kx < kw; ++kx)
        kernel->put(block + group * CK_DEPTHWISE8_HEAD, kh, kw, c % group, ky, kx, weights[(c * kh + ky) * kw + kx]);
  }
}

typedef struct work {
  const ck_depthwise8_kernel *kernel;
  const ck_u8s8_depthwise_args *args;
  uint8_t *scratch;
} work;

/// The lines, steps and windows of each thread, behind padding: one pixel, whole vectors of bytes.
static size_t outside_bytes(const ck_u8s8_depthwise_args *args) { return (args->channels + 63) / 64 * 64; }
static size_t table_bytes(const ck_u8s8_depthwise_args *args) { return (args->kh * (16 + args->kw * 8) + 63) / 64 * 64; }

size_t ck_u8s8_depthwise_scratch_bytes(const ck_u8s8_depthwise_args *args, int threads) {
  return outside_bytes(args) + (size_t)(threads > 1 ? threads : 1) * table_bytes(args);
}

static void compute(const void *context, size_t item, int thread) {
  const work *work = context;
  const ck_u8s8_depthwise_args *args = work->args;
  uint8_t *table = work->scratch + outside_bytes(args) + (size_t)thread * table_bytes(args);
  const uint8_t **lines = (const uint8_t **)table;
  size_t *steps = (size_t *)table + args->kh;
  const size_t image = item / args->oh, oy = item % args->oh;
  for (size_t ky = 0; ky < args->kh; ++ky) {
    const size_t y = oy * args->stride_h + ky * args->dilation_h - args->pad_top;  // wraps around above the image
    lines[ky] = y < args->h ? args->input + (image * args->h + y) * args->w * args->channels : work->scratch;
    steps[ky] = y < args->h ? args->channels : 0;
  }
  const ck_depthwise8_row row = {
      .lines = lines,
      .steps = steps,
      .outside = work->scratch,
      .window = lines + 2 * args->kh,
      .out = args->out + item * args->ow * args->channels,
      .args = args,
  };
  work->kernel->row(&row);
}

void ck_u8s8_depthwise(uint32_t isa, const ck_u8s8_depthwise_args *args, void *scratch, int threads) {
  const work work = {selected(isa), args, scratch};
  memset(scratch, args->padding, outside_bytes(args));
  const size_t rows = args->batch * args->oh;
  ck_parallel(rows, ck_team(threads, rows * args->ow * args->channels * args->kh * args->kw, 1 << 17), compute, &work);
}
