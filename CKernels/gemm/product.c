#include "product.h"

#include <string.h>

ck_grid ck_make_grid(size_t tiles, size_t panels, size_t panel_bytes, size_t repeats, int threads) {
  const size_t wanted = threads > 1 ? (size_t)threads * CK_ITEMS_PER_THREAD : 1;
  size_t group = ck_max_size(CK_SECOND_CACHE_SHARE / ck_max_size(panel_bytes, 1), 1);
  if (tiles * repeats < wanted) group = ck_min_size(group, ck_divide_up(panels * tiles * repeats, wanted));
  ck_grid grid = {.tiles = tiles, .panels = panels};
  grid.panel_items = ck_divide_up(panels, ck_max_size(group, 1));
  grid.panels_per_item = ck_divide_up(panels, ck_max_size(grid.panel_items, 1));
  grid.tile_items = ck_min_size(tiles, ck_divide_up(wanted, ck_max_size(grid.panel_items * repeats, 1)));
  grid.tiles_per_item = ck_divide_up(tiles, ck_max_size(grid.tile_items, 1));
  return grid;
}

ck_rows_packing ck_choose_packing(const ck_gemm_config *config, size_t columns, size_t k, size_t a_row, size_t a_block) {
  const size_t c = (size_t)config->c;
  // Rows a multiple of 2 KB apart fall on the same few sets of the first cache and evict each other.
  const int aliases = a_block == c && a_row * sizeof(float) % 2048 == 0 && k > c;
  return aliases && columns > 2 * (size_t)config->nr ? CK_ROWS_COPIED : CK_ROWS_DIRECT;
}

size_t ck_rows_floats(const ck_gemm_config *config, size_t k, ck_rows_packing packing) {
  return packing == CK_ROWS_DIRECT ? 0 : ck_round_up((size_t)config->mr * ck_round_up(k, (size_t)config->c), 16);
}

void ck_f32_begin_tile(ck_f32_gemm_tile *tile, const ck_f32_epilogue *epilogue) {
  tile->activation = epilogue->activation;
  tile->scale = epilogue->scale == 0 ? 1 : epilogue->scale;
  tile->residual_last = (epilogue->flags & CK_EPILOGUE_RESIDUAL_LAST) != 0;
  tile->bias = epilogue->bias;
  tile->residual = epilogue->residual;
}

void ck_f32_run_panels(const ck_gemm_config *config, const ck_f32_gemm_tile *row, size_t n, size_t panel_floats, size_t first,
                       size_t end) {
  const size_t nr = (size_t)config->nr, c = (size_t)config->c;
  float bias[64];
  ck_f32_gemm_tile tile = *row;
  for (size_t panel = first; panel < end; ++panel) {
    const size_t n0 = panel * nr, columns = ck_min_size(n - n0, nr);
    tile.columns = row->o_block == c ? columns : ck_round_up(columns, c);
    tile.b = row->b + panel * panel_floats;
    tile.out = row->out + n0 / c * row->o_block;
    if (row->residual) tile.residual = row->residual + n0 / c * row->r_block;
    if (row->bias) {
      tile.bias = row->bias + n0;
      if (columns < nr) {
        memset(bias, 0, sizeof bias);
        memcpy(bias, tile.bias, columns * sizeof(float));
        tile.bias = bias;
      }
    }
    config->f32(&tile);
  }
}

size_t ck_run_count(size_t k, const ck_f32_epilogue *epilogue) {
  const int keeps_residual = epilogue->residual != NULL && (epilogue->flags & CK_EPILOGUE_RESIDUAL_LAST);
  return keeps_residual ? 1 : ck_max_size(ck_divide_up(k, CK_LONGEST_RUN), 1);
}

/// Makes `tile` one run of a longer sum: what earlier runs left in the result comes back as the residual.
static void continue_run(ck_f32_gemm_tile *tile, int is_first, int is_last) {
  if (!is_first) {
    tile->residual = tile->out;
    tile->r_row = tile->o_row;
    tile->r_block = tile->o_block;
    tile->residual_last = 0;
  }
  if (!is_last) {
    tile->bias = NULL;
    tile->activation.kind = CK_ACT_NONE;
  }
}

void ck_f32_run_product(const ck_f32_product *p, size_t first_tile, size_t end_tile, size_t first_panel, size_t end_panel,
                        float *rows) {
  const ck_gemm_config *config = p->config;
  const size_t c = (size_t)config->c, nr = (size_t)config->nr, tiles = ck_tile_count(config, p->m);
  const size_t runs = ck_run_count(p->k, &p->epilogue), blocks = ck_divide_up(p->k, c);
  const ck_f32_tap whole = {0, 0};
  for (size_t run = 0; run < runs; ++run) {
    const size_t k0 = ck_part_start(blocks, runs, run) * c;
    const size_t k = ck_min_size(ck_part_start(blocks, runs, run + 1) * c, p->k) - k0;
    for (size_t i = first_tile; i < end_tile; ++i) {
      const size_t m = ck_part_start(p->m, tiles, i);
      ck_f32_gemm_tile tile = {
        .rows = ck_part_start(p->m, tiles, i + 1) - m, .k = k, .a_row = p->a_row, .a_block = p->a_block,
        .taps = &whole, .tap_count = 1, .b = p->b + k0 * nr,
        .out = p->out + m * p->o_row, .o_row = p->o_row, .o_block = p->o_block, .r_row = p->r_row, .r_block = p->r_block,
      };
      ck_f32_begin_tile(&tile, &p->epilogue);
      if (tile.residual) tile.residual += m * p->r_row;
      continue_run(&tile, run == 0, run + 1 == runs);
      if (p->packing == CK_ROWS_STRIDED) {
        const ck_f32_view view = {p->a + m * p->a_row + k0 * p->a_column, p->a_row, p->a_column};
        ck_f32_pack_rows_strided(view, tile.rows, k, c, rows);
      } else {
        tile.a = p->a + m * p->a_row + k0 / c * p->a_block;
        if (p->packing == CK_ROWS_COPIED) ck_f32_pack_rows(tile.a, p->a_row, p->a_block, tile.rows, k, c, rows);
      }
      if (p->packing != CK_ROWS_DIRECT) {
        tile.a = rows;
        tile.a_row = c;
        tile.a_block = tile.rows * c;
      }
      ck_f32_run_panels(config, &tile, p->n, p->k * nr, first_panel, end_panel);
    }
  }
}
