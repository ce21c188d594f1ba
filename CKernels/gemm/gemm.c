#include "../isa/parallel.h"
#include "product.h"

typedef struct gemm_job {
  ck_f32_product product;
  ck_grid grid;
  size_t batch, a_batch, o_batch;
  float *scratch;
  size_t scratch_floats;
} gemm_job;

static void gemm_item(const void *context, size_t item, int thread) {
  const gemm_job *job = context;
  const ck_grid *grid = &job->grid;
  // Panels outermost: consecutive items stream other rows past the same weights.
  const size_t tile_item = item % grid->tile_items, rest = item / grid->tile_items;
  const size_t image = rest % job->batch, panel_item = rest / job->batch;
  ck_f32_product product = job->product;
  product.a += image * job->a_batch;
  product.out += image * job->o_batch;
  if (product.epilogue.residual) product.epilogue.residual += image * job->o_batch;
  ck_f32_run_product(&product, ck_grid_range(grid, tile_item, panel_item), job->scratch + (size_t)thread * job->scratch_floats);
}

size_t ck_f32_gemm_scratch_bytes(const ck_gemm_config *config, const ck_f32_gemm_args *args, int threads) {
  const ck_rows_packing packing = ck_choose_packing(config, args->n, args->k, args->a_row, args->a_block);
  return ck_rows_floats(config, args->m, args->k, &args->epilogue, packing) * sizeof(float) * (size_t)(threads > 1 ? threads : 1);
}

void ck_f32_gemm(const ck_gemm_config *config, const ck_f32_gemm_args *args, void *scratch, int threads) {
  if (args->m == 0 || args->n == 0 || args->batch == 0) return;
  threads = ck_useful_threads((double)args->batch * (double)args->m * (double)args->n * (double)args->k, threads);
  const ck_rows_packing packing = ck_choose_packing(config, args->n, args->k, args->a_row, args->a_block);
  gemm_job job = {
    .product = {
      .config = config, .m = args->m, .n = args->n, .k = args->k,
      .a = args->a, .a_row = args->a_row, .a_block = args->a_block, .a_column = 1, .packing = packing, .b = args->b,
      .out = args->out, .o_row = args->o_row, .o_block = args->o_block, .r_row = args->o_row, .r_block = args->o_block,
      .epilogue = args->epilogue,
    },
    .batch = args->batch, .a_batch = args->a_batch, .o_batch = args->o_batch,
    .scratch = scratch, .scratch_floats = ck_rows_floats(config, args->m, args->k, &args->epilogue, packing),
  };
  const size_t row_bytes = args->k * sizeof(float);
  job.grid = ck_make_grid(ck_tile_count(config, args->m), row_bytes * (size_t)config->mr, ck_divide_up(args->n, (size_t)config->nr),
                          row_bytes * (size_t)config->nr, args->batch, threads);
  ck_parallel(job.grid.tile_items * job.grid.panel_items * args->batch, threads, gemm_item, &job);
}
