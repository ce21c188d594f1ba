#include "conv2d.h"

#include "../isa/parallel.h"

#include <string.h>

enum { GATHERED_BYTES = 2 * 1024 * 1024 };  // of copied input that meets one panel of weights after the other

/// Pixels `first ..< first + rows` of a region, in rows of `width` that begin at (`y`, `x`).
typedef struct pixel_run {
  size_t y, x, width;
  size_t first, rows;
  size_t first_ky, end_ky, first_kx, end_kx;  ///< taps of the region
} pixel_run;

typedef struct gathered_job {
  const ck_conv2d_plan *plan;
  const ck_f32_conv2d_args *args;
  size_t tile_items, panel_items;
  char *scratch;
} gathered_job;

static size_t area_of(const ck_conv2d_class *row, const ck_conv2d_class *column) {
  return (row->end - row->first) * (column->end - column->first);
}

static pixel_run run_of(const ck_conv2d_plan *plan, size_t index) {
  const size_t mr = (size_t)plan->config->mr, columns = plan->columns.count;
  for (size_t i = 0; i < plan->rows.count * columns; ++i) {
    const ck_conv2d_class *row = &plan->rows.list[i / columns], *column = &plan->columns.list[i % columns];
    const size_t area = area_of(row, column), tiles = ck_divide_up(area, mr);
    if (index >= tiles) {
      index -= tiles;
      continue;
    }
    const size_t first = ck_part_start(area, tiles, index);
    return (pixel_run){
        .y = row->first,
        .x = column->first,
        .width = column->end - column->first,
        .first = first,
        .rows = ck_part_start(area, tiles, index + 1) - first,
        .first_ky = row->first_tap,
        .end_ky = row->end_tap,
        .first_kx = column->first_tap,
        .end_kx = column->end_tap,
    };
  }
  return (pixel_run){0};
}

/// One vector of channels; the usual widths as instructions instead of calls.
static inline void copy_lane(float *to, const float *from, size_t c) {
  if (c == 16) memcpy(to, from, 16 * sizeof(float));
  else if (c == 8) memcpy(to, from, 8 * sizeof(float));
  else memcpy(to, from, c * sizeof(float));
}

/// Copies what tap (ky, kx) brings to the pixels of a tile, zeros where that is padding. Returns whether it was all padding.
static int gather_tap(const ck_conv2d_plan *plan, const float *input, const pixel_run *run, size_t ky, size_t kx, float *copy) {
  enum { most = 64 };
  const ck_conv2d_shape *s = &plan->shape;
  const size_t c = plan->lane, block_floats = s->h * s->w * c, outside = block_floats;
  size_t from[most];
  int touched = 0;
  for (size_t m = 0; m < run->rows; ++m) {
    const size_t y = run->y + (run->first + m) / run->width, x = run->x + (run->first + m) % run->width;
    const size_t iy = y * s->stride_h + ky * s->dilation_h - s->pad_top, ix = x * s->stride_w + kx * s->dilation_w - s->pad_left;
    // What lies before the image has wrapped around.
    const int inside = iy < s->h && ix < s->w;
    from[m] = inside ? (iy * s->w + ix) * c : outside;
    touched |= inside;
  }
  if (!touched) return 1;
  for (size_t block = 0; block < plan->blocks; ++block, input += block_floats)
    for (size_t m = 0; m < run->rows; ++m, copy += c) {
      if (from[m] == outside) memset(copy, 0, c * sizeof(float));
      else copy_lane(copy, input + from[m], c);
    }
  return 0;
}

/// Whether neighbors among the tile's pixels are neighbors in the image, for every tap.
static int lies_in_place(const ck_conv2d_plan *plan, const pixel_run *run) {
  const ck_conv2d_shape *s = &plan->shape;
  return plan->is_split && run->width == s->w && s->ow == s->w && s->stride_h == 1 && s->stride_w == 1;
}

/// Points `tile` at the input that taps `first ..< end` need.
static void place(const ck_conv2d_plan *plan, const float *input, const pixel_run *run, size_t first, size_t end,
                  ck_f32_tap *taps, float *copy, ck_f32_gemm_tile *tile) {
  const ck_conv2d_shape *s = &plan->shape;
  const size_t c = plan->lane, nr = (size_t)plan->config->nr;
  const int in_place = lies_in_place(plan, run);
  size_t count = 0, origin = 0;
  for (size_t i = first; i < end; ++i) {
    const size_t ky = i / s->kw, kx = i % s->kw;
    if (ky < run->first_ky || ky >= run->end_ky || kx < run->first_kx || kx >= run->end_kx) continue;
    size_t at = count * plan->blocks * run->rows * c;
    if (in_place) {
      at = ((run->y + ky * s->dilation_h - s->pad_top) * s->w + kx * s->dilation_w - s->pad_left + run->first) * c;
      if (count == 0) origin = at;
      at -= origin;
    } else if (gather_tap(plan, input, run, ky, kx, copy + at)) {
      continue;
    }
    taps[count++] = (ck_f32_tap){at, i * plan->ic * nr};
  }
  tile->rows = run->rows;
  tile->k = plan->ic;
  tile->a = in_place ? input + origin : copy;
  tile->a_row = c;
  tile->a_block = in_place ? s->h * s->w * c : run->rows * c;
  tile->taps = taps;
  tile->tap_count = count;
}

