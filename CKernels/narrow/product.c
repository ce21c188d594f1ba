#include <math.h>
#include <string.h>

#include "../gemm/product.h"
#include "../isa/parallel.h"
#include "rows.h"

/// Bytes of narrowed rows that stay in the second cache while panels of weights pass by, and of those that a thread gathers.
enum { KEPT_BYTES = 256 * 1024, GATHERED_BYTES = 128 * 1024, PIXELS = 16, PART_FLOATS = 1024 };

/// A product as it is computed: first the input is narrowed, then tiles are multiplied.
typedef struct narrow_job {
  const ck_narrow_config *config;
  const ck_narrow_args *args;
  const ck_rows_kernels *kernels;
  int direct;  ///< a row of the product is a pixel of the input
  int integers;
  size_t unit;  ///< bytes of an element of a row
  size_t blocks;
  size_t pixels;       ///< of an image of the input
  size_t pixel_bytes;  ///< from one narrowed pixel to the next
  size_t row_bytes;    ///< of the product, from one row to the next
  size_t rows;         ///< of the product, for each image
  size_t mr, tiles;    ///< row tiles of an image
  size_t tiles_together, tile_items;
  size_t panels, panel_items;
  int threads;
  // Scratch.
  ck_narrow_row *row;  ///< of each pixel if rows are pixels, else of each image
  float *sums;         ///< of the bytes of each block of each pixel; NULL if nothing is shifted
  float *ranges;       ///< of parts of images
  uint8_t *codes;
  uint8_t *own;  ///< of each thread
  size_t own_bytes, gathered_bytes;
} narrow_job;

static size_t lines(size_t bytes) { return ck_round_up(bytes, 64); }

static size_t channel_blocks(const ck_narrow_args *args) { return ck_divide_up(args->shape.k, args->c); }

static int is_direct(const ck_narrow_args *a) {
  return a->kh == 1 && a->kw == 1 && a->stride_h == 1 && a->stride_w == 1 && a->pad_top == 0 && a->pad_left == 0 &&
         a->oh == a->h && a->ow == a->w;
}

/// Cuts tiles and panels into items, with rows that stay in a cache.
static void divide(narrow_job *job, int threads) {
  const size_t kept = job->direct ? KEPT_BYTES : GATHERED_BYTES;
  job->tiles_together = ck_max_size(ck_min_size(kept / (job->mr * job->row_bytes), job->tiles), 1);
  job->panel_items = 1;
  if (threads > 1) {
    const size_t wanted = (size_t)threads * CK_ITEMS_PER_THREAD;
    const size_t share = ck_max_size(ck_divide_up(job->tiles * job->args->batch, wanted), 1);
    job->tiles_together = ck_min_size(job->tiles_together, share);
  }
  job->tile_items = ck_divide_up(job->tiles, job->tiles_together);
  const size_t items = job->tile_items * job->args->batch;
  if (threads > 1 && items < (size_t)threads * 2)
    job->panel_items = ck_min_size(ck_divide_up((size_t)threads * CK_ITEMS_PER_THREAD, items), job->panels);
}

/// The level of vectors that a kernel's instruction set stands upon.
static const ck_rows_kernels *rows_kernels(uint32_t isa) {
  if (isa & (CK_ISA_AVX512VNNI | CK_ISA_AVX512BF16)) isa |= CK_ISA_AVX512;
  if (isa & CK_ISA_AVXVNNI) isa |= CK_ISA_AVX2;
  if (isa & (CK_ISA_NEONDOT | CK_ISA_NEONI8MM)) isa |= CK_ISA_NEON;
  return CK_BEST_LEVEL(rows, isa);
}

