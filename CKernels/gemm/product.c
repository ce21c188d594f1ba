#include "product.h"

#include "../elementwise/kernels.h"

#include <string.h>

/// One rectangle of the grid for each thread, cut into items along what is read the less often.
static void share(ck_grid *grid, size_t tile_bytes, size_t panel_bytes, int copies, size_t threads) {
  // Beside the products, of which a tile and a panel take one cycle per number of the tile. Rows often lie in the thread's cache.
  static const double CYCLES_PER_BYTE = 0.1, KEPT_ROWS = 0.5, COPIED_ROWS = 3;
  double least = -1;
  size_t down = 1;
  for (size_t across = 1; across <= ck_min_size(grid->tiles, threads); ++across) {
    const size_t along = ck_min_size(ck_divide_up(threads, across), grid->panels);
    const double rows = (double)ck_divide_up(grid->tiles, across) * (double)tile_bytes,
                 panels = (double)ck_divide_up(grid->panels, along);
    const double read = rows * (copies ? COPIED_ROWS : along > 1 ? 1 : KEPT_ROWS) + panels * (double)panel_bytes;
    const double cost = rows / sizeof(float) * panels + CYCLES_PER_BYTE * read;
    if (least >= 0 && cost >= least) continue;
    least = cost;
    grid->tile_items = across;
    grid->panel_items = along;
    down = ck_divide_up(grid->tiles, across);
  }
  // What an item more reads again, unless it is still in the second cache.
  const double own_rows = (double)down * (double)tile_bytes;
  const double own_panels = (double)ck_divide_up(grid->panels, grid->panel_items) * (double)panel_bytes;
  const double again_rows = copies ? COPIED_ROWS * own_rows : own_rows > CK_BLOCK_BYTES ? own_rows : 0;
  const double again_panels = own_panels > CK_BLOCK_BYTES ? own_panels : 0;
  const int cuts_rows = again_panels < again_rows || (again_panels == again_rows && own_rows > own_panels);
  grid->panels_first = grid->tile_items > 1;
  if ((cuts_rows ? again_panels : again_rows) > 0 || (grid->tile_items > 1 && grid->panel_items > 1)) return;
  grid->panels_first |= !cuts_rows;
  if (cuts_rows) grid->tile_items = ck_min_size(grid->tile_items * CK_ITEMS_PER_THREAD, grid->tiles);
  else grid->panel_items = ck_min_size(grid->panel_items * CK_ITEMS_PER_THREAD, grid->panels);
}

ck_grid ck_make_grid(size_t tiles, size_t tile_bytes, size_t panels, size_t panel_bytes, size_t repeats, int copies,
                     int threads) {
  ck_grid grid = {.tiles = tiles, .panels = panels, .tile_items = 1, .panel_items = 1};
  if (threads <= 1 || tiles == 0 || panels == 0) return grid;
  if (repeats == 1) {
    share(&grid, tile_bytes, panel_bytes, copies, (size_t)threads);
    return grid;
  }
  const size_t wanted = ck_min_size(ck_divide_up((size_t)threads * CK_ITEMS_PER_THREAD, repeats), tiles * panels);
  double least = -1;
  for (size_t across = 1; across <= ck_min_size(tiles, wanted); ++across) {
    const size_t along = ck_divide_up(wanted, across);
    if (along > panels) continue;
    // Every item reads its own rows and its own weights.
    const double traffic = (double)(along * tiles) * (double)tile_bytes + (double)(across * panels) * (double)panel_bytes;
    if (least >= 0 && traffic >= least) continue;
    least = traffic;
    grid.tile_items = across;
    grid.panel_items = along;
  }
  return grid;
}

ck_rows_packing ck_choose_packing(const ck_gemm_config *config, size_t columns, size_t k, size_t a_row, size_t a_block) {
  const size_t c = (size_t)config->c;
  // Rows a multiple of 2 KB apart fall on the same few sets of the first cache and evict each other.
  const int aliases = a_block == c && a_row * sizeof(float) % 2048 == 0 && k > c;
  return aliases && columns > 2 * (size_t)config->nr ? CK_ROWS_COPIED : CK_ROWS_DIRECT;
}

static size_t longest_run(size_t k, const ck_f32_epilogue *epilogue) { return ck_divide_up(k, ck_run_count(k, epilogue)); }

static size_t tile_floats(const ck_gemm_config *config, size_t k) {
  return ck_round_up((size_t)config->mr * ck_round_up(k, (size_t)config->c), 16);
}

/// Tiles of one block, for sums that are not longer than `k` in one run.
static size_t block_tiles(const ck_gemm_config *config, size_t tiles, size_t k) {
  return ck_tiles_together(tiles, tile_floats(config, k) * sizeof(float));
}

