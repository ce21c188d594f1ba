// The table of kernels for convolutions in narrow groups.
#ifndef CK_GROUPED_KERNELS_H
#define CK_GROUPED_KERNELS_H

#include "../simd/levels.h"
#include "ckernels_gemm.h"

enum { CK_GROUPED_LANES = 16 };

// Some results of one row and one block of channels. A term is a channel of each group of the block, as far as these channels lie
// in one block of the input; its pixels are spread over the results' lanes by a permutation.
typedef struct ck_grouped_tile {
  const float *x;                        // of the first result, at the first tap
  size_t x_row, x_tap, x_step, x_block;  // floats from a row of taps, a tap, a result, a block of channels to the next
  size_t taps_h, taps_w, terms;
  const int32_t *blocks;     // for each term, the block that it reads
  const int32_t *spread;     // [terms][c]: for each lane of the result, the channel of the block that it reads
  const float *weights;      // [taps_h][terms][taps_w][c]; 0 for lanes that read from another block
  ck_f32_gemm_tile results;  // rows, out, o_row (= c), bias, residual, activation, scale
} ck_grouped_tile;

typedef struct ck_grouped_kernels {
  size_t c;       // channels of a block
  size_t pixels;  // the most results of a tile
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "grouped.inc"
#undef CK_KERNEL
} ck_grouped_kernels;

CK_DECLARE_LEVELS(grouped)

#endif
