#include "pointwise.h"

#include "../elementwise/kernels.h"
#include "../gemm/product.h"
#include "kernels.h"

#include <math.h>

void ck_run_pointwise(const ck_gemm_config *config, const ck_pointwise *f, size_t panel, size_t pixels, const float *x,
                      size_t x_block, const float *residual, float *y, size_t y_block) {
  const size_t c = (size_t)config->c, nr = (size_t)config->nr, first = panel * nr;
  const size_t vectors = ck_divide_up(ck_min_size(f->n - first, nr), c);
  const ck_bottleneck_kernels *kernels = CK_BEST_LEVEL(bottleneck, config->isa);
  if (kernels->lanes != c) kernels = &ck_bottleneck__scalar;
  float low = -INFINITY, high = INFINITY;
  int after = 0;
  switch (f->activation.kind) {
    case CK_FUNCTION_IDENTITY: break;
    case CK_FUNCTION_RELU: low = 0; break;
    case CK_FUNCTION_CLIP:
      low = f->activation.p0;
      high = f->activation.p1;
      break;
    default: after = 1;
  }
  kernels->f32_pointwise_row(c, pixels, f->k, x, x_block, f->weights + first * f->k, nr, vectors,
                             f->bias ? f->bias + first : NULL, residual, low, high, y, y_block);
  if (!after) return;
  for (size_t v = 0; v < vectors; ++v, y += y_block)
    CK_BEST_LEVEL(elementwise, config->isa)
        ->f32_unary((ck_function)f->activation.kind, f->activation.p0, f->activation.p1, pixels * c, y, y);
}

enum { PIXELS_TOGETHER = 112 };  // a few tiles, which stay in the first cache while the panels pass

static size_t scaled_floats(const ck_gemm_config *config, const ck_f32_pointwise_args *args) {
  const size_t nr = (size_t)config->nr;
  return args->factors ? ck_round_up(ck_round_up(args->output_channels, nr) * args->input_channels, 16) : 0;
}

size_t ck_f32_pointwise_scratch_bytes(const ck_gemm_config *config, const ck_f32_pointwise_args *args, int threads) {
  return scaled_floats(config, args) * sizeof(float) * (size_t)(threads > 1 ? threads : 1);
}

/// The weights of one image, multiplied by its factors.
static const float *scale_weights(const ck_gemm_config *config, const ck_f32_pointwise_args *args, size_t image, float *scaled) {
  const size_t nr = (size_t)config->nr, k = args->input_channels, panels = ck_divide_up(args->output_channels, nr);
  const float *factors = args->factors + image * ck_round_up(k, (size_t)config->c);
  for (size_t panel = 0; panel < panels; ++panel)
    CK_BEST_LEVEL(elementwise, config->isa)
        ->f32_binary(CK_BINARY_MUL, k, nr, args->weights + panel * k * nr, (ptrdiff_t)nr, 1, factors, 1, 0,
                     scaled + panel * k * nr);
  return scaled;
}

void ck_f32_pointwise(const ck_gemm_config *config, const ck_f32_pointwise_args *args, void *scratch, int threads) {
  const ck_pointwise shared = {args->input_channels, args->output_channels, args->weights, args->bias, args->activation};
  const size_t c = (size_t)config->c, nr = (size_t)config->nr, pixels = args->pixels;
  const size_t x_image = ck_divide_up(shared.k, c) * c * pixels, y_image = ck_divide_up(shared.n, c) * c * pixels;
  const size_t spans = ck_max_size(pixels / PIXELS_TOGETHER, 1), total = args->n * spans;
  if (pixels == 0 || shared.n == 0) return;
  const int team = ck_team(threads, args->n * pixels * shared.k * shared.n, 1 << 18);
  CK_PARALLEL(part, team, {
    ck_pointwise f = shared;
    size_t scaled_image = args->n;
    for (size_t i = ck_part(total, team, part), end = ck_part(total, team, part + 1); i < end; ++i) {
      const size_t image = i / spans, first = ck_part_start(pixels, spans, i % spans);
      const size_t count = ck_part_start(pixels, spans, i % spans + 1) - first, at = image * y_image + first * c;
      if (args->factors && image != scaled_image)
        f.weights =
            scale_weights(config, args, scaled_image = image, (float *)scratch + (size_t)part * scaled_floats(config, args));
      for (size_t panel = 0; panel * nr < f.n; ++panel) {
        const size_t to = at + panel * nr * pixels;
        ck_run_pointwise(config, &f, panel, count, args->input + image * x_image + first * c, pixels * c,
                         args->residual ? args->residual + to : NULL, args->output + to, pixels * c);
      }
    }
  });
}
