#pragma once
#include <stddef.h>
#include <stdint.h>

#include "ckernels_image_color_space.h"
#include "ckernels_image_warp.h"

#pragma clang assume_nonnull begin

/// Kernels that are written once more for every instruction set. Results are the same bits at every level; nothing is read or
/// written past the stated elements, and source and result do not overlap.
typedef struct {
  const char *level;

  /// `n` pixels of three bytes with the first and the third exchanged.
  void (*exchange_u8)(const uint8_t *src, uint8_t *dst, size_t n);

  /// ck_image_to_hsv_u8.
  void (*to_hsv_u8)(const uint8_t *src, int scn, int blue, int range, uint8_t *dst, size_t n);

  /// Correlation of a row with symmetric weights, of an odd number `taps`, whose sum is at most 256: `dst[i]` is the sum over k
  /// of weight[k] * src[i + k * step]. `n` elements.
  void (*smooth_row_u8)(const uint8_t *src, size_t step, const uint16_t *weight, int taps, uint16_t *dst, size_t n);
  /// The same across rows, divided by 2^`shift`, halves rounded up. The sums without the division fit 32 bits, and 16 bits if
  /// `shift` is at most 8.
  void (*smooth_columns_u8)(const uint16_t *_Nonnull const *_Nonnull rows, const uint16_t *weight, int taps, int shift,
                            uint8_t *dst, size_t n);

  /// Correlation of a row, and of rows, in 16 bits that wrap around.
  void (*correlate_row_u8)(const uint8_t *src, size_t step, const int16_t *weight, int taps, int16_t *dst, size_t n);
  void (*correlate_columns_s16)(const int16_t *_Nonnull const *_Nonnull rows, const int16_t *weight, int taps, int16_t *dst,
                                size_t n);
  /// Sums of `area` bytes, 2 to 256, divided by it with 16 bits of fraction as the reference does.
  void (*quotient_u8)(const uint16_t *sums, int area, uint8_t *dst, size_t n);
  /// The greatest (`is_max`) or least of `count` bytes, one from each row.
  void (*extreme_u8)(const uint8_t *_Nonnull const *_Nonnull rows, size_t count, int is_max, uint8_t *dst, size_t n);
  /// The median of `size` x `size` bytes, 3 or 5, those of a row `step` apart.
  void (*median_u8)(const uint8_t *_Nonnull const *_Nonnull rows, size_t step, int size, uint8_t *dst, size_t n);

  /// Pixel i is the sum over k < `taps` of weight[i * taps + k] x source pixel index[i * taps + k], in that order. The row has
  /// `width` pixels; one element after those of `dst` may be written.
  void (*weigh_row_u8)(const uint8_t *src, size_t width, int channels, const int32_t *index, const float *weight, int taps,
                       float *dst, size_t n);
  /// The sum of `taps` rows with a weight each, to bytes: to nearest, ties to even or, if `ties_up`, up.
  void (*weigh_columns_u8)(const float *_Nonnull const *_Nonnull rows, const float *weight, int taps, int ties_up, uint8_t *dst,
                           size_t n);

  /// `n` pixels between two neighbors in a row, shifted right by 4: pixel `first[i]` and the one after it with the weights
  /// weight[2 i] and weight[2 i + 1], which have 11 bits of fraction. `first` rises; the pixel after the last of the row, which
  /// has `width` pixels, is not read.
  void (*between_row_u8)(const uint8_t *src, size_t width, int channels, const int32_t *first, const int16_t *weight,
                         int16_t *dst, size_t n);
  /// The same between two such rows, to bytes: each product without its lower 16 bits, and then rounded by 2 more.
  void (*between_columns_u8)(const int16_t *a, const int16_t *b, int wa, int wb, uint8_t *dst, size_t n);

  /// Adds `weight * src` to `dst`, or sets it if `is_first`.
  void (*add_row_u8)(const uint8_t *src, float weight, int is_first, float *dst, size_t n);
  void (*add_row_f32)(const float *src, float weight, int is_first, float *dst, size_t n);
  /// Sums of weighted pixels in a row: pixel i takes those numbered start[i] to start[i + 1], in that order, of `index` and
  /// `weight`. One element after those of `src` and `dst` may be read and written.
  void (*cover_row_f32)(const float *src, int channels, const intptr_t *start, const int32_t *index, const float *weight,
                        float *dst, size_t n);

  /// ck_image_sample_linear_u8.
  void (*sample_linear_u8)(const uint8_t *src, const ck_image_source *of, const float *sx, const float *sy, uint8_t *dst,
                           size_t n);

  // Plain loops over `n` elements or pixels. Rounding is to nearest, ties to even, and cut off at the ends of the type.
  /// `a * alpha + b * beta + gamma`.
  void (*add_weighted_u8)(const uint8_t *a, float alpha, const uint8_t *b, float beta, float gamma, uint8_t *dst, size_t n);
  /// Row `y` of `n` coordinates of an affine (`m` of 2 x 3) or projective (3 x 3) map from the result to the source.
  void (*affine_row)(const double *m, int y, float *sx, float *sy, size_t n);
  /// On bytes of any type: 0 and, 1 or, 2 exclusive or.
  void (*bitwise)(const uint8_t *a, const uint8_t *b, int operation, uint8_t *dst, size_t n);
  /// Adds `src` to running sums and, if `old` is not null, takes it away.
  void (*box_columns)(const double *src, const double *_Nullable old, double *sums, size_t n);
  /// Between types.
  void (*convert_f32_u8)(const float *src, uint8_t *dst, size_t n);
  void (*convert_s16_f32)(const int16_t *src, float *dst, size_t n);
  void (*convert_u8_f32)(const uint8_t *src, float *dst, size_t n);
  void (*correlate_row_f32)(const float *src, size_t step, const float *weight, int taps, float *dst, size_t n);
  /// Correlation of a row: `dst[i]` is the sum over k < `taps` of `weight[k] * src[i + k * step]`, in that order. `n` elements.
  void (*correlate_row_u8_f32)(const uint8_t *src, size_t step, const float *weight, int taps, float *dst, size_t n);
  /// `dst[i]` becomes the larger (`is_max`) or smaller of itself and `src[i]`.
  void (*extreme_f32)(const float *src, int is_max, float *dst, size_t n);
  /// Bytes to labels 0 and 1.
  void (*mark_inside)(const uint8_t *src, int32_t *labels, size_t n);
  /// `n` pixels of bytes to floats `value * scale[c] + offset[c]` where channel c of the result is channel `order[c]` of the
  /// source: into `dcn` planes `plane` elements apart, or next to each other if `plane` is 0.
  void (*normalize_u8)(const uint8_t *src, int scn, const int *order, const float *scale, const float *offset, float *dst,
                       int dcn, size_t plane, size_t n);
  /// Rearranges channels of `n` pixels: `scn` and `dcn` are 3 or 4; `swaps` exchanges the first and the third. A channel that
  /// the source lacks is `alpha`.
  void (*reorder_f32)(const float *src, int scn, float *dst, int dcn, int swaps, size_t n);
  void (*reorder_u8)(const uint8_t *src, int scn, uint8_t *dst, int dcn, int swaps, size_t n);
  /// `count` elements of `taps` resampled rows, weighted; to bytes rounded.
  void (*resample_columns_f32)(const float *_Nonnull const *_Nonnull rows, const float *weight, int taps, float *dst,
                               size_t count);
  void (*resample_columns_u8)(const int32_t *_Nonnull const *_Nonnull rows, const int16_t *weight, int taps, uint8_t *dst,
                              size_t count);
  /// `src * scale + shift`.
  void (*scale_f32)(const float *src, float scale, float shift, float *dst, size_t n);
  /// `src * scale + shift` to a type, to nearest, cut off at its ends.
  void (*scale_f32_s16)(const float *src, float scale, float shift, int16_t *dst, size_t n);
  /// `src * scale + shift`.
  void (*scale_f32_u8)(const float *src, float scale, float shift, uint8_t *dst, size_t n);
  void (*scale_u8)(const uint8_t *src, float scale, float shift, uint8_t *dst, size_t n);
  void (*scale_u8_f32)(const uint8_t *src, float scale, float shift, float *dst, size_t n);
  /// Kinds: 0 `max` above `limit` and 0 else; 1 the opposite; 2 cut off at `limit`; 3 kept above it and 0 else; 4 the opposite.
  void (*threshold_f32)(const float *src, float limit, float max, int kind, float *dst, size_t n);
  void (*threshold_u8)(const uint8_t *src, int limit, int max, int kind, uint8_t *dst, size_t n);
  /// Gray of `n` pixels: 0.299 R + 0.587 G + 0.114 B. `blue` is the index of the blue channel, 0 or 2. Bytes use 15 bits of
  /// fraction and round to nearest.
  void (*to_gray_u8)(const uint8_t *src, int scn, int blue, uint8_t *dst, size_t n);
} ck_image_kernels;

/// The levels of this processor, from the plainest on; null from their number on.
const ck_image_kernels *_Nullable ck_image_kernels_at(size_t i);
/// The best of all that `isa`, a mask of CK_ISA_..., allows.
const ck_image_kernels *ck_image_kernels_select(uint32_t isa);

#pragma clang assume_nonnull end