/// Everything but the places in the scratch, of which the size is returned.
static size_t plan(narrow_job *job, const ck_narrow_config *config, const ck_narrow_args *args, int threads, uintptr_t scratch) {
  *job = (narrow_job){.config = config, .args = args, .kernels = rows_kernels(config->isa)};
  const ck_narrow_shape *shape = &args->shape;
  job->direct = is_direct(args);
  job->integers = config->form != CK_NARROW_BF16;
  job->unit = ck_narrow_unit(config);
  job->blocks = ck_narrow_blocks(shape);
  job->pixels = args->h * args->w;
  // An odd number of cache lines, so that the rows of a tile do not fall on the same few sets.
  const size_t groups = ck_narrow_all_groups(config, shape) * ck_narrow_group_products(config);
  job->row_bytes = lines(groups * job->unit) | 64;
  job->pixel_bytes = job->direct ? job->row_bytes : shape->k * (job->integers ? 1 : 2);
  job->rows = args->oh * args->ow;
  job->mr = (size_t)(job->blocks > 1 ? config->mr_blocks : config->mr);
  job->tiles = ck_divide_up(job->rows, job->mr);
  job->panels = ck_divide_up(shape->n, (size_t)config->nr);
  job->threads = ck_useful_threads(
      (double)args->batch * (double)job->rows * (double)shape->n * (double)shape->k * (double)shape->taps / 3, threads);
  // The scratch is large enough for every number of threads: fewer may take more rows together.
  const size_t most = ck_max_size(ck_min_size(GATHERED_BYTES / (job->mr * job->row_bytes), job->tiles), 1);
  divide(job, job->threads);
  const size_t sums_bytes = job->integers && shape->shifted ? sizeof(float) : 0, all = args->batch * job->pixels;
  job->gathered_bytes = job->direct ? 0 : lines(most * job->mr * (job->row_bytes + job->blocks * sums_bytes));
  job->own_bytes = lines(job->gathered_bytes + (shape->k + args->c) * sizeof(float) + ck_round_up(shape->k, 64));
  size_t at = 0;
  job->row = (ck_narrow_row *)(scratch + at);
  at += job->integers ? lines((job->direct ? all : args->batch) * sizeof(ck_narrow_row)) : 0;
  job->sums = sums_bytes ? (float *)(scratch + at) : NULL;
  at += lines(all * job->blocks * sums_bytes);
  job->ranges = (float *)(scratch + at);
  at += job->integers && !job->direct ? lines(args->batch * channel_blocks(args) * 2 * sizeof(float)) : 0;
  job->codes = (uint8_t *)(scratch + at);
  at += lines(all * job->pixel_bytes);
  job->own = (uint8_t *)(scratch + at);
  return at + job->own_bytes * (size_t)(threads > 1 ? threads : 1);
}

// MARK: Narrowing

static ck_narrow_row row_of(const float range[2]) {
  const float scale = range[1] / 255 - range[0] / 255;
  if (isnan(scale)) return (ck_narrow_row){NAN, 0};
  // Numbers as small as that are none.
  if (scale < 0x1p-120f) return (ck_narrow_row){0, 0};
  const float zero = rintf(-range[0] / scale);
  return (ck_narrow_row){scale, zero > 255 ? 255 : zero};
}

/// The channels of a pixel one after the other: where they are, or copied.
static const float *pixel_floats(const narrow_job *job, size_t image, size_t pixel, float *copy) {
  const ck_narrow_args *a = job->args;
  const float *from = a->input + image * a->a_batch + pixel * a->a_row;
  if (a->a_block == a->c || a->shape.k <= a->c) return from;
  for (size_t k = 0; k < a->shape.k; k += a->c, from += a->a_block)
    memcpy(copy + k, from, ck_min_size(a->c, a->shape.k - k) * sizeof(float));
  return copy;
}

