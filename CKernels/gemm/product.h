/// The loop over tiles of one matrix product, shared by the drivers.
#ifndef CKERNELS_PRODUCT_H
#define CKERNELS_PRODUCT_H

#include "pack.h"

enum {
  CK_BLOCK_BYTES = 512 * 1024,  ///< rows of A that a driver keeps in the second cache while weights stream past them
  CK_BLOCK_TILES = 32,          ///< most row tiles of such a block
  CK_LONGEST_RUN = 1024,        ///< longer sums are cut, so that a panel of weights and a tile of rows stay hot
  CK_ITEMS_PER_THREAD = 4,      ///< work items per thread, so that a slow core does not hold up the others
};

/// CK_ROWS_SCALED: copied and multiplied by the factors, which otherwise go to the weights.
typedef enum ck_rows_packing { CK_ROWS_DIRECT, CK_ROWS_COPIED, CK_ROWS_STRIDED, CK_ROWS_SCALED } ck_rows_packing;

/// One matrix product. `a_column` counts only when `packing` is CK_ROWS_STRIDED.
typedef struct ck_f32_product {
  const ck_gemm_config *config;
  size_t m, n, k;
  const float *a;
  size_t a_row, a_block, a_column;
  ck_rows_packing packing;
  const float *b;
  const float *factors;  ///< one per row of B, or NULL
  float *scaled;         ///< with factors and unless rows are CK_ROWS_SCALED: room for the rows of a panel
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

/// Threads worth waking for so many multiplications: a thread takes a microsecond to start, and does this many in another.
static inline int ck_useful_threads(double products, int threads) {
  const double most = products / 100000;
  return most >= threads ? threads : most > 1 ? (int)most : 1;
}

/// How a grid of row tiles and column panels is cut into items that threads take one by one. Never changes a tile's own bounds.
typedef struct ck_grid {
  size_t tiles, panels;
  size_t tile_items, panel_items;
  int panels_first;  ///< items that follow each other share rows, otherwise weights
} ck_grid;

/// The part of a grid that one item is.
typedef struct ck_range {
  size_t first_tile, end_tile;
  size_t first_panel, end_panel;
} ck_range;

/// `repeats`: how often the whole grid is run side by side. `copies`: whether an item copies its rows before it reads them.
/// The items read the least that `threads` allow.
ck_grid ck_make_grid(size_t tiles, size_t tile_bytes, size_t panels, size_t panel_bytes, size_t repeats, int copies, int threads);

/// The tile item of item `item`; what is left counts panel items and repeats.
static inline size_t ck_grid_tile_item(const ck_grid *g, size_t item, size_t *left) {
  *left = g->panels_first ? item % g->panel_items : item / g->tile_items;
  return g->panels_first ? item / g->panel_items : item % g->tile_items;
}

static inline ck_range ck_grid_range(const ck_grid *g, size_t tile_item, size_t panel_item) {
  return (ck_range){
      ck_part_start(g->tiles, g->tile_items, tile_item),
      ck_part_start(g->tiles, g->tile_items, tile_item + 1),
      ck_part_start(g->panels, g->panel_items, panel_item),
      ck_part_start(g->panels, g->panel_items, panel_item + 1),
  };
}

/// Row tiles of `tile_bytes` that are run together, a panel at a time.
static inline size_t ck_tiles_together(size_t tiles, size_t tile_bytes) {
  const size_t most = ck_min_size(ck_max_size(CK_BLOCK_BYTES / ck_max_size(tile_bytes, 1), 1), CK_BLOCK_TILES);
  return ck_divide_up(tiles, ck_max_size(ck_divide_up(tiles, most), 1));
}

/// How the rows of A are best read: `columns` results will be made from each.
ck_rows_packing ck_choose_packing(const ck_gemm_config *config, size_t columns, size_t k, size_t a_row, size_t a_block);

/// Floats of scratch that one thread needs for copied rows.
size_t ck_rows_floats(const ck_gemm_config *config, size_t m, size_t k, const ck_f32_epilogue *epilogue, ck_rows_packing packing);

/// Parts into which sums of length `k` are cut. Parts go through the result, where a residual to be added last may lie.
size_t ck_run_count(size_t k, const ck_f32_epilogue *epilogue);

/// Row tiles of a product.
static inline size_t ck_tile_count(const ck_gemm_config *config, size_t m) { return ck_divide_up(m, (size_t)config->mr); }

/// Fills the fields of a tile that all tiles of a product share.
void ck_f32_begin_tile(ck_f32_gemm_tile *tile, const ck_f32_epilogue *epilogue);

/// The columns of a product: `count` in all, in packed panels of `panel_floats`; panels `first ..< end` are run.
typedef struct ck_f32_columns {
  size_t count, panel_floats, first, end;
  size_t fetched_floats;  ///< of each panel, from the start of `b`, that are used and not in the second cache yet
  int fetches_rows;       ///< nor are the rows, which follow each other from tile to tile
  const float *factors;   ///< of the rows of a panel, which are multiplied into `scaled` before use; or NULL
  float *scaled;
  size_t rows;     ///< of a panel, with factors
  int single_row;  ///< the product has one row, and its tile is the only one
} ck_f32_columns;

/// Runs `count` row tiles, panel by panel. `tiles` have everything but what depends on the panel.
void ck_f32_run_tiles(const ck_gemm_config *config, const ck_f32_gemm_tile *tiles, size_t count, ck_f32_columns columns);

/// Makes `tile` one run of a longer sum: what earlier runs left in the result comes back as the residual.
void ck_f32_continue_run(ck_f32_gemm_tile *tile, int is_first, int is_last);

/// `rows`: scratch of ``ck_rows_floats``.
void ck_f32_run_product(const ck_f32_product *product, ck_range range, float *rows);

#endif
