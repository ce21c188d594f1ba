/// Resampling of images along rows and columns. Conventions: `ckernels_layout.h`.
#ifndef CKERNELS_RESIZE_H
#define CKERNELS_RESIZE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How one axis is resampled: result element `t` is the sum over `k < taps` of `weight[t * taps + k]` times element
/// `index[t * taps + k]`, all of which are below `in`.
typedef struct ck_resize_axis {
  size_t in, out, taps;
  const int32_t *index;
  const float *weight;
} ck_resize_axis;

/// The most taps of the first axis.
enum { CK_RESIZE_MAX_TAPS = 64 };

/// Floats of scratch memory for ``ck_f32_resize``.
size_t ck_f32_resize_scratch(ck_resize_axis rows, ck_resize_axis columns, size_t c, int threads);

/// `x: [planes, rows.in, columns.in, c]` to `y: [planes, rows.out, columns.out, c]`: plain images have `c` = 1, channels-last
/// ones all channels, and of a blocked tensor every block is a plane.
/// Columns are resampled first, once for every row of `x` that is used; sums go from the first tap to the last.
/// - Requires: `rows.taps <= CK_RESIZE_MAX_TAPS`; `scratch` of ``ck_f32_resize_scratch`` floats for as many threads.
void ck_f32_resize(uint32_t isa, size_t planes, ck_resize_axis rows, ck_resize_axis columns, size_t c, const float *x, float *y,
                   float *scratch, int threads);

/// Sizes and attributes of ``ck_f32_roi_align``, as the operator RoiAlign has them.
typedef struct ck_roi_align_shape {
  size_t n, channels, h, w;
  size_t regions, out_h, out_w;
  size_t samples;  ///< per bin and axis; 0: one for every pixel
  double scale;
  int is_aligned;
} ck_roi_align_shape;

typedef enum ck_roi_outcome : int32_t {
  CK_ROI_DONE = 0,
  CK_ROI_BAD_IMAGE = 1,
  CK_ROI_TOO_LARGE = 2,  ///< or not finite
} ck_roi_outcome;

/// The means of the samples of each bin: `x: [n, channels, h, w]` to `y: [regions, channels, out_h, out_w]`. `regions`: `x1 y1 x2
/// y2` each; `batch`: the image of each, negative ones from the end. Sums are linear in each axis: a bin takes as many products
/// as it meets pixels, however many samples it has.
/// - Requires: `h` and `w` above 0; `scratch` of ``ck_f32_roi_align_scratch`` bytes for as many threads, 8-byte aligned.
ck_roi_outcome ck_f32_roi_align(uint32_t isa, const ck_roi_align_shape *shape, const float *x, const float *regions,
                                const int64_t *batch, float *y, void *scratch, int threads);
size_t ck_f32_roi_align_scratch(const ck_roi_align_shape *shape, int threads);

/// What lies outside an image.
typedef enum ck_grid_padding : int32_t { CK_GRID_ZEROS = 0, CK_GRID_BORDER = 1, CK_GRID_REFLECTION = 2 } ck_grid_padding;

/// Sizes and attributes of ``ck_f32_grid_sample``, as the operator GridSample has them.
typedef struct ck_grid_shape {
  size_t n, channels, h, w;
  size_t points;  ///< of each image
  int taps;       ///< of each axis: 1 nearest, 2 linear, 4 cubic
  ck_grid_padding padding;
  int aligns_corners;
} ck_grid_shape;

/// Samples `x: [n, channels, h, w]` at the positions of `grid: [n, points, 2]`, x first, to `y: [n, channels, points]`.
/// - Requires: `h * w` above 0 and below 2^31.
void ck_f32_grid_sample(const ck_grid_shape *shape, const float *x, const float *grid, float *y, int threads);

#ifdef __cplusplus
}
#endif

#endif