/// Writes the bytes of one pixel, block after block.
static void put_pixel(const narrow_job *job, const float *x, ck_narrow_row row, size_t index, uint8_t *bytes) {
  const ck_narrow_shape *shape = &job->args->shape;
  const int wide = job->direct && job->config->wide;
  uint8_t *to = job->codes + index * job->pixel_bytes;
  const size_t unit = job->direct ? job->unit : 1, products = ck_narrow_group_products(job->config);
  for (size_t b = 0; b < job->blocks; ++b) {
    const size_t n = ck_narrow_block_channels(shape, b);
    const size_t padded = job->direct ? ck_round_up(n, products) : n;
    uint8_t *target = wide ? bytes : to;
    float sum = 0;
    if (row.scale > 0) sum = job->kernels->bytes(n, x, 1 / row.scale, row.zero, target);
    else memset(target, 0, n);
    if (wide)
      for (size_t i = 0; i < n; ++i) ((uint16_t *)to)[i] = bytes[i];
    memset(to + n * unit, 0, (padded - n) * unit);
    if (job->sums) job->sums[index * job->blocks + b] = sum;
    to += padded * unit;
    x += n;
  }
}

/// Narrows some pixels of the input.
static void narrow_item(const void *context, size_t item, int thread) {
  const narrow_job *job = context;
  const size_t k = job->args->shape.k, all = job->args->batch * job->pixels;
  float *copy = (float *)(job->own + (size_t)thread * job->own_bytes + job->gathered_bytes);
  uint8_t *bytes = (uint8_t *)(copy + k + job->args->c);
  const size_t end = ck_min_size((item + 1) * PIXELS, all);
  for (size_t index = item * PIXELS; index < end; ++index) {
    const float *x = pixel_floats(job, index / job->pixels, index % job->pixels, copy);
    if (!job->integers) {
      uint8_t *to = job->codes + index * job->pixel_bytes;
      job->kernels->halves(k, x, (uint16_t *)to);
      if (job->direct && k % 2) memset(to + 2 * k, 0, 2);
    } else if (job->direct) {
      float range[2];
      job->kernels->range(k, x, range);
      job->row[index] = row_of(range);
      put_pixel(job, x, job->row[index], index, bytes);
    } else {
      put_pixel(job, x, job->row[index / job->pixels], index, bytes);
    }
  }
}

/// The range of a block of channels of an image; of images that are not blocked, of all channels.
static void range_item(const void *context, size_t item, int thread) {
  const narrow_job *job = context;
  const ck_narrow_args *a = job->args;
  const size_t blocks = channel_blocks(a), image = item / blocks, block = item % blocks;
  const size_t channels = ck_min_size(a->c, a->shape.k - block * a->c);
  const float *from = a->input + image * a->a_batch + block * a->a_block;
  float *range = job->ranges + 2 * item;
  (void)thread;
  if (a->a_row == channels) {
    job->kernels->range(job->pixels * channels, from, range);
    return;
  }
  range[0] = range[1] = 0;
  float part[PART_FLOATS];
  const size_t together = PART_FLOATS / channels;
  for (size_t pixel = 0; pixel < job->pixels; pixel += together) {
    const size_t count = ck_min_size(together, job->pixels - pixel);
    for (size_t i = 0; i < count; ++i) memcpy(part + i * channels, from + (pixel + i) * a->a_row, channels * sizeof(float));
    float next[2];
    job->kernels->range(count * channels, part, next);
    // A NaN stays.
    range[0] = range[0] <= next[0] ? range[0] : next[0];
    range[1] = range[1] >= next[1] ? range[1] : next[1];
    if (isnan(next[0])) break;
  }
}

static void narrow(const narrow_job *job) {
  const ck_narrow_args *a = job->args;
  if (job->integers && !job->direct) {
    const size_t blocks = channel_blocks(a);
    ck_parallel(a->batch * blocks, job->threads, range_item, job);
    for (size_t image = 0; image < a->batch; ++image) {
      float range[2] = {0, 0};
      for (size_t b = 0; b < blocks; ++b) {
        const float *next = job->ranges + 2 * (image * blocks + b);
        if (isnan(next[0])) {
          range[0] = range[1] = NAN;
          break;
        }
        range[0] = range[0] < next[0] ? range[0] : next[0];
        range[1] = range[1] > next[1] ? range[1] : next[1];
      }
      job->row[image] = row_of(range);
    }
  }
  ck_parallel(ck_divide_up(a->batch * job->pixels, PIXELS), job->threads, narrow_item, job);
}

