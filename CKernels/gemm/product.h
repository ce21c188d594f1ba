/// The loop over tiles of one matrix product, shared by the drivers.
#ifndef CKERNELS_PRODUCT_H
#define CKERNELS_PRODUCT_H

#include "pack.h"

enum {
  CK_SECOND_CACHE_SHARE = 512 * 1024,  ///< bytes of packed weights that a driver keeps hot while rows stream past them
  CK_LONGEST_RUN = 1024,               ///< longer sums are cut, so that several panels of weights stay hot
  CK_ITEMS_PER_THREAD = 4,             ///< work items per thread, so that a slow core does not hold up the others
};

typedef enum ck_rows_packing { CK_ROWS_DIRECT, CK_ROWS_COPIED, CK_ROWS_STRIDED } ck_rows_packing;

/// One matrix product. `a_column` counts only when `packing` is CK_ROWS_STRIDED.
typedef struct ck_f32_product {
  const ck_gemm_config *config;
  size_t m, n, k;
  const float *a;
  size_t a_row, a_block, a_column;
  ck_rows_packing packing;
  const float *b;
  float *out;
  size_t o_row, o_block;
  size_t r_row, r_block;
  ck_f32_epilogue epilogue;
} ck_f32_product;

static inline size_t ck_divide_up(size_t a, size_t b) { return (a + b - 1) / b; }
static inline size_t ck_round_up(size_t a, size_t b) { return ck_divide_up(a, b) * b; }
static inline size_t ck_min_size(size_t a, size_t b) { return a < b ? a : b; }
static inline size_t ck_max_size(size_t a, size_t b) { return a > b ? a : b; }

/// Start of part `index` when `count` things are cut into `parts` of nearly the same size.
static inline size_t ck_part_start(size_t count, size_t parts, size_t index) {
  return count / parts * index + ck_min_size(index, count % parts);
}

/// How a grid of row tiles and column panels is cut into items that threads take one by one. Never changes a tile's own bounds.
typedef struct ck_grid {
  size_t tiles, panels;
  size_t tiles_per_item, panels_per_item;
  size_t tile_items, panel_items;
} ck_grid;

ck_grid ck_make_grid(size_t tiles, size_t panels, size_t panel_bytes, size_t repeats, int threads);

/// How the rows of A are best read: `columns` results will be made from each.
ck_rows_packing ck_choose_packing(const ck_gemm_config *config, size_t columns, size_t k, size_t a_row, size_t a_block);

/// Floats of scratch that one thread needs for copied rows.
size_t ck_rows_floats(const ck_gemm_config *config, size_t k, ck_rows_packing packing);

/// Parts into which sums of length `k` are cut. Parts go through the result, where a residual to be added last may lie.
size_t ck_run_count(size_t k, const ck_f32_epilogue *epilogue);

/// Row tiles of a product.
static inline size_t ck_tile_count(const ck_gemm_config *config, size_t m) { return ck_divide_up(m, (size_t)config->mr); }

/// Fills the fields of a tile that all tiles of a product share.
void ck_f32_begin_tile(ck_f32_gemm_tile *tile, const ck_f32_epilogue *epilogue);

/// Runs the kernel on panels `first ..< end` of one row of tiles, `n` columns in all. `tile` has everything but what depends on
/// the panel; `panel_floats` is the size of a packed panel.
void ck_f32_run_panels(const ck_gemm_config *config, const ck_f32_gemm_tile *tile, size_t n, size_t panel_floats, size_t first,
                       size_t end);

void ck_f32_run_product(const ck_f32_product *product, size_t first_tile, size_t end_tile, size_t first_panel, size_t end_panel,
                        float *rows);

#endif
