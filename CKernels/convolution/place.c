#include "conv2d.h"

#include <string.h>

void ck_conv2d_copy_span(const float *row, ptrdiff_t from, size_t count, size_t width, size_t lane, float *to) {
  const ptrdiff_t end = from + (ptrdiff_t)count;
  const size_t before = ck_min_size(from < 0 ? (size_t)-from : 0, count);
  const size_t after = ck_min_size(end > (ptrdiff_t)width ? (size_t)(end - (ptrdiff_t)width) : 0, count - before);
  const size_t inside = count - before - after;
  memset(to, 0, before * lane * sizeof(float));
  if (inside) memcpy(to + before * lane, row + (from + (ptrdiff_t)before) * (ptrdiff_t)lane, inside * lane * sizeof(float));
  memset(to + (before + inside) * lane, 0, after * lane * sizeof(float));
}

/// Input columns that `rows` neighboring results read.
static size_t span_of(const ck_conv2d_shape *s, size_t rows) {
  return (rows - 1) * s->stride_w + (s->kw - 1) * s->dilation_w + 1;
}

int ck_conv2d_part_is_inside(const ck_conv2d_plan *plan, size_t part) {
  const ck_conv2d_shape *s = &plan->shape;
  const size_t x = ck_part_start(s->ow, plan->parts, part), rows = ck_part_start(s->ow, plan->parts, part + 1) - x;
  return x * s->stride_w >= s->pad_left && x * s->stride_w - s->pad_left + span_of(s, rows) <= s->w;
}

size_t ck_conv2d_place_row_tile(const ck_conv2d_plan *plan, const float *input, size_t index, const ck_f32_gemm_tile *before,
                                ck_f32_tap *taps, float *copy, ck_f32_gemm_tile *tile) {
  const ck_conv2d_shape *s = &plan->shape;
  const size_t lane = plan->lane, nr = (size_t)plan->config->nr;
  const size_t y = index / plan->parts, part = index - y * plan->parts;
  const size_t x = ck_part_start(s->ow, plan->parts, part), rows = ck_part_start(s->ow, plan->parts, part + 1) - x;
  const size_t span = span_of(s, rows);
  const ptrdiff_t left = (ptrdiff_t)(x * s->stride_w) - (ptrdiff_t)s->pad_left;
  const int inside = part >= plan->first_inside && part < plan->end_inside;
  if (inside && before && part > plan->first_inside) {
    *tile = *before;
    tile->rows = rows;
    tile->a = input + (size_t)left * lane;
    return y * s->ow + x;
  }
  const size_t row_step = (inside ? s->w : span) * lane, block_step = (inside ? s->h : s->kh) * row_step;

  size_t copied = 0;
  ck_f32_tap *tap = taps;
  for (size_t ky = 0; ky < s->kh; ++ky) {
    const ptrdiff_t iy = (ptrdiff_t)(y * s->stride_h + ky * s->dilation_h) - (ptrdiff_t)s->pad_top;
    if (iy < 0 || iy >= (ptrdiff_t)s->h) continue;
    size_t row = (size_t)iy;
    if (!inside) {
      for (size_t block = 0; block < plan->blocks; ++block)
        ck_conv2d_copy_span(input + (block * s->h + row) * s->w * lane, left, span, s->w, lane,
                            copy + block * block_step + copied * row_step);
      row = copied++;
    }
    if (!plan->planar) {
      for (size_t kx = 0; kx < s->kw; ++kx)
        *tap++ = (ck_f32_tap){row * row_step + kx * s->dilation_w * lane, (ky * s->kw + kx) * plan->ic * nr};
      continue;
    }
    const size_t runs = s->dilation_w == 1 ? 1 : s->kw;
    for (size_t channel = 0; channel < plan->ic; ++channel)
      for (size_t run = 0; run < runs; ++run)
        *tap++ = (ck_f32_tap){channel * block_step + row * row_step + run * s->dilation_w,
                              ((channel * s->kh + ky) * s->kw + run) * nr};
  }
  tile->rows = rows;
  tile->k = !plan->planar ? plan->ic : s->dilation_w == 1 ? s->kw : 1;
  tile->a = inside ? input + (size_t)left * lane : copy;
  tile->a_row = s->stride_w * lane;
  tile->a_block = plan->planar ? (size_t)plan->config->c : block_step;
  tile->taps = taps;
  tile->tap_count = (size_t)(tap - taps);
  return y * s->ow + x;
}
