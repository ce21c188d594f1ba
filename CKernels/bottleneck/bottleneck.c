#include "../gemm/product.h"
#include "../isa/parallel.h"
#include "../reduce/kernels.h"
#include "ckernels_bottleneck.h"
#include "pointwise.h"

#include <string.h>

enum {
  STRIP_BYTES = 640 * 1024,   // of intermediate rows: a part of the second cache
  INPUT_BYTES = 1024 * 1024,  // of an image that is read again for every panel of channels
  SHORTEST_ROW = 4,           // output rows of a strip, unless the image has fewer or the cache no room
};

/// How a bottleneck is cut: items of some rows and channels, whose rows are strips of `rows` output rows, each from `window` rows
/// of the depthwise convolution's input. A projection needs all channels of a strip; without one they go panel by panel.
typedef struct strip_plan {
  const ck_gemm_config *config;
  const ck_f32_bottleneck_args *args;
  size_t row_items, panel_items;  // per image
  size_t rows, window;
  size_t blocks, input_blocks, output_blocks;
  size_t panels, panel_blocks, own_blocks;  // blocks of a panel, and of the buffers
  size_t expanded_floats, result_floats;    // scratch of a thread
  float *sums;                              // [n * out_h][blocks * c]
  float *scratch;
} strip_plan;

static size_t reach_of(const ck_depthwise_shape *s) { return (s->kernel_h - 1) * s->dilation_h + 1; }

static size_t strip_bytes(const ck_f32_bottleneck_args *args, size_t blocks, size_t rows) {
  const ck_depthwise_shape *s = &args->depthwise;
  const size_t window = (rows - 1) * s->stride_h + reach_of(s);
  return blocks * s->c * sizeof(float) * ((args->expand ? window * s->in_w : 0) + (args->project ? rows * s->out_w : 0));
}

/// Divides images among threads: rows that neighbors need are expanded twice, panels do not always come out even.
static void share(strip_plan *p, int threads) {
  const ck_f32_bottleneck_args *args = p->args;
  const ck_depthwise_shape *s = &args->depthwise;
  const size_t team = threads > 1 ? (size_t)threads : 1, most_panels = args->project ? 1 : ck_min_size(p->panels, team);
  double least = -1;
  for (size_t along = 1; along <= most_panels; ++along)
    for (size_t across = 1; across <= ck_min_size(s->out_h, team); ++across) {
      const size_t shared = args->expand && across > 1 && reach_of(s) > s->stride_h ? reach_of(s) - s->stride_h : 0;
      const double rows = (double)(ck_divide_up(s->out_h, across) * s->stride_h + shared);
      const double panels = (double)ck_divide_up(p->panels, along) / (double)p->panels;
      const double cost = rows * panels * (double)ck_divide_up(s->n * across * along, team);
      if (least >= 0 && cost >= least) continue;
      least = cost;
      p->row_items = across;
      p->panel_items = along;
    }
}

static strip_plan make_plan(const ck_gemm_config *config, const ck_f32_bottleneck_args *args, void *scratch, int threads) {
  const ck_depthwise_shape *s = &args->depthwise;
  strip_plan p = {.config = config, .args = args};
  p.blocks = ck_divide_up(s->channels, s->c);
  p.input_blocks = ck_divide_up(args->input_channels, s->c);
  p.output_blocks = ck_divide_up(args->output_channels, s->c);
  p.panel_blocks = (size_t)config->nr / s->c;
  p.panels = ck_divide_up(p.blocks, p.panel_blocks);
  share(&p, threads);
  const size_t own_rows = ck_divide_up(s->out_h, p.row_items);
  const size_t input_bytes = p.input_blocks * s->in_h * s->in_w * s->c * sizeof(float) / p.row_items;
  p.own_blocks = args->project || input_bytes > INPUT_BYTES ? p.blocks : p.panel_blocks;
  p.rows = ck_min_size(SHORTEST_ROW, own_rows);
  while (p.rows > 1 && strip_bytes(args, p.own_blocks, p.rows) > 4 * STRIP_BYTES) --p.rows;
  while (p.rows < own_rows && strip_bytes(args, p.own_blocks, p.rows + 1) <= STRIP_BYTES) ++p.rows;
  p.rows = ck_divide_up(own_rows, ck_divide_up(own_rows, p.rows));
  p.window = (p.rows - 1) * s->stride_h + reach_of(s);
  p.expanded_floats = args->expand ? ck_round_up(p.own_blocks * p.window * s->in_w * s->c, 16) : 0;
  p.result_floats = args->project ? ck_round_up(p.blocks * p.rows * s->out_w * s->c, 16) : 0;
  p.sums = scratch;
  const size_t sums = args->means ? ck_round_up(s->n * s->out_h * p.blocks * s->c, 16) : 0;
  p.scratch = scratch ? (float *)scratch + sums : NULL;
  return p;
}