size_t ck_rows_floats(const ck_gemm_config *config, size_t m, size_t k, const ck_f32_epilogue *epilogue,
                      ck_rows_packing packing) {
  if (packing == CK_ROWS_DIRECT) return 0;
  // Runs are cut at whole blocks of channels, so that one may be longer than the mean by less than a block.
  const size_t run = ck_min_size(longest_run(k, epilogue) + (size_t)config->c, k);
  return tile_floats(config, run) * ck_min_size(ck_tile_count(config, m), CK_BLOCK_TILES);
}

void ck_f32_begin_tile(ck_f32_gemm_tile *tile, const ck_f32_epilogue *epilogue) {
  tile->activation = epilogue->activation;
  tile->scale = epilogue->scale == 0 ? 1 : epilogue->scale;
  tile->residual_last = (epilogue->flags & CK_EPILOGUE_RESIDUAL_LAST) != 0;
  tile->bias = epilogue->bias;
  tile->residual = epilogue->residual;
}

/// Tells tile `index` of `count` which part of the next panel to fetch.
static void plan_fetch(const ck_gemm_config *config, ck_f32_gemm_tile *tile, size_t index, size_t count,
                       const ck_f32_columns *columns) {
  const size_t fetched = columns->fetched_floats, slice = fetched / (4 * (size_t)config->nr) * CK_GEMM_LINES * 16;
  tile->next_whole = count * slice < fetched && index == 0;
  if (tile->tap_count > 0 && index * slice < fetched && (count * slice >= fetched || tile->next_whole))
    tile->next_b = tile->b + tile->taps[0].b + columns->panel_floats + index * slice;
}

/// Multiplies a single row with its whole panels, several at once. Returns how many these are. However the panels are grouped, a
/// result is summed in the same order.
static size_t run_row(const ck_gemm_config *config, const ck_f32_gemm_tile *row, ck_f32_columns columns) {
  if (config->row_panels == 0) return 0;
  const size_t nr = (size_t)config->nr, whole = ck_min_size(columns.end, columns.count / nr), per_panel = nr / (size_t)config->c;
  size_t together = (size_t)config->row_panels;
  for (size_t panel = columns.first; panel < whole; panel += together) {
    while (together > whole - panel) together /= 2;
    ck_f32_gemm_tile tile = *row;
    tile.columns = nr;
    tile.panels = together;
    tile.panel_floats = columns.panel_floats;
    tile.b += panel * columns.panel_floats;
    tile.out += panel * per_panel * tile.o_block;
    if (tile.bias) tile.bias += panel * nr;
    if (tile.residual) tile.residual += panel * per_panel * tile.r_block;
    config->f32(&tile);
  }
  return ck_max_size(whole, columns.first) - columns.first;
}

void ck_f32_run_tiles(const ck_gemm_config *config, const ck_f32_gemm_tile *tiles, size_t count, ck_f32_columns columns) {
  const size_t nr = (size_t)config->nr, c = (size_t)config->c;
  float padded[64];
  if (columns.single_row) columns.first += run_row(config, tiles, columns);
  for (size_t panel = columns.first; panel < columns.end; ++panel) {
    const size_t n0 = panel * nr, width = ck_min_size(columns.count - n0, nr);
    if (columns.factors)
      CK_BEST_LEVEL(elementwise, config->isa)
          ->f32_binary(CK_BINARY_MUL, columns.rows, nr, tiles[0].b + panel * columns.panel_floats, (ptrdiff_t)nr, 1,
                       columns.factors, 1, 0, columns.scaled);
    for (size_t i = 0; i < count; ++i) {
      ck_f32_gemm_tile tile = tiles[i];
      tile.columns = tile.o_block == c ? width : ck_round_up(width, c);
      tile.b += panel * columns.panel_floats;
      tile.out += n0 / c * tile.o_block;
      if (tile.bias) tile.bias += n0;
      if (tile.bias && width < nr) {
        memset(padded, 0, sizeof padded);
        memcpy(padded, tile.bias, width * sizeof(float));
        tile.bias = padded;
      }
      if (tile.residual) tile.residual += n0 / c * tile.r_block;
      if ((panel + 1) * nr < columns.count) plan_fetch(config, &tile, i, count, &columns);
      if (columns.factors) tile.b = columns.scaled;
      if (columns.fetches_rows && panel == columns.first) tile.next_rows = tile.rows * tile.a_row;
      // The last panel, if it is narrow: summed in the order of the others.
      if (columns.single_row && config->row_panels > 0) {
        tile.panels = 1;
        tile.panel_floats = columns.panel_floats;
      }
      config->f32(&tile);
    }
  }
}

