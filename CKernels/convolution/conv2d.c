#include "conv2d.h"

#include "../isa/parallel.h"
#include "grouped.h"
#include "winograd.h"

/// A 1x1 convolution that reads every pixel once is one product per image.
static int is_product(const ck_f32_conv2d_args *args) {
  const ck_conv2d_shape *s = &args->shape;
  return args->algorithm == CK_CONV2D_BLOCKED && s->groups == 1 && s->kh == 1 && s->kw == 1 && s->stride_h == 1 &&
         s->stride_w == 1 && s->pad_top == 0 && s->pad_left == 0 && s->oh == s->h && s->ow == s->w;
}

static size_t blocked_floats(size_t channels, size_t pixels, size_t c) { return ck_round_up(channels, c) * pixels; }

static ck_f32_gemm_args product_args(const ck_gemm_config *config, const ck_f32_conv2d_args *args) {
  const ck_conv2d_shape *s = &args->shape;
  const size_t c = (size_t)config->c, pixels = s->h * s->w;
  ck_f32_gemm_args product = {
      .m = pixels,
      .n = s->oc,
      .k = s->ic,
      .batch = s->batch,
      .a = args->input,
      .a_row = c,
      .a_block = pixels * c,
      .a_batch = args->input_image ? args->input_image : blocked_floats(s->ic, pixels, c),
      .b = args->weights,
      .factors = args->factors,
      .factors_batch = ck_round_up(s->ic, c),
      .out = args->output,
      .o_row = c,
      .o_block = pixels * c,
      .o_batch = args->output_image ? args->output_image : blocked_floats(s->oc, pixels, c),
      .epilogue = args->epilogue,
  };
  if (pixels == 1 && !args->factors) {
    product.m = s->batch;
    product.batch = 1;
    product.a_row = product.a_batch;
    product.o_row = product.o_batch;
  }
  return product;
}

int32_t ck_f32_conv2d_supports(const ck_gemm_config *config, const ck_conv2d_shape *s, ck_conv2d_algorithm algorithm) {
  const size_t c = (size_t)config->c;
  switch (algorithm) {
    case CK_CONV2D_GROUPED: return ck_conv2d_grouped_supports(config, s);
    case CK_CONV2D_BLOCKED:
    case CK_CONV2D_TRANSPOSED: return s->groups == 1 || (s->ic / s->groups % c == 0 && s->oc / s->groups % c == 0);
    case CK_CONV2D_PLANAR: return s->groups == 1;
    case CK_CONV2D_WINOGRAD_2:
    case CK_CONV2D_WINOGRAD_4: return ck_winograd_supports(s);
    case CK_CONV2D_GENERAL:
    case CK_CONV2D_GENERAL_TRANSPOSED: return 1;
    default: return 0;
  }
}

/// Whether tiles are runs of pixels, every tap of which is copied. Rows that fill only half a tile waste registers, weights that
/// do not fit the second cache would be read once for every few rows, and a window that is wide for the image often meets
/// padding.
static int gathers(const ck_conv2d_plan *p, double share) {
  const size_t taps = p->shape.kh * p->shape.kw;
  if (share < 0.7) return 1;
  if (p->shape.oh > 1 && 2 * p->shape.ow <= (size_t)p->config->mr) return 1;
  return taps > 1 && p->panels >= 4 && p->panel_floats * sizeof(float) > CK_BLOCK_BYTES;
}

/// Parts into which the taps of a gathered tile are cut.
static size_t tap_runs(const ck_conv2d_plan *p, const ck_f32_epilogue *epilogue) {
  const size_t taps = p->shape.kh * p->shape.kw, runs = ck_run_count(taps * p->ic, epilogue);
  return ck_divide_up(taps, ck_divide_up(taps, ck_min_size(runs, taps)));
}

