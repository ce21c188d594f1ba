#include "../isa/parallel.h"
#include "product.h"

/// Below this many batches per thread a product is shared by all threads, above it each thread takes whole products.
enum { BATCHES_PER_THREAD = 2 };

typedef struct matmul_job {
  const ck_gemm_config *config;
  const ck_f32_matmul_args *args;
  ck_rows_packing packing;
  ck_grid grid;
  float *packed_b;
  size_t packed_b_floats;
  float *rows;
  size_t rows_floats;
  size_t batch;  ///< the one product that all threads share
} matmul_job;

static size_t batch_count(const ck_f32_matmul_args *args) {
  size_t count = 1;
  for (int i = 0; i < CK_MATMUL_BATCH_RANK; ++i) count *= args->batch[i];
  return count;
}

static size_t batch_offset(const ck_f32_matmul_args *args, const size_t *strides, size_t index) {
  size_t offset = 0;
  for (int i = CK_MATMUL_BATCH_RANK - 1; i >= 0; --i) {
    offset += index % args->batch[i] * strides[i];
    index /= args->batch[i];
  }
  return offset;
}

static ck_rows_packing matmul_packing(const ck_gemm_config *config, const ck_f32_matmul_args *args) {
  if (args->a_column != 1 && args->k > 1) return CK_ROWS_STRIDED;
  return ck_choose_packing(config, args->n, args->k, args->a_row, (size_t)config->c);
}

static int useful_threads(const ck_f32_matmul_args *args, int threads) {
  return ck_useful_threads((double)batch_count(args) * (double)args->m * (double)args->n * (double)args->k, threads);
}

static int takes_whole_products(const ck_f32_matmul_args *args, int threads) {
  return threads <= 1 || batch_count(args) >= (size_t)threads * BATCHES_PER_THREAD;
}

static ck_f32_product make_product(const matmul_job *job, size_t batch, const float *packed_b) {
  const ck_f32_matmul_args *args = job->args;
  const size_t c = (size_t)job->config->c;
  ck_f32_product product = {
      .config = job->config,
      .m = args->m,
      .n = args->n,
      .k = args->k,
      .a = args->a + batch_offset(args, args->a_batch, batch),
      .a_row = args->a_row,
      .a_block = c,
      .a_column = args->a_column,
      .packing = job->packing,
      .b = packed_b,
      .out = args->out + batch_offset(args, args->o_batch, batch),
      .o_row = args->o_row,
      .o_block = c,
      .r_row = args->r_row,
      .r_block = c,
      .epilogue = args->epilogue,
  };
  if (product.epilogue.residual) product.epilogue.residual += batch_offset(args, args->r_batch, batch);
  return product;
}

static void whole_product(const void *context, size_t batch, int thread) {
  const matmul_job *job = context;
  const ck_f32_matmul_args *args = job->args;
  float *packed = job->packed_b + (size_t)thread * job->packed_b_floats;
  ck_f32_gemm_pack(job->config, args->k, args->n, args->b + batch_offset(args, args->b_batch, batch), args->b_row, args->b_column,
                   packed, 1);
  ck_f32_product product = make_product(job, batch, packed);
  ck_f32_run_product(&product, ck_grid_range(&job->grid, 0, 0), job->rows + (size_t)thread * job->rows_floats);
}

static void shared_product(const void *context, size_t item, int thread) {
  const matmul_job *job = context;
  const ck_grid *grid = &job->grid;
  size_t panel_item;
  const size_t tile_item = ck_grid_tile_item(grid, item, &panel_item);
  ck_f32_product product = make_product(job, job->batch, job->packed_b);
  ck_f32_run_product(&product, ck_grid_range(grid, tile_item, panel_item), job->rows + (size_t)thread * job->rows_floats);
}

size_t ck_f32_matmul_scratch_bytes(const ck_gemm_config *config, const ck_f32_matmul_args *args, int threads) {
  threads = useful_threads(args, threads);
  const size_t workers = (size_t)(threads > 1 ? threads : 1);
  const size_t packed = ck_round_up(ck_f32_gemm_packed_bytes(config, args->k, args->n), 64);
  return packed * (takes_whole_products(args, threads) ? workers : 1) +
         ck_rows_floats(config, args->m, args->k, &args->epilogue, matmul_packing(config, args)) * sizeof(float) * workers;
}

void ck_f32_matmul(const ck_gemm_config *config, const ck_f32_matmul_args *args, void *scratch, int threads) {
  const size_t batches = batch_count(args);
  if (args->m == 0 || args->n == 0 || batches == 0) return;
  threads = useful_threads(args, threads);
  const int whole = takes_whole_products(args, threads);
  matmul_job job = {
      .config = config,
      .args = args,
      .packing = matmul_packing(config, args),
      .packed_b = scratch,
      .packed_b_floats = ck_round_up(ck_f32_gemm_packed_bytes(config, args->k, args->n), 64) / sizeof(float),
  };
  job.rows = job.packed_b + job.packed_b_floats * (size_t)(whole && threads > 1 ? threads : 1);
  job.rows_floats = ck_rows_floats(config, args->m, args->k, &args->epilogue, job.packing);
  const size_t row_bytes = args->k * sizeof(float);
  job.grid =
      ck_make_grid(ck_tile_count(config, args->m), row_bytes * (size_t)config->mr, ck_divide_up(args->n, (size_t)config->nr),
                   row_bytes * (size_t)config->nr, 1, job.packing != CK_ROWS_DIRECT, whole ? 1 : threads);
  if (whole) {
    ck_parallel(batches, threads, whole_product, &job);
    return;
  }
  for (job.batch = 0; job.batch < batches; ++job.batch) {
    ck_f32_gemm_pack(config, args->k, args->n, args->b + batch_offset(args, args->b_batch, job.batch), args->b_row,
                     args->b_column, job.packed_b, threads);
    ck_parallel(job.grid.tile_items * job.grid.panel_items, threads, shared_product, &job);
  }
}