/// Whether a tap of the region is among `first ..< end`.
static int has_tap(const ck_conv2d_plan *plan, const pixel_run *run, size_t first, size_t end) {
  const size_t kw = plan->shape.kw;
  for (size_t i = first; i < end; ++i)
    if (i / kw >= run->first_ky && i / kw < run->end_ky && i % kw >= run->first_kx && i % kw < run->end_kx) return 1;
  return 0;
}

/// Copies the pixels of a tile between an image of `pixels` pixels and `tile`, for blocks `first ..< end` of channels.
static void copy_pixels(const ck_conv2d_plan *plan, const pixel_run *run, size_t first, size_t end, const float *from, float *to,
                        int gathers) {
  const ck_conv2d_shape *s = &plan->shape;
  const size_t c = (size_t)plan->config->c, ow = s->ow;
  for (size_t block = first; block < end; ++block)
    for (size_t m = 0; m < run->rows; ++m) {
      const size_t y = run->y + (run->first + m) / run->width, x = run->x + (run->first + m) % run->width;
      const size_t image = ((block * s->oh + y) * ow + x) * c, tile = (block * run->rows + m) * c;
      copy_lane(to + (gathers ? tile : image), from + (gathers ? image : tile), c);
    }
}

/// The taps, the copied input, and the results of a tile whose pixels lie apart.
static size_t tile_bytes(const ck_conv2d_plan *plan) {
  return plan->taps_bytes + (plan->copy_floats + plan->result_floats) * sizeof(float);
}

static size_t tiles_together(const ck_conv2d_plan *plan, size_t tiles) {
  const size_t most = ck_min_size(ck_max_size(GATHERED_BYTES / tile_bytes(plan), 1), CK_BLOCK_TILES);
  return ck_divide_up(tiles, ck_divide_up(tiles, most));
}

size_t ck_conv2d_gathered_bytes(const ck_conv2d_plan *plan) { return tile_bytes(plan) * tiles_together(plan, plan->tiles); }

/// Everything that a block of tiles has in common.
typedef struct gathered_block {
  const float *input;
  const float *residual;
  float *output;
  ck_f32_gemm_tile model;
  size_t first_panel, end_panel;
} gathered_block;

static void run_block(const ck_conv2d_plan *plan, const gathered_block *g, const pixel_run *runs, size_t count, char *scratch) {
  const size_t c = (size_t)plan->config->c, nr = (size_t)plan->config->nr, all = plan->shape.kh * plan->shape.kw;
  const size_t first_block = g->first_panel * nr / c, end_block = ck_min_size(g->end_panel * nr / c, ck_divide_up(plan->oc, c));
  const int apart = plan->result_floats > 0;
  ck_f32_gemm_tile tiles[CK_BLOCK_TILES];
  for (size_t part = 0; part < plan->runs; ++part) {
    const size_t first = ck_part_start(all, plan->runs, part), end = ck_part_start(all, plan->runs, part + 1);
    size_t used = 0;
    for (size_t i = 0; i < count; ++i) {
      const pixel_run *run = &runs[i];
      // The first part of a tile sets its results, the last one finishes them; without any tap the first is both.
      const int is_first = !has_tap(plan, run, 0, first), is_last = !has_tap(plan, run, end, all);
      if (!has_tap(plan, run, first, end) && !(part == 0 && is_last)) continue;
      char *own = scratch + i * tile_bytes(plan);
      float *copy = (float *)(own + plan->taps_bytes), *results = copy + plan->copy_floats;
      ck_f32_gemm_tile *tile = &tiles[used];
      *tile = g->model;
      place(plan, g->input, run, first, end, (ck_f32_tap *)own, copy, tile);
      if (tile->tap_count == 0 && !is_first && !is_last) continue;
      const size_t pixel = (run->y * plan->shape.ow + run->x + run->first) * c;
      tile->out = apart ? results : g->output + pixel;
      if (apart) tile->o_block = tile->r_block = run->rows * c;
      if (g->residual) tile->residual = apart ? results : g->residual + pixel;
      if (apart && g->residual && is_first) copy_pixels(plan, run, first_block, end_block, g->residual, results, 1);
      ck_f32_continue_run(tile, is_first, is_last);
      ++used;
    }
    if (used > 0)
      ck_f32_run_tiles(plan->config, tiles, used,
                       (ck_f32_columns){
                           .count = plan->oc,
                           .panel_floats = plan->panel_floats,
                           .first = g->first_panel,
                           .end = g->end_panel,
                           .fetched_floats = plan->panel_floats / plan->runs,
                       });
  }
  for (size_t i = 0; apart && i < count; ++i) {
    const float *results = (const float *)(scratch + i * tile_bytes(plan) + plan->taps_bytes) + plan->copy_floats;
    copy_pixels(plan, &runs[i], first_block, end_block, results, g->output, 0);
  }
}

