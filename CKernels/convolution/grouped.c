#include "grouped.h"

#include "../isa/parallel.h"
#include "grouped_kernels.h"

#include <string.h>

enum { BAND_FLOATS = 10 * 1024 };  // of copied input, so that it stays in the first cache

/// Results are made in bands of rows of one block. Where the window meets padding, the rows of the image that a band reads are
/// copied, with the padding at their ends.
typedef struct grouped_plan {
  const ck_gemm_config *config;
  const ck_grouped_kernels *kernels;
  ck_conv2d_shape shape;
  size_t ic, oc, blocks;
  size_t terms;         ///< of a block of results, at most
  size_t input_blocks;  ///< that a block of results reads, at most this many
  size_t bands, band_rows;
  int copies;
  size_t width;  ///< of a copied row, in pixels
  size_t copy_floats;
  size_t block_floats;  ///< packed
  size_t input_image, output_image;
} grouped_plan;

int ck_conv2d_grouped_supports(const ck_gemm_config *config, const ck_conv2d_shape *s) {
  return CK_BEST_LEVEL(grouped, config->isa)->c == (size_t)config->c && s->groups > 1 && s->ic >= s->groups &&
         s->oc >= s->groups && s->ic % s->groups == 0 && s->oc % s->groups == 0;
}

/// The groups of one block of results.
typedef struct group_range {
  size_t first, last;
} group_range;

static group_range groups_of(const ck_conv2d_shape *s, size_t c, size_t block) {
  const size_t oc = s->oc / s->groups;
  return (group_range){block * c / oc, (ck_min_size(block * c + c, s->oc) - 1) / oc};
}

/// Blocks of the input that hold channel `channel` of the groups of a block of results.
static size_t blocks_met(const ck_conv2d_shape *s, size_t c, group_range groups, size_t channel) {
  const size_t ic = s->ic / s->groups;
  size_t count = 1;
  for (size_t g = groups.first; g < groups.last; ++g) count += (g * ic + channel) / c != (g * ic + ic + channel) / c;
  return count;
}

/// Whether a block of results reads within one block of the input.
static int stays_inside(const ck_conv2d_shape *s, size_t c) {
  const size_t ic = s->ic / s->groups, oc = s->oc / s->groups;
  return c % oc == 0 && oc % ic == 0;
}

size_t ck_conv2d_grouped_terms(const ck_gemm_config *config, const ck_conv2d_shape *s) {
  const size_t c = (size_t)config->c, ic = s->ic / s->groups, oc = s->oc / s->groups;
  if (stays_inside(s, c)) return ic;
  size_t most = 0, period = ck_divide_up(s->oc, c);
  // After as many results as are whole blocks and whole groups, groups meet blocks as before.
  if (ic == oc) period = ck_min_size(period, oc);
  for (size_t block = 0; block < period; ++block) {
    const group_range groups = groups_of(s, c, block);
    size_t count = 0;
    for (size_t channel = 0; channel < ic; ++channel) count += blocks_met(s, c, groups, channel);
    most = ck_max_size(most, count);
  }
  return most;
}

/// Packed weights begin with the number of terms and their blocks, then come the lanes that they are spread over.
static size_t head_floats(size_t terms) { return ck_round_up(1 + terms, CK_GROUPED_LANES); }

static size_t packed_block_floats(const ck_gemm_config *config, const ck_conv2d_shape *s, size_t terms) {
  return ck_round_up(head_floats(terms) + (size_t)config->c * terms * (1 + s->kh * s->kw), 16);
}

static size_t rows_read(const ck_conv2d_shape *s, size_t results) {
  return (results - 1) * s->stride_h + (s->kh - 1) * s->dilation_h + 1;
}

static size_t rows_copied(const ck_conv2d_shape *s, size_t results) { return ck_min_size(rows_read(s, results), s->h); }

static grouped_plan make_plan(const ck_gemm_config *config, const ck_f32_conv2d_args *args) {
  const ck_conv2d_shape *s = &args->shape;
  const size_t c = (size_t)config->c;
  grouped_plan p = {.config = config, .kernels = CK_BEST_LEVEL(grouped, config->isa), .shape = *s};
  p.ic = s->ic / s->groups;
  p.oc = s->oc / s->groups;
  p.blocks = ck_divide_up(s->oc, c);
  p.terms = ck_conv2d_grouped_terms(config, s);
  p.block_floats = packed_block_floats(config, s, p.terms);
  p.input_blocks = stays_inside(s, c) ? 1 : ((c - 1) / p.oc + 2) * p.ic / c + 2;
  p.width = (s->ow - 1) * s->stride_w + (s->kw - 1) * s->dilation_w + 1;
  p.copies = s->pad_left > 0 || p.width > s->w;
  p.band_rows = s->oh;
  while (p.band_rows > 4 && rows_copied(s, p.band_rows) * p.width * c * p.input_blocks > BAND_FLOATS)
    p.band_rows = ck_divide_up(p.band_rows, 2);
  p.bands = ck_divide_up(s->oh, p.band_rows);
  p.copy_floats = p.copies ? ck_round_up(rows_copied(s, p.band_rows) * p.width * c * p.input_blocks, 16) : 0;
  p.input_image = args->input_image ? args->input_image : ck_round_up(s->ic, c) * s->h * s->w;
  p.output_image = args->output_image ? args->output_image : p.blocks * c * s->oh * s->ow;
  return p;
}