static ck_conv2d_plan make_plan(const ck_gemm_config *config, const ck_f32_conv2d_args *args) {
  const ck_conv2d_shape *s = &args->shape;
  const size_t c = (size_t)config->c, mr = (size_t)config->mr, nr = (size_t)config->nr;
  ck_conv2d_plan p = {.config = config, .shape = *s, .planar = args->algorithm == CK_CONV2D_PLANAR};
  p.transposed = args->algorithm == CK_CONV2D_TRANSPOSED;
  p.ic = s->ic / s->groups;
  p.oc = s->oc / s->groups;
  p.lane = p.planar ? 1 : c;
  p.blocks = ck_divide_up(p.ic, p.lane);
  p.panels = ck_divide_up(p.oc, nr);
  p.panel_floats = s->kh * s->kw * p.ic * nr;
  p.gathered = args->algorithm == CK_CONV2D_BLOCKED && gathers(&p, ck_conv2d_split(&p));
  const size_t interleaved = p.transposed ? ck_min_size(s->stride_w, s->ow) : 1;
  p.parts = ck_divide_up(ck_divide_up(s->ow, interleaved), mr);
  if (!p.gathered) p.tiles = s->oh * interleaved * p.parts;
  for (p.first_inside = 0; p.first_inside < p.parts && !ck_conv2d_part_is_inside(&p, p.first_inside);) ++p.first_inside;
  for (p.end_inside = p.parts; p.end_inside > p.first_inside && !ck_conv2d_part_is_inside(&p, p.end_inside - 1);) --p.end_inside;
  p.input_image = args->input_image ? args->input_image : blocked_floats(s->ic, s->h * s->w, p.lane);
  p.output_image = args->output_image ? args->output_image : blocked_floats(s->oc, s->oh * s->ow, c);
  p.input_group = p.ic * s->h * s->w;
  p.output_group = p.oc * s->oh * s->ow;
  p.taps_bytes = ck_round_up(s->kh * s->kw * (p.planar ? p.ic : 1) * sizeof(ck_f32_tap), 64);
  p.runs = p.gathered ? tap_runs(&p, &args->epilogue) : 1;
  const size_t reach = (s->kw - 1) * s->dilation_w;
  const size_t span = p.transposed ? mr + reach / s->stride_w : (ck_min_size(mr, s->ow) - 1) * s->stride_w + reach + 1;
  const size_t copied = p.gathered ? ck_divide_up(s->kh * s->kw, p.runs) * mr : s->kh * span;
  p.copy_floats = ck_round_up(copied * p.blocks * p.lane, 16);
  p.result_floats = p.gathered && p.columns.count > 1 ? ck_round_up(mr * p.panels * nr, 16) : 0;
  return p;
}

static size_t tile_bytes(const ck_conv2d_plan *plan) { return plan->taps_bytes + plan->copy_floats * sizeof(float); }

/// Row tiles that are placed side by side and then meet one panel of weights after the other.
static size_t tiles_together(const ck_conv2d_plan *plan) { return ck_tiles_together(plan->tiles, tile_bytes(plan)); }

static int useful_threads(const ck_conv2d_shape *s, int threads) {
  const double results = (double)s->batch * (double)s->oc * (double)(s->oh * s->ow);
  return ck_useful_threads(results * (double)(s->ic / s->groups) * (double)(s->kh * s->kw), threads);
}

size_t ck_f32_conv2d_scratch_bytes(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads) {
  threads = useful_threads(&args->shape, threads);
  const size_t workers = (size_t)(threads > 1 ? threads : 1);
  if (args->algorithm == CK_CONV2D_GENERAL || args->shape.oh * args->shape.ow == 0) return 0;
  if (args->algorithm == CK_CONV2D_GENERAL_TRANSPOSED) return args->shape.ow * sizeof(float) * workers;
  if (ck_winograd_size(args->algorithm)) return ck_f32_winograd_scratch_bytes(config, args, threads);
  if (args->algorithm == CK_CONV2D_GROUPED) return ck_f32_grouped_scratch_bytes(config, args, threads);
  if (is_product(args)) {
    ck_f32_gemm_args product = product_args(config, args);
    return ck_f32_gemm_scratch_bytes(config, &product, threads);
  }
  const ck_conv2d_plan plan = make_plan(config, args);
  return (plan.gathered ? ck_conv2d_gathered_bytes(&plan) : tile_bytes(&plan) * tiles_together(&plan)) * workers;
}

typedef struct conv2d_job {
  ck_conv2d_plan plan;
  const ck_f32_conv2d_args *args;
  ck_grid grid;
  char *scratch;
} conv2d_job;

static size_t place(const ck_conv2d_plan *plan, const float *input, size_t index, const ck_f32_gemm_tile *before,
                    ck_f32_tap *taps, float *copy, ck_f32_gemm_tile *tile) {
  if (plan->transposed) return ck_conv2d_place_transposed_tile(plan, input, index, taps, copy, tile);
  return ck_conv2d_place_row_tile(plan, input, index, before, taps, copy, tile);
}

