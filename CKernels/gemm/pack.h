/// Copies of matrices in the order in which a tile kernel reads them.
#ifndef CKERNELS_PACK_H
#define CKERNELS_PACK_H

#include "ckernels_gemm.h"

/// A strided matrix: element (row, column) at `data[row * row_step + column * column_step]`.
typedef struct ck_f32_view {
  const float *data;
  size_t row_step;
  size_t column_step;
} ck_f32_view;

/// Copies `[rows, columns]` to rows of `width` floats, `width >= columns`; the rest of each row becomes zero.
void ck_f32_pack_panel(ck_f32_view source, size_t rows, size_t columns, size_t width, float *packed);

/// Copies `rows` of `k` floats to `[ceil(k/c)][rows][c]`, where a kernel finds them with `a_row = c`, `a_block = rows * c`.
/// The source is addressed as ``ck_f32_gemm_tile/a``. Lanes past k are left alone.
void ck_f32_pack_rows(const float *a, size_t a_row, size_t a_block, size_t rows, size_t k, size_t c, float *packed);

/// The same from any strides.
void ck_f32_pack_rows_strided(ck_f32_view source, size_t rows, size_t k, size_t c, float *packed);

#endif
