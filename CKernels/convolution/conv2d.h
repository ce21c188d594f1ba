/// What the parts of the convolution driver share.
#ifndef CKERNELS_CONV2D_H
#define CKERNELS_CONV2D_H

#include "../gemm/product.h"
#include "ckernels_convolution.h"

enum { CK_CONV2D_CLASSES = 15 };

/// Results `first ..< end` of one dimension, all of which meet the image at taps `first_tap ..< end_tap` and padding at the
/// others.
typedef struct ck_conv2d_class {
  size_t first, end;
  size_t first_tap, end_tap;
} ck_conv2d_class;

typedef struct ck_conv2d_classes {
  size_t count;
  ck_conv2d_class list[CK_CONV2D_CLASSES];
} ck_conv2d_classes;

/// How one convolution is cut into tiles. The input of one image and group is `blocks` blocks of `[h, w, lane]` floats;
/// `lane` is c for blocked arrays and 1 for planar ones.
typedef struct ck_conv2d_plan {
  const ck_gemm_config *config;
  ck_conv2d_shape shape;
  int planar;
  int transposed;
  int gathered;  ///< tiles of pixels of one region, every tap copied; otherwise tiles of one output row, read in place
  int is_split;  ///< gathered: regions are pixels with the same taps inside the image; otherwise one region has all pixels
  ck_conv2d_classes rows, columns;  ///< gathered: each row and column of them is a region
  size_t tap_pixels;                ///< gathered: pixels times their taps
  size_t lane, blocks;
  size_t ic, oc;  ///< per group
  size_t parts;   ///< tiles in an output row (transposed: in each of its stride_w interleaved rows), when not gathered
  size_t first_inside, end_inside;  ///< the parts of a row that meet no padding at its ends
  size_t tiles;                     ///< per image
  size_t runs;    ///< parts into which the taps of gathered tiles are cut, each added to the result of those before
  size_t panels;  ///< per group
  size_t panel_floats;
  size_t input_image, output_image;
  size_t input_group, output_group;
  size_t taps_bytes;     ///< scratch per thread for the taps
  size_t copy_floats;    ///< scratch per thread for copied input
  size_t result_floats;  ///< scratch for the results of a gathered tile whose pixels lie apart
} ck_conv2d_plan;

/// Points `tile` (rows, k, a, a_row, a_block, taps) at the input of tile `index`, after copying to `copy` what padding touches or
/// what must be gathered. Returns the tile's first output pixel. `before`: tile `index - 1`, whose taps may be shared, or NULL.
size_t ck_conv2d_place_row_tile(const ck_conv2d_plan *plan, const float *input, size_t index, const ck_f32_gemm_tile *before,
                                ck_f32_tap *taps, float *copy, ck_f32_gemm_tile *tile);
/// Whether part `part` of an output row reads only columns of the image.
int ck_conv2d_part_is_inside(const ck_conv2d_plan *plan, size_t part);
size_t ck_conv2d_place_transposed_tile(const ck_conv2d_plan *plan, const float *input, size_t index, ck_f32_tap *taps,
                                       float *copy, ck_f32_gemm_tile *tile);

/// Cuts the pixels of a gathered convolution into regions where that saves work; returns which share of it is left.
double ck_conv2d_split(ck_conv2d_plan *plan);

/// Scratch of one thread for a gathered convolution.
size_t ck_conv2d_gathered_bytes(const ck_conv2d_plan *plan);
void ck_conv2d_run_gathered(const ck_conv2d_plan *plan, const ck_f32_conv2d_args *args, void *scratch, int threads);

/// Copies pixels `from ..< from + count` of one row of `width` pixels of `lane` floats, zeros where there are none.
void ck_conv2d_copy_span(const float *row, ptrdiff_t from, size_t count, size_t width, size_t lane, float *to);

void ck_f32_conv2d_general(const ck_f32_conv2d_args *args, int threads);
/// `scratch`: one output row per thread.
void ck_f32_conv2d_general_transposed(const ck_f32_conv2d_args *args, void *scratch, int threads);

#endif