static void gathered_item(const void *context, size_t item, int thread) {
  const gathered_job *job = context;
  const ck_conv2d_plan *plan = job->plan;
  const size_t c = (size_t)plan->config->c;
  const size_t tile_item = item % job->tile_items, above_tiles = item / job->tile_items;
  const size_t image = above_tiles % plan->shape.batch, above_images = above_tiles / plan->shape.batch;
  const size_t panel_item = above_images % job->panel_items, group = above_images / job->panel_items;
  const size_t at = image * plan->output_image + group * plan->output_group;
  const float *residual = job->args->epilogue.residual;
  gathered_block block = {
      .input = job->args->input + image * plan->input_image + group * plan->input_group,
      .residual = residual ? residual + at : NULL,
      .output = job->args->output + at,
      .model = {.b = job->args->weights + group * plan->panels * plan->panel_floats,
                .o_row = c,
                .o_block = plan->shape.oh * plan->shape.ow * c},
      .first_panel = ck_part_start(plan->panels, job->panel_items, panel_item),
      .end_panel = ck_part_start(plan->panels, job->panel_items, panel_item + 1),
  };
  block.model.r_row = block.model.o_row;
  block.model.r_block = block.model.o_block;
  ck_f32_begin_tile(&block.model, &job->args->epilogue);
  if (block.model.bias) block.model.bias += group * plan->oc;

  // Every tile_items-th tile: regions differ in their taps.
  const size_t own = ck_divide_up(plan->tiles - tile_item, job->tile_items), together = tiles_together(plan, plan->tiles);
  char *scratch = job->scratch + (size_t)thread * ck_conv2d_gathered_bytes(plan);
  const size_t blocks = ck_divide_up(own, together);
  for (size_t k = 0; k < blocks; ++k) {
    const size_t first = ck_part_start(own, blocks, k), count = ck_part_start(own, blocks, k + 1) - first;
    pixel_run runs[CK_BLOCK_TILES];
    for (size_t i = 0; i < count; ++i) runs[i] = run_of(plan, tile_item + (first + i) * job->tile_items);
    run_block(plan, &block, runs, count, scratch);
  }
}

/// Cuts the grid of tiles and panels so that the longest item is as short as can be.
static void share(gathered_job *job, size_t repeats, int threads) {
  static const double CYCLES_PER_BYTE = 0.1, COPIES = 3;
  const ck_conv2d_plan *plan = job->plan;
  const size_t wanted = ck_divide_up((size_t)(threads > 1 ? threads : 1), repeats);
  const double products = (double)plan->tap_pixels * (double)plan->ic / (double)plan->tiles;
  const double rows_cost = COPIES * CYCLES_PER_BYTE * products * sizeof(float);
  const double panel_cost = CYCLES_PER_BYTE * (double)plan->panel_floats * sizeof(float);
  double least = -1;
  for (size_t across = 1; across <= ck_min_size(plan->tiles, wanted); ++across) {
    const size_t along = ck_min_size(ck_divide_up(wanted, across), plan->panels);
    const double tiles = (double)ck_divide_up(plan->tiles, across), panels = (double)ck_divide_up(plan->panels, along);
    const double cost = tiles * panels * products + tiles * rows_cost + panels * panel_cost;
    if (least >= 0 && cost >= least) continue;
    least = cost;
    job->tile_items = across;
    job->panel_items = along;
  }
}

void ck_conv2d_run_gathered(const ck_conv2d_plan *plan, const ck_f32_conv2d_args *args, void *scratch, int threads) {
  const size_t repeats = plan->shape.batch * plan->shape.groups;
  gathered_job job = {.plan = plan, .args = args, .scratch = scratch};
  share(&job, repeats, threads);
  ck_parallel(job.tile_items * job.panel_items * repeats, threads, gathered_item, &job);
}
