#include "winograd.h"

#include "../isa/parallel.h"
#include "winograd_kernels.h"

enum {
  WINOGRAD_BYTES = 1024 * 1024,  ///< transformed input that stays in the second cache
  WINOGRAD_STRIPS = 8,           ///< most strips of it
};

/// Tiles are numbered row by row; a strip is as many neighbors as a matrix kernel has rows.
typedef struct winograd_plan {
  const ck_gemm_config *config;
  const ck_winograd_kernels *kernels;
  ck_conv2d_shape shape;
  size_t size, points;      ///< outputs along a tile's side; products per tile
  size_t across, tiles;     ///< tiles in a row of them, and in an image
  size_t strips, together;  ///< per image; as many as share the weights in the second cache
  size_t panels, panel_items;
  size_t blocks;  ///< blocks of input channels
  size_t input_image, output_image;
  size_t v_point, v_floats;  ///< transformed input: floats per point, and per strip
  size_t m_floats;           ///< sums of one panel, per strip
} winograd_plan;

int ck_winograd_supports(const ck_conv2d_shape *s) {
  return s->kh == 3 && s->kw == 3 && s->stride_h == 1 && s->stride_w == 1 && s->dilation_h == 1 && s->dilation_w == 1 &&
         s->groups == 1;
}

/// Divides strips and panels among threads. Few strips at a time read the weights often; few panels transform the input often.
static void share(winograd_plan *p, int threads) {
  // In cycles: to read a byte of weights beside the products, to transform a vector of input.
  static const double PER_BYTE = 0.15, PER_POINT = 5;
  const size_t workers = (size_t)(threads > 1 ? threads : 1), batch = ck_max_size(p->shape.batch, 1);
  const size_t most = ck_min_size(ck_max_size(WINOGRAD_BYTES / (p->v_floats * sizeof(float)), 1), WINOGRAD_STRIPS);
  const double products = (double)p->points * (double)p->shape.ic, mr = p->config->mr;
  const double panel_bytes = products * p->config->nr * sizeof(float);
  double least = -1;
  p->together = p->panel_items = 1;
  for (size_t parts = 1; parts <= ck_min_size(p->panels, workers); ++parts) {
    const size_t across = ck_min_size(p->strips, ck_divide_up(workers, batch * parts));
    const size_t groups = ck_max_size(ck_max_size(ck_divide_up(p->strips, most), across), 1);
    const double strips = (double)ck_divide_up(p->strips, groups), panels = (double)ck_divide_up(p->panels, parts);
    const double item =
        strips * mr * (products * panels + PER_POINT * (double)(p->points * p->blocks)) + PER_BYTE * panels * panel_bytes;
    const double cost = item * (double)ck_divide_up(groups * parts * batch, workers);
    if (least >= 0 && cost >= least) continue;
    least = cost;
    p->together = (size_t)strips;
    p->panel_items = parts;
  }
}

static winograd_plan make_plan(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads) {
  const ck_conv2d_shape *s = &args->shape;
  const size_t c = (size_t)config->c, mr = (size_t)config->mr, nr = (size_t)config->nr;
  winograd_plan p = {.config = config, .kernels = CK_BEST_LEVEL(winograd, config->isa), .shape = *s};
  p.size = ck_winograd_size(args->algorithm);
  p.points = (p.size + 2) * (p.size + 2);
  p.across = ck_divide_up(s->ow, p.size);
  p.tiles = p.across * ck_divide_up(s->oh, p.size);
  p.strips = ck_divide_up(p.tiles, mr);
  p.panels = ck_divide_up(s->oc, nr);
  p.blocks = ck_divide_up(s->ic, c);
  p.input_image = args->input_image ? args->input_image : p.blocks * c * s->h * s->w;
  p.output_image = args->output_image ? args->output_image : ck_round_up(s->oc, c) * s->oh * s->ow;
  // An odd number of lines from point to point, lest all points fall on the same sets of a cache.
  p.v_point = (p.blocks * mr | 1) * c;
  p.v_floats = ck_round_up(p.points * p.v_point, 16);
  p.m_floats = ck_round_up(p.points * mr * nr, 16);
  share(&p, threads);
  return p;
}

static size_t thread_floats(const winograd_plan *p) {
  const size_t patch = ck_round_up(p->points * (size_t)p->config->c, 16);
  return p->together * (p->v_floats + p->m_floats) + patch;
}

size_t ck_f32_winograd_scratch_bytes(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads) {
  const winograd_plan plan = make_plan(config, args, threads);
  return thread_floats(&plan) * sizeof(float) * (size_t)(threads > 1 ? threads : 1);
}

typedef struct winograd_job {
  winograd_plan plan;
  const ck_f32_conv2d_args *args;
  float *scratch;
} winograd_job;

/// Transforms one tile of all channels; `patch` is room for a tile that reaches past the image.
static void transform_tile(const winograd_plan *p, const float *input, size_t tile, float *v, size_t rows, float *patch) {
  const ck_conv2d_shape *s = &p->shape;
  const size_t c = (size_t)p->config->c, side = p->size + 2;
  const ptrdiff_t y = (ptrdiff_t)(tile / p->across * p->size) - (ptrdiff_t)s->pad_top;
  const ptrdiff_t x = (ptrdiff_t)(tile % p->across * p->size) - (ptrdiff_t)s->pad_left;
  const int inside = y >= 0 && x >= 0 && (size_t)y + side <= s->h && (size_t)x + side <= s->w;
  for (size_t block = 0; block < p->blocks; ++block, input += s->h * s->w * c, v += rows * c) {
    const float *from = inside ? input + ((size_t)y * s->w + (size_t)x) * c : patch;
    if (!inside)
      for (size_t i = 0; i < side; ++i) {
        const ptrdiff_t row = y + (ptrdiff_t)i;
        // Without a row of the image the whole width is padding.
        const size_t width = row >= 0 && row < (ptrdiff_t)s->h ? s->w : 0;
        ck_conv2d_copy_span(width ? input + (size_t)row * s->w * c : input, width ? x : 0, side, width, c, patch + i * side * c);
      }
    const size_t row = (inside ? s->w : side) * c;
    if (p->size == 2) p->kernels->f32_winograd2_input(from, row, c, v, p->v_point);
    else p->kernels->f32_winograd4_input(from, row, c, v, p->v_point);
  }
}

