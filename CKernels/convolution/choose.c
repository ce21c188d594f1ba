#include "grouped.h"
#include "winograd.h"

// Measured on a Sapphire Rapids core at 2.8 GHz (Benchmarks/Kernels), in cycles; what counts is how they compare.
static const double PRODUCT_SHARE = 0.88;   // of the peak that a matrix kernel reaches
static const double CYCLES_PER_BYTE = 0.3;  // of weights from memory, beside other readers
static const double OVERLAP = 0.65;         // of the shorter of computing and reading that hides behind the longer
static const double CYCLES_PER_CALL = 60;   // to start a tile and to store it
static const double CYCLES_PER_POINT = 7;   // to transform a vector in and out, per point of a tile
static const double GROUPED_SHARE = 0.65;   // of the peak where pixels are spread over groups, once for several taps
static const double SPREAD_SHARE = 0.4;     // and once for every tap
static const double CYCLES_PER_PIXEL = 4;   // to copy a vector of channels and to store one

/// Computing beside reading so many bytes of weights.
static double beside_reading(double computing, double bytes) {
  const double reading = bytes * CYCLES_PER_BYTE;
  return computing > reading ? computing + (1 - OVERLAP) * reading : reading + (1 - OVERLAP) * computing;
}

/// `rows` results of `products` products each, with `calls` starts of a kernel, in `panels` of two vectors.
static double product_cycles(const ck_gemm_config *config, double rows, double products, double panels, double calls) {
  const double computing = rows * products * panels / PRODUCT_SHARE + calls * panels * CYCLES_PER_CALL;
  return beside_reading(computing, products * panels * (double)config->nr * sizeof(float));
}

static double direct_cycles(const ck_gemm_config *config, const ck_conv2d_shape *s) {
  const double rows = (double)s->batch * (double)s->oh * (double)s->ow, ic = (double)(s->ic / s->groups);
  const size_t oc = s->oc / s->groups;
  // Groups end with whole vectors, often with one.
  const double panels = s->groups > 1 ? (double)ck_divide_up(oc, (size_t)config->c) * config->c / config->nr
                                      : (double)ck_divide_up(oc, (size_t)config->nr);
  return (double)s->groups * product_cycles(config, rows, (double)(s->kh * s->kw) * ic, panels, rows / config->mr);
}

static double grouped_cycles(const ck_gemm_config *config, const ck_conv2d_shape *s) {
  const double rows = (double)s->batch * (double)s->oh * (double)s->ow, blocks = (double)ck_divide_up(s->oc, (size_t)config->c);
  const double products = (double)(s->kh * s->kw) * (double)ck_conv2d_grouped_terms(config, s);
  const double share = s->kw == 3 && s->stride_w <= 2 && s->dilation_w == 1 ? GROUPED_SHARE : SPREAD_SHARE;
  return beside_reading(blocks * rows * (products / 2 / share + CYCLES_PER_PIXEL), blocks * products * config->c * sizeof(float));
}

static double winograd_cycles(const ck_gemm_config *config, const ck_conv2d_shape *s, size_t size) {
  const size_t c = (size_t)config->c, points = (size + 2) * (size + 2);
  const double tiles = (double)s->batch * (double)ck_divide_up(s->oh, size) * (double)ck_divide_up(s->ow, size);
  const double strips = tiles < config->mr ? 1 : tiles / config->mr;
  // The products of all points as one: their weights follow each other.
  const double products = product_cycles(config, tiles, (double)points * (double)s->ic,
                                         (double)ck_divide_up(s->oc, (size_t)config->nr), (double)points * strips);
  return products + tiles * (double)points * CYCLES_PER_POINT * (double)(ck_divide_up(s->ic, c) + ck_divide_up(s->oc, c)) / 2;
}

ck_conv2d_choice ck_f32_conv2d_choose(const ck_gemm_config *config, const ck_conv2d_shape *shape) {
  static const struct {
    ck_conv2d_algorithm algorithm;
    size_t size;
  } others[] = {{CK_CONV2D_WINOGRAD_2, 2}, {CK_CONV2D_WINOGRAD_4, 4}};
  ck_conv2d_choice best = {CK_CONV2D_UNSUPPORTED, 0};
  if (ck_f32_conv2d_supports(config, shape, CK_CONV2D_GROUPED))
    best = (ck_conv2d_choice){CK_CONV2D_GROUPED, grouped_cycles(config, shape)};
  if (!ck_f32_conv2d_supports(config, shape, CK_CONV2D_BLOCKED)) return best;
  const double direct = direct_cycles(config, shape);
  if (best.algorithm == CK_CONV2D_UNSUPPORTED || direct <= best.cycles) best = (ck_conv2d_choice){CK_CONV2D_BLOCKED, direct};
  if (!ck_winograd_supports(shape)) return best;
  for (int i = 0; i < 2; ++i) {
    // Weights grow with the tile: it must be worth it.
    const double cycles = winograd_cycles(config, shape, others[i].size);
    if (cycles < 0.95 * best.cycles) best = (ck_conv2d_choice){others[i].algorithm, cycles};
  }
  return best;
}
