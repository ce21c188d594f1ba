#include "../elementwise/kernels.h"
#include "kernels.h"

#include <math.h>

void ck_f32_depthwise_pack(size_t channels, size_t kernel_area, size_t c, const float *weights, float *packed) {
  for (size_t first = 0; first < channels; first += c)
    for (size_t k = 0; k < kernel_area; ++k)
      for (size_t lane = 0; lane < c; ++lane) *packed++ = first + lane < channels ? weights[(first + lane) * kernel_area + k] : 0;
}

void ck_f32_channels_pack(size_t channels, size_t c, const float *values, float *packed) {
  size_t padded = (channels + c - 1) / c * c;
  for (size_t i = 0; i < padded; ++i) packed[i] = values && i < channels ? values[i] : 0;
}

typedef struct plan {
  const ck_depthwise_kernels *kernels;
  const ck_elementwise_kernels *elementwise;
  float low, high;
  ck_activation after;  // what clamping does not cover
} plan;

static plan prepare(uint32_t isa, size_t c, ck_activation activation) {
  plan p = {CK_BEST_LEVEL(depthwise, isa), CK_BEST_LEVEL(elementwise, isa), -INFINITY, INFINITY, {CK_FUNCTION_IDENTITY, 0, 0}};
  if (c % p.kernels->lanes != 0) p.kernels = &ck_depthwise__scalar;
  if (activation.kind == CK_FUNCTION_RELU) {
    p.low = 0;
  } else if (activation.kind == CK_FUNCTION_CLIP) {
    p.low = activation.p0;
    p.high = activation.p1;
  } else {
    p.after = activation;
  }
  return p;
}

// Other activations follow while the rows are in the first cache.
static void rows(const plan *p, const ck_depthwise_shape *shape, size_t begin, size_t end, const float *x, const float *weights,
                 const float *bias, float *y, size_t band) {
  size_t row = shape->out_w * shape->c;
  for (size_t r = begin; r < end; r += band) {
    size_t last = end - r < band ? end : r + band;
    float *to = y + (r - begin) * row;
    p->kernels->f32_depthwise_rows(shape, r, last, x, weights, bias, to, p->low, p->high);
    if (p->after.kind != CK_FUNCTION_IDENTITY)
      p->elementwise->f32_unary((ck_function)p->after.kind, p->after.p0, p->after.p1, (last - r) * row, to, to);
  }
}

static size_t band_of(const plan *p, const ck_depthwise_shape *shape) {
  enum { first_cache = 4096 };
  if (p->after.kind == CK_FUNCTION_IDENTITY) return shape->out_h ? shape->out_h : 1;
  size_t row = shape->out_w * shape->c;
  return row && row < first_cache ? first_cache / row : 1;
}

void ck_f32_depthwise(uint32_t isa, const ck_depthwise_shape *shape, const float *x, const float *weights, const float *bias,
                      float *y, ck_activation activation, int threads) {
  plan p = prepare(isa, shape->c, activation);
  size_t c = shape->c, blocks = (shape->channels + c - 1) / c, planes = shape->n * blocks,
         area = shape->kernel_h * shape->kernel_w;
  size_t band = band_of(&p, shape);
  int team = ck_team(threads, planes * shape->out_h * shape->out_w * c * area, 1 << 17);
  // Whole planes while there are enough of them to go round, parts of planes otherwise.
  size_t parts = team > 1 && planes % (size_t)team != 0 && planes < 8 * (size_t)team ? 8 : 1;
  if (parts > shape->out_h) parts = 1;
  size_t total = planes * parts;
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(total, team, part), end = ck_part(total, team, part + 1); k < end; ++k) {
      size_t plane = k / parts, block = plane % blocks, first = ck_part(shape->out_h, (int)parts, (int)(k % parts));
      rows(&p, shape, first, ck_part(shape->out_h, (int)parts, (int)(k % parts) + 1), x + plane * shape->in_h * shape->in_w * c,
           weights + block * area * c, bias ? bias + block * c : NULL, y + (plane * shape->out_h + first) * shape->out_w * c,
           band);
    }
  });
}

void ck_f32_depthwise_rows(uint32_t isa, const ck_depthwise_shape *shape, size_t row_begin, size_t row_end, const float *x,
                           const float *weights, const float *bias, float *y, ck_activation activation) {
  plan p = prepare(isa, shape->c, activation);
  rows(&p, shape, row_begin, row_end, x, weights, bias, y, band_of(&p, shape));
}
