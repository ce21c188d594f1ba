#include "conv2d.h"

#include "../isa/parallel.h"

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
    .m = pixels, .n = s->oc, .k = s->ic, .batch = s->batch,
    .a = args->input, .a_row = c, .a_block = pixels * c,
    .a_batch = args->input_image ? args->input_image : blocked_floats(s->ic, pixels, c),
    .b = args->weights,
    .out = args->output, .o_row = c, .o_block = pixels * c,
    .o_batch = args->output_image ? args->output_image : blocked_floats(s->oc, pixels, c),
    .epilogue = args->epilogue,
  };
  if (pixels == 1) {
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
    case CK_CONV2D_BLOCKED:
    case CK_CONV2D_TRANSPOSED:
      return s->groups == 1 || (s->ic / s->groups % c == 0 && s->oc / s->groups % c == 0);
    case CK_CONV2D_PLANAR: return s->groups == 1;
    case CK_CONV2D_GENERAL:
    case CK_CONV2D_GENERAL_TRANSPOSED: return 1;
    default: return 0;
  }
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
  // Rows that fill less than half a tile waste registers: better copy the taps of pixels from several rows.
  p.gathered = args->algorithm == CK_CONV2D_BLOCKED && 2 * s->ow < mr && s->oh > 1;
  const size_t interleaved = p.transposed ? ck_min_size(s->stride_w, s->ow) : 1;
  p.parts = ck_divide_up(ck_divide_up(s->ow, interleaved), mr);
  p.tiles = p.gathered ? ck_divide_up(s->oh * s->ow, mr) : s->oh * interleaved * p.parts;
  p.panels = ck_divide_up(p.oc, nr);
  p.panel_floats = s->kh * s->kw * p.ic * nr;
  p.input_image = args->input_image ? args->input_image : blocked_floats(s->ic, s->h * s->w, p.lane);
  p.output_image = args->output_image ? args->output_image : blocked_floats(s->oc, s->oh * s->ow, c);
  p.input_group = p.ic * s->h * s->w;
  p.output_group = p.oc * s->oh * s->ow;
  p.taps_bytes = ck_round_up(s->kh * s->kw * (p.planar ? p.ic : 1) * sizeof(ck_f32_tap), 64);
  const size_t reach = (s->kw - 1) * s->dilation_w;
  const size_t span = p.transposed ? mr + reach / s->stride_w : (ck_min_size(mr, s->ow) - 1) * s->stride_w + reach + 1;
  p.copy_floats = ck_round_up(s->kh * p.blocks * p.lane * (p.gathered ? s->kw * mr : span), 16);
  return p;
}

static size_t thread_bytes(const ck_conv2d_plan *plan) { return plan->taps_bytes + plan->copy_floats * sizeof(float); }

size_t ck_f32_conv2d_scratch_bytes(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads) {
  const size_t workers = (size_t)(threads > 1 ? threads : 1);
  if (args->algorithm == CK_CONV2D_GENERAL || args->shape.oh * args->shape.ow == 0) return 0;
  if (args->algorithm == CK_CONV2D_GENERAL_TRANSPOSED) return args->shape.ow * sizeof(float) * workers;
  if (is_product(args)) {
    ck_f32_gemm_args product = product_args(config, args);
    return ck_f32_gemm_scratch_bytes(config, &product, threads);
  }
  const ck_conv2d_plan plan = make_plan(config, args);
  return thread_bytes(&plan) * workers;
}

typedef struct conv2d_job {
  ck_conv2d_plan plan;
  const ck_f32_conv2d_args *args;
  ck_grid grid;
  char *scratch;
} conv2d_job;

static void conv2d_item(const void *context, size_t item, int thread) {
  const conv2d_job *job = context;
  const ck_conv2d_plan *plan = &job->plan;
  const ck_grid *grid = &job->grid;
  const size_t c = (size_t)plan->config->c, pixels = plan->shape.oh * plan->shape.ow;
  const size_t tile_item = item % grid->tile_items, above_tiles = item / grid->tile_items;
  const size_t image = above_tiles % plan->shape.batch, above_images = above_tiles / plan->shape.batch;
  const size_t panel_item = above_images % grid->panel_items, group = above_images / grid->panel_items;

  char *scratch = job->scratch + (size_t)thread * thread_bytes(plan);
  ck_f32_tap *taps = (ck_f32_tap *)scratch;
  float *copy = (float *)(scratch + plan->taps_bytes);

  const float *input = job->args->input + image * plan->input_image + group * plan->input_group;
  const size_t output = image * plan->output_image + group * plan->output_group;
  ck_f32_gemm_tile tile = {
    .b = job->args->weights + group * plan->panels * plan->panel_floats,
    .o_row = plan->transposed ? c * plan->shape.stride_w : c, .o_block = pixels * c,
  };
  tile.r_row = tile.o_row;
  tile.r_block = tile.o_block;
  ck_f32_begin_tile(&tile, &job->args->epilogue);
  if (tile.bias) tile.bias += group * plan->oc;
  const float *residual = tile.residual;

  size_t (*const place)(const ck_conv2d_plan *, const float *, size_t, ck_f32_tap *, float *, ck_f32_gemm_tile *) =
    plan->transposed ? ck_conv2d_place_transposed_tile
    : plan->gathered ? ck_conv2d_place_gathered_tile
                     : ck_conv2d_place_row_tile;
  const size_t first_panel = ck_part_start(grid->panels, grid->panel_items, panel_item);
  const size_t end_panel = ck_part_start(grid->panels, grid->panel_items, panel_item + 1);
  const size_t end_tile = ck_part_start(grid->tiles, grid->tile_items, tile_item + 1);
  for (size_t i = ck_part_start(grid->tiles, grid->tile_items, tile_item); i < end_tile; ++i) {
    const size_t pixel = place(plan, input, i, taps, copy, &tile);
    if (tile.rows == 0) continue;
    tile.out = job->args->output + output + pixel * c;
    if (residual) tile.residual = residual + output + pixel * c;
    ck_f32_run_panels(plan->config, &tile, plan->oc, plan->panel_floats, first_panel, end_panel);
  }
}

void ck_f32_conv2d(const ck_gemm_config *config, const ck_f32_conv2d_args *args, void *scratch, int threads) {
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
  if (is_product(args)) {
    ck_f32_gemm_args product = product_args(config, args);
    ck_f32_gemm(config, &product, scratch, threads);
    return;
  }
  conv2d_job job = {.plan = make_plan(config, args), .args = args, .scratch = scratch};
  job.grid = ck_make_grid(job.plan.tiles, job.plan.panels, job.plan.panel_floats * sizeof(float), repeats, threads);
  ck_parallel(job.grid.tile_items * job.grid.panel_items * repeats, threads, conv2d_item, &job);
}