size_t ck_f32_bottleneck_scratch_bytes(const ck_gemm_config *config, const ck_f32_bottleneck_args *args, int threads) {
  const ck_depthwise_shape *s = &args->depthwise;
  if (s->n * s->out_h * s->out_w * s->channels == 0) return 0;
  const strip_plan p = make_plan(config, args, NULL, threads);
  const size_t sums = args->means ? ck_round_up(s->n * s->out_h * p.blocks * s->c, 16) : 0;
  return (sums + (p.expanded_floats + p.result_floats) * (size_t)(threads > 1 ? threads : 1)) * sizeof(float);
}

/// Rows `begin ..< end` of one image in the buffer of expanded rows, the first of which is row `origin`.
typedef struct row_window {
  size_t origin, begin, end;
} row_window;

// A pixel is computed alike whatever other rows a thread needs.
static void expand_rows(const strip_plan *p, const float *input, size_t panel, row_window w, float *expanded) {
  const ck_f32_bottleneck_args *args = p->args;
  const ck_depthwise_shape *s = &args->depthwise;
  const ck_pointwise f = {args->input_channels, s->channels, args->expand, args->expand_bias, args->expand_activation};
  const size_t row = s->in_w * s->c;
  ck_run_pointwise(p->config, &f, panel, (w.end - w.begin) * s->in_w, input + w.begin * row, s->in_h * row, NULL,
                   expanded + (w.begin - w.origin) * row, p->window * row);
}

static void project_rows(const strip_plan *p, const float *results, size_t rows, const float *residual, float *output) {
  const ck_f32_bottleneck_args *args = p->args;
  const ck_depthwise_shape *s = &args->depthwise;
  const ck_pointwise f = {s->channels, args->output_channels, args->project, args->project_bias, args->project_activation};
  const size_t row = s->out_w * s->c, block = s->out_h * row, step = (size_t)p->config->nr / s->c * block;
  for (size_t panel = 0; panel * (size_t)p->config->nr < f.n; ++panel)
    ck_run_pointwise(p->config, &f, panel, rows * s->out_w, results, rows * row, residual ? residual + panel * step : NULL,
                     output + panel * step, block);
}

/// Output rows `first ..< end` of some blocks of channels of one image.
typedef struct strip {
  size_t image, first, end;
  size_t first_block, end_block;
} strip;

