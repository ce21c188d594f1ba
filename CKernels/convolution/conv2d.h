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
  int transposed;
  int gathered;            ///< tiles of consecutive pixels, every tap copied; otherwise tiles of one output row, read in place
  size_t lane, blocks;
  size_t ic, oc;           ///< per group
  size_t parts;            ///< tiles in an output row (transposed: in each of its stride_w interleaved rows), when not gathered
  size_t first_inside, end_inside;  ///< the parts of a row that meet no padding at its ends
  size_t tiles;            ///< per image
  size_t runs;             ///< parts into which the taps of gathered tiles are cut, each added to the result of those before
  size_t panels;           ///< per group
  size_t panel_floats;
  size_t input_image, output_image;
  size_t input_group, output_group;
  size_t taps_bytes;       ///< scratch per thread for the taps
  size_t copy_floats;      ///< scratch per thread for copied input
} ck_conv2d_plan;

/// The shape as it is computed: groups that are no whole blocks of channels become one larger group, with zeros among its weights.
/// `groups` is 0 if there is no way.
ck_conv2d_shape ck_conv2d_merge_groups(const ck_gemm_config *config, const ck_conv2d_shape *shape);

/// Points `tile` (rows, k, a, a_row, a_block, taps) at the input of tile `index`, after copying to `copy` what padding touches or
/// what must be gathered. Returns the tile's first output pixel. `before`: tile `index - 1`, whose taps may be shared, or NULL.
size_t ck_conv2d_place_row_tile(const ck_conv2d_plan *plan, const float *input, size_t index, const ck_f32_gemm_tile *before,
                                ck_f32_tap *taps, float *copy, ck_f32_gemm_tile *tile);
/// Whether part `part` of an output row reads only columns of the image.
int ck_conv2d_part_is_inside(const ck_conv2d_plan *plan, size_t part);
size_t ck_conv2d_place_gathered_tile(const ck_conv2d_plan *plan, const float *input, size_t index, size_t run, ck_f32_tap *taps,
                                     float *copy, ck_f32_gemm_tile *tile);
size_t ck_conv2d_place_transposed_tile(const ck_conv2d_plan *plan, const float *input, size_t index, ck_f32_tap *taps, float *copy,
                                       ck_f32_gemm_tile *tile);

/// Copies pixels `from ..< from + count` of one row of `width` pixels of `lane` floats, zeros where there are none.
void ck_conv2d_copy_span(const float *row, ptrdiff_t from, size_t count, size_t width, size_t lane, float *to);

void ck_f32_conv2d_general(const ck_f32_conv2d_args *args, int threads);
/// `scratch`: one output row per thread.
void ck_f32_conv2d_general_transposed(const ck_f32_conv2d_args *args, void *scratch, int threads);

#endif
