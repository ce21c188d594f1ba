#include "ckernels_attention.h"

#include "../elementwise/kernels.h"
#include "../gemm/product.h"
#include "../isa/parallel.h"
#include "../reduce/kernels.h"

/// Below this many heads per thread all threads share each head's packed keys, above it each thread takes whole heads.
enum { HEADS_PER_THREAD = 2 };

typedef struct attention_job {
  const ck_gemm_config *config;
  const ck_f32_attention_args *args;
  const ck_reduce_kernels *reduce;
  const ck_elementwise_kernels *elementwise;
  size_t heads, tiles;
  size_t key_floats, value_floats;    ///< packed, of one head
  size_t query_floats, score_floats;  ///< of one tile
  size_t score_row;
  float *packed;
  float *tile_memory;
} attention_job;

static size_t head_count(const ck_f32_attention_args *args) {
  size_t count = 1;
  for (int i = 0; i < CK_ATTENTION_BATCH_RANK; ++i) count *= args->batch[i];
  return count;
}

static size_t head_offset(const ck_f32_attention_args *args, const size_t *strides, size_t head) {
  size_t offset = 0;
  for (int i = CK_ATTENTION_BATCH_RANK - 1; i >= 0; --i) {
    offset += head % args->batch[i] * strides[i];
    head /= args->batch[i];
  }
  return offset;
}

static int takes_whole_heads(size_t heads, int threads) { return threads <= 1 || heads >= (size_t)threads * HEADS_PER_THREAD; }

static attention_job make_job(const ck_gemm_config *config, const ck_f32_attention_args *args) {
  attention_job job = {.config = config, .args = args, .heads = head_count(args), .tiles = ck_tile_count(config, args->m)};
  job.reduce = CK_BEST_LEVEL(reduce, config->isa);
  job.elementwise = CK_BEST_LEVEL(elementwise, config->isa);
  job.key_floats = ck_round_up(ck_f32_gemm_packed_bytes(config, args->d, args->n) / sizeof(float), 16);
  job.value_floats = ck_round_up(ck_f32_gemm_packed_bytes(config, args->n, args->dv) / sizeof(float), 16);
  job.query_floats = ck_round_up((size_t)config->mr * ck_round_up(args->d, (size_t)config->c), 16);
  // Rows a multiple of 1 KB apart would share the sets of the first cache.
  job.score_row = ck_round_up(args->n, 16);
  if (job.score_row % 256 == 0) job.score_row += 16;
  job.score_floats = (size_t)config->mr * job.score_row;
  return job;
}

size_t ck_f32_attention_scratch_bytes(const ck_gemm_config *config, const ck_f32_attention_args *args, int threads) {
  const attention_job job = make_job(config, args);
  const size_t workers = (size_t)(threads > 1 ? threads : 1);
  const size_t packings = takes_whole_heads(job.heads, threads) ? workers : job.heads;
  return (packings * (job.key_floats + job.value_floats) + workers * (job.query_floats + job.score_floats)) * sizeof(float);
}

static void pack_head(const attention_job *job, size_t head, float *packed) {
  const ck_f32_attention_args *args = job->args;
  ck_f32_gemm_pack(job->config, args->d, args->n, args->k.data + head_offset(args, args->k.batch, head), args->k.column,
                   args->k.row, packed, 1);
  ck_f32_gemm_pack(job->config, args->n, args->dv, args->v.data + head_offset(args, args->v.batch, head), args->v.row,
                   args->v.column, packed + job->key_floats, 1);
}

