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

#ifdef __cplusplus
}
#endif

#endif
