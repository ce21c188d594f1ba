#include "conv2d.h"

enum { SHORTEST_TILE = 6 };  // rows of a tile; fewer take as long

/// Neighboring results of one dimension as runs with the same taps inside the image; one run with all taps if there are too
/// many.
static ck_conv2d_classes classify(size_t count, size_t size, size_t kernel, size_t stride, size_t dilation, size_t pad) {
  ck_conv2d_classes classes = {0};
  for (size_t i = 0; i < count; ++i) {
    const size_t at = i * stride;
    const size_t first = ck_min_size(at < pad ? ck_divide_up(pad - at, dilation) : 0, kernel);
    const size_t end = at < size + pad ? ck_min_size(ck_divide_up(size + pad - at, dilation), kernel) : 0;
    ck_conv2d_class own = {i, i + 1, first, ck_max_size(first, end)};
    ck_conv2d_class *last = classes.count > 0 ? &classes.list[classes.count - 1] : NULL;
    if (last && last->first_tap == own.first_tap && last->end_tap == own.end_tap) last->end = i + 1;
    else if (classes.count < CK_CONV2D_CLASSES) classes.list[classes.count++] = own;
    else return (ck_conv2d_classes){1, {{0, count, 0, kernel}}};
  }
  return classes;
}

/// The work of a split by regions, in pixels times taps; counts its tiles.
static size_t split_work(const ck_conv2d_plan *p, size_t *tiles, size_t *tap_pixels) {
  const size_t mr = (size_t)p->config->mr;
  size_t work = 0;
  *tiles = 0;
  *tap_pixels = 0;
  for (size_t i = 0; i < p->rows.count; ++i)
    for (size_t j = 0; j < p->columns.count; ++j) {
      const ck_conv2d_class *row = &p->rows.list[i], *column = &p->columns.list[j];
      const size_t area = (row->end - row->first) * (column->end - column->first), own = ck_divide_up(area, mr);
      const size_t taps = (row->end_tap - row->first_tap) * (column->end_tap - column->first_tap);
      *tiles += own;
      *tap_pixels += area * taps;
      work += ck_max_size(area, own * SHORTEST_TILE) * taps;
    }
  return work;
}

double ck_conv2d_split(ck_conv2d_plan *p) {
  const ck_conv2d_shape *s = &p->shape;
  const size_t pixels = s->oh * s->ow, taps = s->kh * s->kw;
  p->rows = classify(s->oh, s->h, s->kh, s->stride_h, s->dilation_h, s->pad_top);
  p->columns = classify(s->ow, s->w, s->kw, s->stride_w, s->dilation_w, s->pad_left);
  const double share = (double)split_work(p, &p->tiles, &p->tap_pixels) / (double)(pixels * taps);
  p->is_split = share < 0.9;
  if (p->is_split) return share;
  p->rows = (ck_conv2d_classes){1, {{0, s->oh, 0, s->kh}}};
  p->columns = (ck_conv2d_classes){1, {{0, s->ow, 0, s->kw}}};
  p->tiles = ck_divide_up(pixels, (size_t)p->config->mr);
  p->tap_pixels = pixels * taps;
  return 1;
}