size_t ck_f32_grouped_packed_floats(const ck_gemm_config *config, const ck_conv2d_shape *s) {
  return ck_divide_up(s->oc, (size_t)config->c) * packed_block_floats(config, s, ck_conv2d_grouped_terms(config, s));
}

/// The terms of a block of results; returns their number. `blocks` count from the first one that the results read.
static size_t fill_terms(const ck_conv2d_shape *s, size_t c, size_t block, int32_t *blocks, int32_t *spread) {
  const size_t ic = s->ic / s->groups, oc = s->oc / s->groups, results = ck_min_size(c, s->oc - block * c);
  const size_t first = groups_of(s, c, block).first * ic / c;
  size_t count = 0;
  for (size_t i = 0; i < ic; ++i)
    for (size_t lane = 0; lane < results; ++lane) {
      const size_t channel = (block * c + lane) / oc * ic + i;
      const int32_t from = (int32_t)(channel / c - first), at = (int32_t)(channel % c);
      if (lane == 0 || blocks[count - 1] != from) {
        blocks[count] = from;
        // Lanes that read elsewhere read what is there, and multiply it by zero.
        for (size_t other = 0; other < c; ++other) spread[count * c + other] = at;
        ++count;
      }
      spread[(count - 1) * c + lane] = at;
    }
  return count;
}

/// The weights of a block of results, `[kh][terms][kw][c]`, over zeros.
static void fill_weights(const ck_conv2d_shape *s, size_t c, size_t block, const float *weights, float *to) {
  const size_t ic = s->ic / s->groups, oc = s->oc / s->groups, results = ck_min_size(c, s->oc - block * c);
  for (size_t ky = 0; ky < s->kh; ++ky)
    for (size_t i = 0; i < ic; ++i, to += s->kw * c) {
      size_t before = block * c / oc * ic + i;
      for (size_t lane = 0; lane < results; ++lane) {
        const size_t result = block * c + lane, channel = result / oc * ic + i;
        if (channel / c != before / c) to += s->kw * c;
        before = channel;
        for (size_t kx = 0; kx < s->kw; ++kx) to[kx * c + lane] = weights[((result * ic + i) * s->kh + ky) * s->kw + kx];
      }
    }
}

void ck_f32_grouped_pack(const ck_gemm_config *config, const ck_conv2d_shape *s, const float *weights, float *packed) {
  const size_t c = (size_t)config->c, most = ck_conv2d_grouped_terms(config, s);
  const size_t block_floats = packed_block_floats(config, s, most);
  memset(packed, 0, ck_f32_grouped_packed_floats(config, s) * sizeof(float));
  for (size_t block = 0; block * c < s->oc; ++block, packed += block_floats) {
    int32_t *head = (int32_t *)packed;
    head[0] = (int32_t)fill_terms(s, c, block, head + 1, head + head_floats(most));
    fill_weights(s, c, block, weights, packed + head_floats(most) + most * c);
  }
}

static int useful_threads(const ck_f32_conv2d_args *args, int threads) {
  const ck_conv2d_shape *s = &args->shape;
  const double results = (double)s->batch * (double)s->oc * (double)(s->oh * s->ow);
  return ck_useful_threads(results * (double)(s->ic / s->groups) * (double)(s->kh * s->kw), threads);
}

size_t ck_f32_grouped_scratch_bytes(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads) {
  const grouped_plan plan = make_plan(config, args);
  threads = useful_threads(args, threads);
  return plan.copy_floats * sizeof(float) * (size_t)(threads > 1 ? threads : 1);
}

typedef struct grouped_job {
  grouped_plan plan;
  const ck_f32_conv2d_args *args;
  float *scratch;
} grouped_job;

/// Positions i in 0 ..< kernel with 0 <= start + i * dilation < size, as begin and end.
static size_t taps_inside(ptrdiff_t start, size_t kernel, size_t dilation, size_t size, size_t *begin) {
  const ptrdiff_t d = (ptrdiff_t)dilation, rest = (ptrdiff_t)size - start;
  const size_t end = rest <= 0 ? 0 : (size_t)((rest + d - 1) / d);
  *begin = start < 0 ? (size_t)((-start + d - 1) / d) : 0;
  return end < kernel ? end : kernel;
}

