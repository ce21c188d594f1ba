#include "conv2d.h"

/// The input column that filter column `kx` brings to output column `phase`, if it is a whole one. May be negative.
static int source_column(const ck_conv2d_shape *s, size_t phase, size_t kx, ptrdiff_t *column) {
  const ptrdiff_t stride = (ptrdiff_t)s->stride_w;
  const ptrdiff_t scaled = (ptrdiff_t)(phase + s->pad_left) - (ptrdiff_t)(kx * s->dilation_w);
  *column = scaled / stride;
  return scaled % stride == 0;
}

/// Output columns of one phase (column modulo stride) meet the same filter columns, and neighbors among them meet neighboring
/// input columns: each phase of a row is an ordinary convolution with a part of the filter.
size_t ck_conv2d_place_transposed_tile(const ck_conv2d_plan *plan, const float *input, size_t index, ck_f32_tap *taps,
                                       float *copy, ck_f32_gemm_tile *tile) {
  const ck_conv2d_shape *s = &plan->shape;
  const size_t lane = plan->lane, nr = (size_t)plan->config->nr, phases = ck_min_size(s->stride_w, s->ow);
  const size_t part = index % plan->parts, phase = index / plan->parts % phases, y = index / plan->parts / phases;
  const size_t count = ck_divide_up(s->ow - phase, s->stride_w);
  const size_t first = ck_part_start(count, plan->parts, part);
  const size_t rows = ck_part_start(count, plan->parts, part + 1) - first;

  ptrdiff_t left = 0, right = 0, column;
  int found = 0;
  for (size_t kx = 0; kx < s->kw; ++kx)
    if (source_column(s, phase, kx, &column)) {
      // Columns fall as kx rises.
      if (!found) right = column + (ptrdiff_t)(first + rows);
      left = column + (ptrdiff_t)first;
      found = 1;
    }
  const size_t span = (size_t)(right - left);
  const int inside = left >= 0 && right <= (ptrdiff_t)s->w;
  const size_t row_step = (inside ? s->w : span) * lane, block_step = (inside ? s->h : s->kh) * row_step;

  size_t copied = 0;
  ck_f32_tap *tap = taps;
  for (size_t ky = 0; ky < s->kh && found && rows > 0; ++ky) {
    const ptrdiff_t scaled = (ptrdiff_t)(y + s->pad_top) - (ptrdiff_t)(ky * s->dilation_h);
    if (scaled < 0 || scaled % (ptrdiff_t)s->stride_h != 0 || scaled / (ptrdiff_t)s->stride_h >= (ptrdiff_t)s->h) continue;
    size_t row = (size_t)scaled / s->stride_h;
    if (!inside) {
      for (size_t block = 0; block < plan->blocks; ++block)
        ck_conv2d_copy_span(input + (block * s->h + row) * s->w * lane, left, span, s->w, lane,
                            copy + block * block_step + copied * row_step);
      row = copied++;
    }
    for (size_t kx = 0; kx < s->kw; ++kx)
      if (source_column(s, phase, kx, &column))
        *tap++ =
            (ck_f32_tap){row * row_step + (size_t)(column + (ptrdiff_t)first - left) * lane, (ky * s->kw + kx) * plan->ic * nr};
  }
  tile->rows = rows;
  tile->k = plan->ic;
  tile->a = inside ? input + (size_t)left * lane : copy;
  tile->a_row = lane;
  tile->a_block = block_step;
  tile->taps = taps;
  tile->tap_count = (size_t)(tap - taps);
  return y * s->ow + phase + first * s->stride_w;
}
