/// What the parts of the convolution driver share.
#ifndef CKERNELS_CONV2D_H
#define CKERNELS_CONV2D_H

#include "../gemm/product.h"
#include "ckernels_convolution.h"

/// How one convolution is cut into tiles. The input of one image and group is `blocks` blocks of `[h, w, lane]` floats;
/// `lane` is c for blocked arrays and 1 for planar ones.
typedef struct ck_conv2d_plan {
  const ck_gemm_config *config;
  ck_conv2d_shape shape;
  int planar;
  int gathered;            ///< tiles of consecutive pixels, every tap copied; otherwise tiles of one output row, read in place
  size_t lane, blocks;
  size_t ic, oc;           ///< per group
  size_t parts;            ///< tiles in an output row, when not gathered
  size_t tiles;            ///< per image
  size_t panels;           ///< per group
  size_t panel_floats;
  size_t input_image, output_image;
  size_t input_group, output_group;
  size_t taps_bytes;       ///< scratch per thread for the taps
  size_t copy_floats;      ///< scratch per thread for copied input
} ck_conv2d_plan;

/// Points `tile` (a, a_row, a_block, k, taps, rows) at the input of row tile `index`; copies to `copy` what padding touches.
void ck_conv2d_place_row_tile(const ck_conv2d_plan *plan, const float *input, size_t index, ck_f32_tap *taps, float *copy,
                              ck_f32_gemm_tile *tile);

/// The same for a tile of `rows` consecutive pixels from pixel `first`, every tap of which is copied to `copy`.
void ck_conv2d_gather_tile(const ck_conv2d_plan *plan, const float *input, size_t first, size_t rows, ck_f32_tap *taps,
                           float *copy, ck_f32_gemm_tile *tile);

void ck_f32_conv2d_general(const ck_f32_conv2d_args *args, int threads);

#endif