/// Writes the results of one tile and one block of output channels.
static void finish_tile(const winograd_job *job, const float *sums, size_t step, size_t image, size_t tile, size_t block) {
  const winograd_plan *p = &job->plan;
  const ck_conv2d_shape *s = &p->shape;
  const ck_f32_epilogue *e = &job->args->epilogue;
  const size_t c = (size_t)p->config->c, y = tile / p->across * p->size, x = tile % p->across * p->size;
  const size_t place = image * p->output_image + (block * s->oh * s->ow + y * s->ow + x) * c;
  float bias[64] = {0};
  const float *own_bias = e->bias ? e->bias + block * c : NULL;
  if (own_bias && s->oc - block * c < c) {
    for (size_t i = 0; i < s->oc - block * c; ++i) bias[i] = own_bias[i];
    own_bias = bias;
  }
  const ck_winograd_results results = {
      .out = job->args->output + place,
      .residual = e->residual ? e->residual + place : NULL,
      .bias = own_bias,
      .row = s->ow * c,
      .c = c,
      .height = ck_min_size(p->size, s->oh - y),
      .width = ck_min_size(p->size, s->ow - x),
      .activation = e->activation,
      .scale = e->scale == 0 ? 1 : e->scale,
      .residual_last = (e->flags & CK_EPILOGUE_RESIDUAL_LAST) != 0,
  };
  if (p->size == 2) p->kernels->f32_winograd2_output(sums, step, &results);
  else p->kernels->f32_winograd4_output(sums, step, &results);
}

/// Some strips of one image, and a part of the panels.
static void winograd_item(const void *context, size_t item, int thread) {
  const winograd_job *job = context;
  const winograd_plan *p = &job->plan;
  const size_t c = (size_t)p->config->c, nr = (size_t)p->config->nr, ic = p->shape.ic;
  const size_t panel_item = item % p->panel_items, rest = item / p->panel_items;
  const size_t groups = ck_divide_up(p->strips, p->together), image = rest / groups;
  const size_t first = ck_part_start(p->strips, groups, rest % groups);
  const size_t count = ck_part_start(p->strips, groups, rest % groups + 1) - first;
  float *v = job->scratch + (size_t)thread * thread_floats(p), *m = v + p->together * p->v_floats;
  float *patch = m + p->together * p->m_floats;
  const float *input = job->args->input + image * p->input_image;

  size_t start[WINOGRAD_STRIPS + 1];
  for (size_t i = 0; i <= count; ++i) start[i] = ck_part_start(p->tiles, p->strips, first + i);
  for (size_t i = 0; i < count; ++i)
    for (size_t tile = start[i]; tile < start[i + 1]; ++tile)
      transform_tile(p, input, tile, v + i * p->v_floats + (tile - start[i]) * c, start[i + 1] - start[i], patch);

  const size_t end_panel = ck_part_start(p->panels, p->panel_items, panel_item + 1),
               slice = ck_divide_up(ic, 4) * CK_GEMM_LINES * 16;
  const ck_f32_tap whole = {0, 0};
  for (size_t panel = ck_part_start(p->panels, p->panel_items, panel_item); panel < end_panel; ++panel) {
    const size_t columns = ck_min_size(p->shape.oc - panel * nr, nr);
    const float *weights = job->args->weights + panel * p->points * ic * nr;
    for (size_t point = 0; point < p->points; ++point, weights += ic * nr)
      for (size_t i = 0; i < count; ++i) {
        const size_t rows = start[i + 1] - start[i];
        ck_f32_gemm_tile tile = {
            .rows = rows,
            .columns = ck_round_up(columns, c),
            .k = ic,
            .a = v + i * p->v_floats + point * p->v_point,
            .a_row = c,
            .a_block = rows * c,
            .taps = &whole,
            .tap_count = 1,
            .b = weights,
            .out = m + i * p->m_floats + point * rows * nr,
            .o_row = c,
            .o_block = rows * c,
            .scale = 1,
        };
        if (count * slice < ic * nr) tile.next_whole = i == 0;
        if (tile.next_whole || i * slice < ic * nr) tile.next_b = weights + ic * nr + i * slice;
        p->config->f32(&tile);
      }
    for (size_t i = 0; i < count; ++i) {
      const size_t rows = start[i + 1] - start[i];
      for (size_t block = 0; block * c < columns; ++block)
        for (size_t row = 0; row < rows; ++row)
          finish_tile(job, m + i * p->m_floats + (block * rows + row) * c, rows * nr, image, start[i] + row,
                      panel * nr / c + block);
    }
  }
}

void ck_f32_winograd(const ck_gemm_config *config, const ck_f32_conv2d_args *args, void *scratch, int threads) {
  winograd_job job = {.plan = make_plan(config, args, threads), .args = args, .scratch = scratch};
  ck_parallel(ck_divide_up(job.plan.strips, job.plan.together) * args->shape.batch * job.plan.panel_items, threads, winograd_item,
              &job);
}