// `kept`: the rows of the image that a buffer of expanded rows holds already, from `kept.origin` on.
static row_window run_strip(const strip_plan *p, const strip *own, row_window kept, float *expanded) {
  const ck_f32_bottleneck_args *args = p->args;
  const ck_depthwise_shape *s = &args->depthwise;
  const size_t c = s->c, in_row = s->in_w * c, out_row = s->out_w * c, area = s->kernel_h * s->kernel_w;
  float *results = expanded + p->expanded_floats;
  const size_t image = own->image, first = own->first, end = own->end, rows = end - first, top = first * s->stride_h;
  const size_t origin = ck_min_size(top > s->pad_top ? top - s->pad_top : 0, s->in_h);
  const size_t bottom = (end - 1) * s->stride_h + reach_of(s);
  const size_t limit = ck_max_size(ck_min_size(bottom > s->pad_top ? bottom - s->pad_top : 0, s->in_h), origin);
  const size_t begin = ck_min_size(ck_max_size(kept.end, origin), limit);
  const float *input = args->input + image * p->input_blocks * s->in_h * in_row;
  float *output = args->output + image * p->output_blocks * s->out_h * out_row + first * out_row;

  ck_depthwise_shape part = *s;
  part.in_h = args->expand ? limit - origin : s->in_h;
  part.out_h = rows;
  part.pad_top = origin + s->pad_top - top;
  for (size_t block = own->first_block; block < own->end_block; ++block) {
    const float *x = input + block * s->in_h * in_row;
    if (args->expand) {
      float *window = expanded + (block - own->first_block) * p->window * in_row;
      x = window;
      if (block % p->panel_blocks == 0) {
        float *moved = window;
        for (size_t b = block; begin > origin && b < ck_min_size(block + p->panel_blocks, p->blocks);
             ++b, moved += p->window * in_row)
          memmove(moved, moved + (origin - kept.origin) * in_row, (begin - origin) * in_row * sizeof(float));
        expand_rows(p, input, block / p->panel_blocks, (row_window){origin, begin, limit}, window);
      }
    }
    float *y = args->project ? results + block * rows * out_row : output + block * s->out_h * out_row;
    const float *weights = args->weights + block * area * c, *bias = args->bias ? args->bias + block * c : NULL;
    if (args->expand) ck_f32_depthwise_rows(p->config->isa, &part, 0, rows, x, weights, bias, y, args->activation);
    else ck_f32_depthwise_rows(p->config->isa, s, first, end, x, weights, bias, y, args->activation);
    for (size_t r = 0; args->means && r < rows; ++r)
      CK_BEST_LEVEL(reduce, p->config->isa)
          ->f32_reduce_columns(CK_REDUCE_SUM, s->out_w, c, y + r * out_row, c,
                               p->sums + ((image * s->out_h + first + r) * p->blocks + block) * c);
  }
  if (args->project) project_rows(p, results, rows, args->residual ? args->residual + (output - args->output) : NULL, output);
  return (row_window){origin, origin, limit};
}

static void add_means(const strip_plan *p) {
  const ck_depthwise_shape *s = &p->args->depthwise;
  const size_t width = p->blocks * s->c;
  for (size_t image = 0; image < s->n; ++image) {
    float *means = p->args->means + image * width;
    CK_BEST_LEVEL(reduce, p->config->isa)
        ->f32_reduce_columns(CK_REDUCE_SUM, s->out_h, width, p->sums + image * s->out_h * width, width, means);
    for (size_t i = 0; i < width; ++i) means[i] /= (float)(s->out_h * s->out_w);
  }
}

static void bottleneck_item(const void *context, size_t item, int thread) {
  const strip_plan *p = context;
  const ck_depthwise_shape *s = &p->args->depthwise;
  const size_t row_item = item % p->row_items, above = item / p->row_items, panel_item = above % p->panel_items;
  const size_t first = ck_part_start(s->out_h, p->row_items, row_item), end = ck_part_start(s->out_h, p->row_items, row_item + 1);
  const size_t end_panel = ck_part_start(p->panels, p->panel_items, panel_item + 1);
  const size_t end_block = ck_min_size(end_panel * p->panel_blocks, p->blocks);
  float *expanded = p->scratch + (size_t)thread * (p->expanded_floats + p->result_floats);
  strip own = {.image = above / p->panel_items};
  for (own.first_block = ck_part_start(p->panels, p->panel_items, panel_item) * p->panel_blocks; own.first_block < end_block;
       own.first_block = own.end_block) {
    own.end_block = ck_min_size(own.first_block + p->own_blocks, end_block);
    row_window kept = {0};
    for (own.first = first; own.first < end; own.first = own.end) {
      own.end = ck_min_size(own.first + p->rows, end);
      kept = run_strip(p, &own, kept, expanded);
    }
  }
}

void ck_f32_bottleneck(const ck_gemm_config *config, const ck_f32_bottleneck_args *args, void *scratch, int threads) {
  const ck_depthwise_shape *s = &args->depthwise;
  if (s->n * s->out_h * s->out_w * s->channels == 0) return;
  const strip_plan p = make_plan(config, args, scratch, threads);
  ck_parallel(s->n * p.row_items * p.panel_items, threads, bottleneck_item, &p);
  if (args->means) add_means(&p);
}