size_t ck_run_count(size_t k, const ck_f32_epilogue *epilogue) {
  const int keeps_residual = epilogue->residual != NULL && (epilogue->flags & CK_EPILOGUE_RESIDUAL_LAST);
  return keeps_residual ? 1 : ck_max_size(ck_divide_up(k, CK_LONGEST_RUN), 1);
}

void ck_f32_continue_run(ck_f32_gemm_tile *tile, int is_first, int is_last) {
  if (!is_first) {
    tile->residual = tile->out;
    tile->r_row = tile->o_row;
    tile->r_block = tile->o_block;
    tile->residual_last = 0;
  }
  if (!is_last) {
    tile->bias = NULL;
    tile->activation.kind = CK_FUNCTION_IDENTITY;
  }
}

/// Points a tile at its rows, or at a copy of them.
static void place_rows(const ck_f32_product *p, size_t m, size_t k0, float *copy, ck_f32_gemm_tile *tile) {
  const size_t c = (size_t)p->config->c;
  if (p->packing == CK_ROWS_SCALED) {
    for (size_t block = 0; block * c < tile->k; ++block)
      CK_BEST_LEVEL(elementwise, p->config->isa)
          ->f32_binary(CK_BINARY_MUL, tile->rows, c, p->a + m * p->a_row + (k0 / c + block) * p->a_block, (ptrdiff_t)p->a_row, 1,
                       p->factors + k0 + block * c, 0, 1, copy + block * tile->rows * c);
  } else if (p->packing == CK_ROWS_STRIDED) {
    const ck_f32_view view = {p->a + m * p->a_row + k0 * p->a_column, p->a_row, p->a_column};
    ck_f32_pack_rows_strided(view, tile->rows, tile->k, c, copy);
  } else {
    tile->a = p->a + m * p->a_row + k0 / c * p->a_block;
    if (p->packing == CK_ROWS_COPIED) ck_f32_pack_rows(tile->a, p->a_row, p->a_block, tile->rows, tile->k, c, copy);
  }
  if (p->packing != CK_ROWS_DIRECT) {
    tile->a = copy;
    tile->a_row = c;
    tile->a_block = tile->rows * c;
  }
}

void ck_f32_run_product(const ck_f32_product *p, ck_range range, float *rows) {
  const ck_gemm_config *config = p->config;
  const size_t c = (size_t)config->c, nr = (size_t)config->nr, all_tiles = ck_tile_count(config, p->m);
  const size_t tiles = range.end_tile - range.first_tile;
  const size_t runs = ck_run_count(p->k, &p->epilogue), blocks = ck_divide_up(p->k, c);
  const ck_f32_tap whole = {0, 0};
  ck_f32_gemm_tile block[CK_BLOCK_TILES];
  for (size_t run = 0; run < runs; ++run) {
    const size_t k0 = ck_part_start(blocks, runs, run) * c;
    const size_t k = ck_min_size(ck_part_start(blocks, runs, run + 1) * c, p->k) - k0;
    const size_t together = block_tiles(config, tiles, k), copy_floats = tile_floats(config, k);
    for (size_t first = 0; first < tiles; first += together) {
      const size_t count = ck_min_size(together, tiles - first);
      for (size_t i = 0; i < count; ++i) {
        const size_t m = ck_part_start(p->m, all_tiles, range.first_tile + first + i);
        block[i] = (ck_f32_gemm_tile){
            .rows = ck_part_start(p->m, all_tiles, range.first_tile + first + i + 1) - m,
            .k = k,
            .a_row = p->a_row,
            .a_block = p->a_block,
            .taps = &whole,
            .tap_count = 1,
            .b = p->b + k0 * nr,
            .out = p->out + m * p->o_row,
            .o_row = p->o_row,
            .o_block = p->o_block,
            .r_row = p->r_row,
            .r_block = p->r_block,
        };
        ck_f32_begin_tile(&block[i], &p->epilogue);
        if (block[i].residual) block[i].residual += m * p->r_row;
        ck_f32_continue_run(&block[i], run == 0, run + 1 == runs);
        place_rows(p, m, k0, rows + i * copy_floats, &block[i]);
      }
      ck_f32_run_tiles(config, block, count,
                       (ck_f32_columns){
                           .count = p->n,
                           .panel_floats = p->k * nr,
                           .first = range.first_panel,
                           .end = range.end_panel,
                           .fetched_floats = k * nr,
                           .fetches_rows = p->packing == CK_ROWS_DIRECT,
                           .single_row = p->m == 1 && !p->factors,
                           .factors = p->factors && p->packing != CK_ROWS_SCALED ? p->factors + k0 : NULL,
                           .scaled = p->scaled,
                           .rows = k,
                       });
    }
  }
}
