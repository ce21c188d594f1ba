#include "kernels.h"

#include <math.h>

void ck_f32_pool_blocked(uint32_t isa, ck_pool_kind kind, const ck_pool_shape *shape, size_t blocks, size_t c, const float *x,
                         float *y, int threads) {
  const ck_pooling_kernels *kernels = CK_BEST_LEVEL(pooling, isa);
  if (c % kernels->lanes != 0) kernels = &ck_pooling__scalar;
  size_t in = shape->in_h * shape->in_w * c, out = shape->out_h * shape->out_w * c;
  int team = ck_team(threads, blocks * out * shape->kernel_h * shape->kernel_w, 1 << 16);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(blocks, team, part), end = ck_part(blocks, team, part + 1); k < end; ++k)
      kernels->f32_pool_blocked(kind, shape, c, x + k * in, y + k * out);
  });
}

static float pool_one(ck_pool_kind kind, const ck_pool_shape *s, ck_window v, ck_window h, const float *x) {
  int maximum = kind == CK_POOL_MAX;
  float total = maximum ? -INFINITY : 0;
  for (size_t i = v.begin; i < v.end; ++i) {
    const float *row = x + (size_t)(v.start + (ptrdiff_t)(i * s->dilation_h)) * s->in_w;
    for (size_t j = h.begin; j < h.end; ++j) {
      float value = row[h.start + (ptrdiff_t)(j * s->dilation_w)];
      if (!maximum) total += value;
      else if (!(value <= total) && total == total) total = value;
    }
  }
  return maximum ? total : total * ck_window_factor(v.counted * h.counted);
}

static void pool_plane(const ck_pooling_kernels *kernels, ck_pool_kind kind, const ck_pool_shape *s, const float *x, float *y) {
  // Results whose windows lie inside the input from left to right, when one vector of them is a run of the input.
  size_t first = (s->pad_left + s->stride_w - 1) / s->stride_w, inner = 0;
  if (s->stride_w <= 2 && s->dilation_w == 1 && s->in_w + s->pad_left >= s->kernel_w) {
    size_t last = (s->in_w + s->pad_left - s->kernel_w) / s->stride_w + 1;
    if (last > s->out_w) last = s->out_w;
    inner = last > first ? last - first : 0;
  }
  for (size_t row = 0; row < s->out_h; ++row, y += s->out_w) {
    ck_window v = ck_window_of(kind, row, s->kernel_h, s->stride_h, s->dilation_h, s->pad_top, s->pad_bottom, s->in_h);
    for (size_t out = 0; out < s->out_w; ++out) {
      if (inner && out == first) {
        const float *from = v.end > v.begin ? x + (size_t)(v.start + (ptrdiff_t)(v.begin * s->dilation_h)) * s->in_w : x;
        kernels->f32_pool_row(kind == CK_POOL_MAX, inner, s->kernel_w, s->stride_w, v.end - v.begin,
                              from + first * s->stride_w - s->pad_left, s->dilation_h * s->in_w, y + first);
        if (kind != CK_POOL_MAX) {
          float factor = ck_window_factor(v.counted * s->kernel_w);
          for (size_t k = 0; k < inner; ++k) y[first + k] *= factor;
        }
        out += inner - 1;
        continue;
      }
      ck_window h = ck_window_of(kind, out, s->kernel_w, s->stride_w, s->dilation_w, s->pad_left, s->pad_right, s->in_w);
      y[out] = pool_one(kind, s, v, h, x);
    }
  }
}

void ck_f32_pool_plain(uint32_t isa, ck_pool_kind kind, const ck_pool_shape *shape, size_t planes, const float *x, float *y,
                       int threads) {
  const ck_pooling_kernels *kernels = CK_BEST_LEVEL(pooling, isa);
  size_t in = shape->in_h * shape->in_w, out = shape->out_h * shape->out_w;
  int team = ck_team(threads, planes * out * shape->kernel_h * shape->kernel_w, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(planes, team, part), end = ck_part(planes, team, part + 1); k < end; ++k)
      pool_plane(kernels, kind, shape, x + k * in, y + k * out);
  });
}