// MARK: Gathering

/// Copies bytes of a narrowed pixel into a row, which is wider where rows are.
static uint8_t *put_run(const narrow_job *job, uint8_t *to, const uint8_t *from, size_t bytes) {
  if (!job->config->wide) {
    memcpy(to, from, bytes);
    return to + bytes;
  }
  for (size_t i = 0; i < bytes; ++i) ((uint16_t *)to)[i] = from[i];
  return to + 2 * bytes;
}

static uint8_t *put_padding(const narrow_job *job, uint8_t *to, uint8_t zero, size_t bytes) {
  if (!job->config->wide) {
    memset(to, zero, bytes);
    return to + bytes;
  }
  for (size_t i = 0; i < bytes; ++i) ((uint16_t *)to)[i] = zero;
  return to + 2 * bytes;
}

/// The pixels under the window of result `index` of an image, block after block, and the sums of their bytes.
static void gather_row(const narrow_job *job, size_t image, size_t index, uint8_t *row, float *sums) {
  const ck_narrow_args *a = job->args;
  const ck_narrow_shape *shape = &a->shape;
  const size_t each = job->integers ? 1 : 2, products = ck_narrow_group_products(job->config);
  const uint8_t zero = job->integers ? (uint8_t)job->row[image].zero : 0;
  const ptrdiff_t top = (ptrdiff_t)(index / a->ow * a->stride_h) - (ptrdiff_t)a->pad_top;
  const ptrdiff_t left = (ptrdiff_t)(index % a->ow * a->stride_w) - (ptrdiff_t)a->pad_left;
  const int is_line = a->dilation_w == 1 && job->blocks == 1;
  for (size_t b = 0; b < job->blocks; ++b) {
    const size_t n = ck_narrow_block_channels(shape, b), skipped = b * shape->block * each;
    uint8_t *to = row;
    float sum = 0;
    for (size_t ky = 0; ky < a->kh; ++ky) {
      const ptrdiff_t y = top + (ptrdiff_t)(ky * a->dilation_h);
      if (y < 0 || y >= (ptrdiff_t)a->h) {
        to = put_padding(job, to, zero, a->kw * n * each);
        sum += (float)zero * (float)(a->kw * n);
        continue;
      }
      const size_t line = image * job->pixels + (size_t)y * a->w;
      const int is_inside = left >= 0 && left + (ptrdiff_t)a->kw <= (ptrdiff_t)a->w;
      if (is_line && is_inside) to = put_run(job, to, job->codes + (line + (size_t)left) * job->pixel_bytes, a->kw * n * each);
      for (size_t kx = 0; kx < a->kw; ++kx) {
        const ptrdiff_t x = left + (ptrdiff_t)(kx * a->dilation_w);
        const int is_outside = x < 0 || x >= (ptrdiff_t)a->w;
        if (!(is_line && is_inside)) {
          if (is_outside) to = put_padding(job, to, zero, n * each);
          else to = put_run(job, to, job->codes + (line + (size_t)x) * job->pixel_bytes + skipped, n * each);
        }
        if (sums) sum += is_outside ? (float)zero * (float)n : job->sums[(line + (size_t)x) * job->blocks + b];
      }
    }
    const size_t elements = shape->taps * n, padding = (ck_round_up(elements, products) - elements) * job->unit;
    memset(to, 0, padding);
    row = to + padding;
    if (sums) sums[b] = sum;
  }
}

// MARK: Multiplying

