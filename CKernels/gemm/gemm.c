#include "../isa/parallel.h"
#include "product.h"

typedef struct gemm_job {
  ck_f32_product product;
  ck_grid grid;
  size_t batch, a_batch, o_batch, factors_batch;
  float *scratch;
  size_t scratch_floats, scaled_floats;
} gemm_job;

/// Factors go to what is less: rows, whose blocks are whole in blocked arrays, or the weights, which every thread scales anew.
static ck_rows_packing rows_packing(const ck_gemm_config *config, const ck_f32_gemm_args *args) {
  if (args->factors && args->a_block != (size_t)config->c && args->m < 2 * args->n) return CK_ROWS_SCALED;
  return ck_choose_packing(config, args->n, args->k, args->a_row, args->a_block);
}

/// Room for the scaled weights of a panel.
static size_t scaled_floats(const ck_gemm_config *config, const ck_f32_gemm_args *args) {
  return args->factors && rows_packing(config, args) != CK_ROWS_SCALED ? ck_round_up(args->k * (size_t)config->nr, 16) : 0;
}

static size_t scratch_floats(const ck_gemm_config *config, const ck_f32_gemm_args *args) {
  return ck_rows_floats(config, args->m, args->k, &args->epilogue, rows_packing(config, args)) + scaled_floats(config, args);
}

static void gemm_item(const void *context, size_t item, int thread) {
  const gemm_job *job = context;
  const ck_grid *grid = &job->grid;
  size_t left;
  const size_t tile_item = ck_grid_tile_item(grid, item, &left), image = left % job->batch, panel_item = left / job->batch;
  ck_f32_product product = job->product;
  product.a += image * job->a_batch;
  product.out += image * job->o_batch;
  if (product.epilogue.residual) product.epilogue.residual += image * job->o_batch;
  float *scratch = job->scratch + (size_t)thread * job->scratch_floats;
  if (product.factors) {
    product.factors += image * job->factors_batch;
    product.scaled = scratch;
    scratch += job->scaled_floats;
  }
  ck_f32_run_product(&product, ck_grid_range(grid, tile_item, panel_item), scratch);
}

size_t ck_f32_gemm_scratch_bytes(const ck_gemm_config *config, const ck_f32_gemm_args *args, int threads) {
  return scratch_floats(config, args) * sizeof(float) * (size_t)(threads > 1 ? threads : 1);
}

void ck_f32_gemm(const ck_gemm_config *config, const ck_f32_gemm_args *args, void *scratch, int threads) {
  if (args->m == 0 || args->n == 0 || args->batch == 0) return;
  threads = ck_useful_threads((double)args->batch * (double)args->m * (double)args->n * (double)args->k, threads);
  const ck_rows_packing packing = rows_packing(config, args);
  gemm_job job = {
      .product =
          {
              .config = config,
              .m = args->m,
              .n = args->n,
              .k = args->k,
              .a = args->a,
              .a_row = args->a_row,
              .a_block = args->a_block,
              .a_column = 1,
              .packing = packing,
              .b = args->b,
              .factors = args->factors,
              .out = args->out,
              .o_row = args->o_row,
              .o_block = args->o_block,
              .r_row = args->o_row,
              .r_block = args->o_block,
              .epilogue = args->epilogue,
          },
      .batch = args->batch,
      .a_batch = args->a_batch,
      .o_batch = args->o_batch,
      .factors_batch = args->factors_batch,
      .scratch = scratch,
      .scratch_floats = scratch_floats(config, args),
      .scaled_floats = scaled_floats(config, args),
  };
  const size_t row_bytes = args->k * sizeof(float);
  job.grid =
      ck_make_grid(ck_tile_count(config, args->m), row_bytes * (size_t)config->mr, ck_divide_up(args->n, (size_t)config->nr),
                   row_bytes * (size_t)config->nr, args->batch, packing != CK_ROWS_DIRECT, threads);
  ck_parallel(job.grid.tile_items * job.grid.panel_items * args->batch, threads, gemm_item, &job);
}