/// What is the same for all results of a block.
static ck_grouped_tile begin_tile(const grouped_plan *p, const ck_f32_epilogue *e, size_t block, const float *packed,
                                  float *bias) {
  const ck_conv2d_shape *s = &p->shape;
  const size_t c = (size_t)p->config->c;
  const int32_t *head = (const int32_t *)packed;
  ck_grouped_tile tile = {
      .x_tap = s->dilation_w * c,
      .x_step = s->stride_w * c,
      .taps_w = s->kw,
      .terms = (size_t)head[0],
      .blocks = head + 1,
      .spread = head + head_floats(p->terms),
      .results = {.o_row = c, .r_row = c},
  };
  ck_f32_begin_tile(&tile.results, e);
  if (e->bias) {
    const size_t count = ck_min_size(s->oc - block * c, c);
    memcpy(bias, e->bias + block * c, count * sizeof(float));
    memset(bias + count, 0, (c - count) * sizeof(float));
    tile.results.bias = bias;
  }
  return tile;
}

static void grouped_item(const void *context, size_t item, int thread) {
  const grouped_job *job = context;
  const grouped_plan *p = &job->plan;
  const ck_conv2d_shape *s = &p->shape;
  const size_t c = (size_t)p->config->c, band = item % p->bands, block = item / p->bands % p->blocks;
  const size_t image = item / p->bands / p->blocks;
  const size_t first_row = ck_part_start(s->oh, p->bands, band), end_row = ck_part_start(s->oh, p->bands, band + 1);
  const group_range groups = groups_of(s, c, block);
  const size_t first_block = groups.first * p->ic / c, end_block = ((groups.last + 1) * p->ic - 1) / c + 1;
  const float *input = job->args->input + image * p->input_image + first_block * s->h * s->w * c;
  const float *packed = job->args->weights + block * p->block_floats;
  const float *weights = packed + head_floats(p->terms) + p->terms * c;
  float bias[CK_GROUPED_LANES];
  ck_grouped_tile tile = begin_tile(p, &job->args->epilogue, block, packed, bias);
  const size_t output = image * p->output_image + block * s->oh * s->ow * c;
  float *out = job->args->output + output;
  const float *residual = tile.results.residual ? tile.results.residual + output : NULL;

  // The rows of the image that the band reads.
  const ptrdiff_t top = (ptrdiff_t)(first_row * s->stride_h) - (ptrdiff_t)s->pad_top;
  const ptrdiff_t bottom = top + (ptrdiff_t)rows_read(s, end_row - first_row), height = (ptrdiff_t)s->h;
  const ptrdiff_t begin = top < 0        ? 0
                          : top < height ? top
                                         : height,
                  end = bottom < begin    ? begin
                        : bottom < height ? bottom
                                          : height;
  const float *rows = input + begin * (ptrdiff_t)(s->w * c);
  size_t row_floats = s->w * c;
  tile.x_block = s->h * row_floats;
  if (p->copies) {
    row_floats = p->width * c;
    tile.x_block = (size_t)(end - begin) * row_floats;
    float *copy = job->scratch + (size_t)thread * p->copy_floats, *to = copy;
    for (size_t i = first_block; i < end_block; ++i, input += s->h * s->w * c)
      for (ptrdiff_t y = begin; y < end; ++y, to += row_floats)
        ck_conv2d_copy_span(input + y * (ptrdiff_t)(s->w * c), -(ptrdiff_t)s->pad_left, p->width, s->w, c, to);
    rows = copy;
  }
  tile.x_row = s->dilation_h * row_floats;
  const size_t parts = ck_divide_up(s->ow, p->kernels->pixels);
  for (size_t y = first_row; y < end_row; ++y) {
    const ptrdiff_t start = (ptrdiff_t)(y * s->stride_h) - (ptrdiff_t)s->pad_top;
    size_t first_tap;
    const size_t end_tap = taps_inside(start, s->kh, s->dilation_h, s->h, &first_tap);
    tile.taps_h = end_tap > first_tap ? end_tap - first_tap : 0;
    const float *row = rows;
    if (tile.taps_h) row += (start + (ptrdiff_t)(first_tap * s->dilation_h) - begin) * (ptrdiff_t)row_floats;
    tile.weights = weights + (tile.taps_h ? first_tap : 0) * tile.terms * s->kw * c;
    for (size_t part = 0; part < parts; ++part) {
      const size_t x = ck_part_start(s->ow, parts, part);
      tile.x = row + x * tile.x_step;
      tile.results.rows = ck_part_start(s->ow, parts, part + 1) - x;
      tile.results.out = out + (y * s->ow + x) * c;
      if (residual) tile.results.residual = residual + (y * s->ow + x) * c;
      p->kernels->f32_grouped(&tile);
    }
  }
}

void ck_f32_grouped(const ck_gemm_config *config, const ck_f32_conv2d_args *args, void *scratch, int threads) {
  const grouped_job job = {.plan = make_plan(config, args), .args = args, .scratch = scratch};
  ck_parallel(args->shape.batch * job.plan.blocks * job.plan.bands, useful_threads(args, threads), grouped_item, &job);
}