static void multiply_item(const void *context, size_t item, int thread) {
  const narrow_job *job = context;
  const ck_narrow_args *a = job->args;
  const ck_narrow_config *config = job->config;
  const ck_narrow_shape *shape = &a->shape;
  const size_t panel_item = item % job->panel_items, left = item / job->panel_items;
  const size_t tile_item = left % job->tile_items, image = left / job->tile_items;
  const size_t first_tile = tile_item * job->tiles_together;
  const size_t end_tile = ck_min_size(first_tile + job->tiles_together, job->tiles);
  const size_t first = ck_part_start(job->rows, job->tiles, first_tile), end = ck_part_start(job->rows, job->tiles, end_tile);
  const uint8_t *rows = job->codes + (image * job->pixels + first) * job->pixel_bytes;
  const float *sums = job->sums ? job->sums + (image * job->pixels + first) * job->blocks : NULL;
  const ck_narrow_row *row = job->direct ? job->row + image * job->pixels + first : job->row + image;
  if (!job->direct) {
    uint8_t *copy = job->own + (size_t)thread * job->own_bytes;
    float *own_sums = job->sums ? (float *)(copy + (end - first) * job->row_bytes) : NULL;
    for (size_t i = 0; i < end - first; ++i)
      gather_row(job, image, first + i, copy + i * job->row_bytes, own_sums ? own_sums + i * job->blocks : NULL);
    rows = copy;
    sums = own_sums;
  }
  const size_t nr = (size_t)config->nr, panel_bytes = ck_narrow_panel_bytes(config, shape);
  const size_t end_panel = ck_part_start(job->panels, job->panel_items, panel_item + 1);
  float padded[64];
  for (size_t panel = ck_part_start(job->panels, job->panel_items, panel_item); panel < end_panel; ++panel) {
    const size_t n0 = panel * nr, width = ck_min_size(shape->n - n0, nr), at = n0 / a->c * a->o_block + n0 % a->c;
    const float *bias = a->epilogue.bias ? a->epilogue.bias + n0 : NULL;
    if (bias && width < nr) {
      memset(padded, 0, sizeof padded);
      memcpy(padded, bias, width * sizeof(float));
      bias = padded;
    }
    for (size_t i = first_tile; i < end_tile; ++i) {
      const size_t m = ck_part_start(job->rows, job->tiles, i), place = image * a->o_batch + m * a->o_row + at;
      const ck_narrow_tile tile = {
          .rows = ck_part_start(job->rows, job->tiles, i + 1) - m,
          .columns = a->o_block == a->c ? width : ck_min_size(ck_round_up(width, a->c), nr),
          .blocks = job->blocks,
          .steps = ck_narrow_block_groups(config, shape, 0),
          .last_steps = ck_narrow_block_groups(config, shape, job->blocks - 1),
          .a = rows + (m - first) * job->row_bytes,
          .a_row = job->row_bytes,
          .sums = sums ? sums + (m - first) * job->blocks : NULL,
          .sums_row = job->blocks,
          .row = job->integers ? row + (job->direct ? m - first : 0) : NULL,
          .row_step = (size_t)job->direct,
          .scale = a->epilogue.scale == 0 ? 1 : a->epilogue.scale,
          .shifted = shape->shifted,
          .b = (const uint8_t *)a->weights + panel * panel_bytes,
          .out = a->out + place,
          .o_row = a->o_row,
          .o_block = a->o_block,
          .c = a->c,
          .bias = bias,
          .residual = a->epilogue.residual ? a->epilogue.residual + place : NULL,
          .activation = a->epilogue.activation,
          .residual_last = (a->epilogue.flags & CK_EPILOGUE_RESIDUAL_LAST) != 0,
      };
      config->function(&tile);
    }
  }
}

size_t ck_narrow_scratch_bytes(const ck_narrow_config *config, const ck_narrow_args *args, int threads) {
  narrow_job job;
  return plan(&job, config, args, threads, 0);
}

void ck_narrow_product(const ck_narrow_config *config, const ck_narrow_args *args, void *scratch, int threads) {
  if (args->batch == 0 || args->oh == 0 || args->ow == 0 || args->shape.n == 0) return;
  narrow_job job;
  plan(&job, config, args, threads, (uintptr_t)scratch);
  narrow(&job);
  ck_parallel(args->batch * job.tile_items * job.panel_items, job.threads, multiply_item, &job);
}