static void conv2d_item(const void *context, size_t item, int thread) {
  const conv2d_job *job = context;
  const ck_conv2d_plan *plan = &job->plan;
  const ck_grid *grid = &job->grid;
  const size_t c = (size_t)plan->config->c, pixels = plan->shape.oh * plan->shape.ow;
  size_t above_tiles;
  const size_t tile_item = ck_grid_tile_item(grid, item, &above_tiles);
  const size_t image = above_tiles % plan->shape.batch, above_images = above_tiles / plan->shape.batch;
  const size_t panel_item = above_images % grid->panel_items, group = above_images / grid->panel_items;

  const size_t together = tiles_together(plan);
  char *scratch = job->scratch + (size_t)thread * tile_bytes(plan) * together;

  const float *input = job->args->input + image * plan->input_image + group * plan->input_group;
  const size_t output = image * plan->output_image + group * plan->output_group;
  ck_f32_gemm_tile model = {
      .b = job->args->weights + group * plan->panels * plan->panel_floats,
      .o_row = plan->transposed ? c * plan->shape.stride_w : c,
      .o_block = pixels * c,
  };
  model.r_row = model.o_row;
  model.r_block = model.o_block;
  ck_f32_begin_tile(&model, &job->args->epilogue);
  if (model.bias) model.bias += group * plan->oc;
  const float *residual = model.residual;

  const ck_range range = ck_grid_range(grid, tile_item, panel_item);
  ck_f32_gemm_tile block[CK_BLOCK_TILES];
  for (size_t first = range.first_tile; first < range.end_tile; first += together) {
    size_t count = 0;
    for (size_t i = first; i < ck_min_size(first + together, range.end_tile); ++i) {
      char *own = scratch + count * tile_bytes(plan);
      ck_f32_gemm_tile *tile = &block[count];
      *tile = model;
      const size_t pixel =
          place(plan, input, i, i > first ? tile - 1 : NULL, (ck_f32_tap *)own, (float *)(own + plan->taps_bytes), tile);
      tile->out = job->args->output + output + pixel * c;
      if (residual) tile->residual = residual + output + pixel * c;
      count += tile->rows > 0;
    }
    if (count > 0)
      ck_f32_run_tiles(plan->config, block, count,
                       (ck_f32_columns){
                           .count = plan->oc,
                           .panel_floats = plan->panel_floats,
                           .first = range.first_panel,
                           .end = range.end_panel,
                           .fetched_floats = plan->panel_floats,
                       });
  }
}

void ck_f32_conv2d(const ck_gemm_config *config, const ck_f32_conv2d_args *args, void *scratch, int threads) {
  threads = useful_threads(&args->shape, threads);
  const size_t repeats = args->shape.batch * args->shape.groups;
  if (repeats == 0 || args->shape.oc == 0 || args->shape.oh * args->shape.ow == 0) return;
  if (args->algorithm == CK_CONV2D_GENERAL) {
    ck_f32_conv2d_general(args, threads);
    return;
  }
  if (args->algorithm == CK_CONV2D_GENERAL_TRANSPOSED) {
    ck_f32_conv2d_general_transposed(args, scratch, threads);
    return;
  }
  if (ck_winograd_size(args->algorithm)) {
    ck_f32_winograd(config, args, scratch, threads);
    return;
  }
  if (args->algorithm == CK_CONV2D_GROUPED) {
    ck_f32_grouped(config, args, scratch, threads);
    return;
  }
  if (is_product(args)) {
    ck_f32_gemm_args product = product_args(config, args);
    ck_f32_gemm(config, &product, scratch, threads);
    return;
  }
  conv2d_job job = {.plan = make_plan(config, args), .args = args, .scratch = scratch};
  if (job.plan.gathered) {
    ck_conv2d_run_gathered(&job.plan, args, scratch, threads);
    return;
  }
  job.grid = ck_make_grid(job.plan.tiles, tile_bytes(&job.plan), job.plan.panels, job.plan.panel_floats * sizeof(float), repeats,
                          1, threads);
  ck_parallel(job.grid.tile_items * job.grid.panel_items * repeats, threads, conv2d_item, &job);
}