/// One tile of queries of one head.
static void attend(const attention_job *job, size_t head, size_t index, const float *packed, int thread) {
  const ck_f32_attention_args *args = job->args;
  const ck_gemm_config *config = job->config;
  const size_t c = (size_t)config->c, nr = (size_t)config->nr;
  const size_t m = ck_part_start(args->m, job->tiles, index), rows = ck_part_start(args->m, job->tiles, index + 1) - m;
  float *queries = job->tile_memory + (size_t)thread * (job->query_floats + job->score_floats);
  float *scores = queries + job->query_floats;
  const ck_f32_tap whole = {0, 0};
  const ck_f32_epilogue none = {0};

  const ck_f32_view view = {args->q.data + head_offset(args, args->q.batch, head) + m * args->q.row, args->q.row, args->q.column};
  ck_f32_pack_rows_strided(view, rows, args->d, c, queries);
  ck_f32_gemm_tile tile = {
      .rows = rows,
      .k = args->d,
      .a = queries,
      .a_row = c,
      .a_block = rows * c,
      .taps = &whole,
      .tap_count = 1,
      .b = packed,
      .out = scores,
      .o_row = job->score_row,
      .o_block = c,
      .r_row = args->mask.row,
      .r_block = c,
  };
  ck_f32_begin_tile(&tile, &none);
  tile.scale = args->scale;
  if (args->mask.data) tile.residual = args->mask.data + head_offset(args, args->mask.batch, head) + m * args->mask.row;
  ck_f32_run_tiles(config, &tile, 1,
                   (ck_f32_columns){
                       .count = args->n,
                       .panel_floats = args->d * nr,
                       .end = ck_divide_up(args->n, nr),
                   });

  float sums[64];
  for (size_t i = 0; i < rows; ++i) {
    float *row = scores + i * job->score_row;
    sums[i] = job->reduce->f32_exp_row(args->n, row, row);
  }

  float *out = args->out + head_offset(args, args->o_batch, head) + m * args->o_row;
  tile = (ck_f32_gemm_tile){
      .rows = rows,
      .k = args->n,
      .a = scores,
      .a_row = job->score_row,
      .a_block = c,
      .taps = &whole,
      .tap_count = 1,
      .b = packed + job->key_floats,
      .out = out,
      .o_row = args->o_row,
      .o_block = c,
  };
  ck_f32_begin_tile(&tile, &none);
  ck_f32_run_tiles(config, &tile, 1,
                   (ck_f32_columns){
                       .count = args->dv,
                       .panel_floats = args->n * nr,
                       .end = ck_divide_up(args->dv, nr),
                   });
  for (size_t i = 0; i < rows; ++i)
    job->elementwise->f32_unary(CK_FUNCTION_AFFINE, 1 / sums[i], 0, args->dv, out + i * args->o_row, out + i * args->o_row);
}

static void whole_head(const void *context, size_t head, int thread) {
  const attention_job *job = context;
  float *packed = job->packed + (size_t)thread * (job->key_floats + job->value_floats);
  pack_head(job, head, packed);
  for (size_t i = 0; i < job->tiles; ++i) attend(job, head, i, packed, thread);
}

static void pack_item(const void *context, size_t head, int thread) {
  const attention_job *job = context;
  pack_head(job, head, job->packed + head * (job->key_floats + job->value_floats));
  (void)thread;
}

static void tile_item(const void *context, size_t item, int thread) {
  const attention_job *job = context;
  const size_t head = item / job->tiles;
  attend(job, head, item % job->tiles, job->packed + head * (job->key_floats + job->value_floats), thread);
}

void ck_f32_attention(const ck_gemm_config *config, const ck_f32_attention_args *args, void *scratch, int threads) {
  attention_job job = make_job(config, args);
  if (args->m == 0 || args->n == 0 || args->dv == 0 || job.heads == 0) return;
  const int whole = takes_whole_heads(job.heads, threads);
  const size_t packings = whole ? (size_t)(threads > 1 ? threads : 1) : job.heads;
  job.packed = scratch;
  job.tile_memory = job.packed + packings * (job.key_floats + job.value_floats);
  if (whole) {
    ck_parallel(job.heads, threads, whole_head, &job);
    return;
  }
  ck_parallel(job.heads, threads, pack_item, &job);
  ck_parallel(job.heads * job.tiles, threads, tile_item, &job);
}
