#include "ckernels_gemm8.h"

#include "../isa/parallel.h"
#include "gather.h"
#include "pack.h"

/// Rows of the left-hand side that stay in the first cache while panels of weights pass by.
enum { BLOCK_BYTES = 24 * 1024, ITEMS_PER_THREAD = 4 };
static const size_t smallest_share = 1u << 17;  // products that are worth a thread

typedef struct product {
  const ck_u8s8_gemm_config *config;
  const ck_u8s8_conv2d_args *args;
  int gathers;   ///< rows of the left-hand side are copied together first
  size_t sum;    ///< products per sum
  size_t a_row;  ///< bytes
  size_t rows, rows_per_block, blocks;
  size_t panels, panels_per_chunk, chunks;
  uint8_t *scratch;
} product;

static size_t divided(size_t n, size_t by) { return (n + by - 1) / by; }

static product planned(const ck_u8s8_gemm_config *config, const ck_u8s8_conv2d_args *args, int threads) {
  product p = {.config = config, .args = args};
  const size_t fours = ck_fours(args->channels), mr = (size_t)config->mr;
  const int is_pointwise = args->kh == 1 && args->kw == 1 && args->stride_h == 1 && args->stride_w == 1 && args->pad_top == 0 &&
                           args->pad_left == 0 && args->oh == args->h && args->ow == args->w;
  p.gathers = !is_pointwise || config->wide || args->pixel < fours;
  p.sum = args->kh * args->kw * fours;
  p.a_row = p.gathers ? p.sum * (config->wide ? 2 : 1) : args->pixel;
  p.rows = args->batch * args->oh * args->ow;
  const size_t tiles = p.a_row * mr < BLOCK_BYTES ? BLOCK_BYTES / (p.a_row * mr) : 1;
  p.rows_per_block = tiles * mr;
  if (threads > 1) {
    const size_t share = divided(divided(p.rows, (size_t)threads * ITEMS_PER_THREAD), mr) * mr;
    if (share < p.rows_per_block) p.rows_per_block = share;
  }
  p.blocks = divided(p.rows, p.rows_per_block);
  p.panels = divided(args->columns, (size_t)config->nr);
  p.panels_per_chunk = p.panels;
  const size_t wanted = (size_t)threads * ITEMS_PER_THREAD;
  if (threads > 1 && p.blocks < wanted) p.panels_per_chunk = divided(p.panels, divided(wanted, p.blocks));
  p.chunks = divided(p.panels, p.panels_per_chunk);
  return p;
}

/// Scratch of a thread.
static size_t copy_bytes(const product *p) { return (p->rows_per_block * p->a_row + CK_GATHER_CHUNK + 63) / 64 * 64; }

static int team(const product *p, int threads) {
  const size_t work = p->rows * p->sum * p->args->columns / smallest_share;
  return work < 2 ? 1 : work < (size_t)threads ? (int)work : threads;
}

static void compute(const void *context, size_t item, int thread) {
  const product *p = context;
  const ck_u8s8_conv2d_args *args = p->args;
  const ck_u8s8_gemm_config *config = p->config;
  const size_t first = item / p->chunks * p->rows_per_block;
  const size_t rows = p->rows - first < p->rows_per_block ? p->rows - first : p->rows_per_block;
  const uint8_t *a = args->input + first * args->pixel;
  if (p->gathers) {
    uint8_t *copy = p->scratch + (size_t)thread * copy_bytes(p);
    ck_gather_rows(args, config->wide, first, rows, copy);
    a = copy;
  }
  const size_t nr = (size_t)config->nr, mr = (size_t)config->mr, bytes = ck_panel_bytes(config, p->sum);
  const size_t result = ck_sum_result_bytes(args->epilogue.result);
  size_t panel = item % p->chunks * p->panels_per_chunk;
  const size_t end = p->panels - panel < p->panels_per_chunk ? p->panels : panel + p->panels_per_chunk;
  for (; panel < end; ++panel) {
    const size_t column = panel * nr;
    ck_u8s8_gemm_tile tile = {
        .columns = args->columns - column < nr ? args->columns - column : nr,
        .k4 = p->sum / 4,
        .a_row = p->a_row,
        .b = args->weights + panel * bytes,
        .o_row = args->o_pixel,
        .epilogue = args->epilogue,
    };
    tile.epilogue.bias += column;
    if (args->epilogue.result != CK_SUM_S32) {
      tile.epilogue.scale += column;
      tile.epilogue.shift += column;
    }
    for (size_t row = 0; row < rows; row += mr) {
      tile.rows = rows - row < mr ? rows - row : mr;
      tile.a = a + row * p->a_row;
      tile.out = (uint8_t *)args->out + (first + row) * args->o_pixel + column * result;
      config->function(&tile);
    }
  }
}

size_t ck_u8s8_conv2d_scratch_bytes(const ck_u8s8_gemm_config *config, const ck_u8s8_conv2d_args *args, int threads) {
  size_t most = 0;
  // A thread less makes larger blocks of rows.
  for (int count = 1; count <= threads; ++count) {
    const product p = planned(config, args, count);
    const size_t bytes = p.gathers ? (size_t)count * copy_bytes(&p) : 0;
    if (bytes > most) most = bytes;
  }
  return most;
}

void ck_u8s8_conv2d(const ck_u8s8_gemm_config *config, const ck_u8s8_conv2d_args *args, void *scratch, int threads) {
  const product whole = planned(config, args, threads);
  const int count = team(&whole, threads);
  product p = count == threads ? whole : planned(config, args, count);
  p.scratch = scratch;
  ck_parallel(p.blocks * p.chunks, count, compute, &p);
}
