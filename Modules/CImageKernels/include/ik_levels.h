#pragma once
#include <stddef.h>
#include <stdint.h>

#include "ik_colour_space.h"
#include "ik_warp.h"

#pragma clang assume_nonnull begin

/// Kernels that are written once more for every instruction set. Results are the same bits at every level; nothing is read or
/// written past the stated elements, and source and result do not overlap.
typedef struct {
  const char *level;

  /// `n` pixels of three bytes with the first and the third exchanged.
  void (*exchange_u8)(const uint8_t *src, uint8_t *dst, size_t n);

  /// ik_to_hsv_u8.
  void (*to_hsv_u8)(const uint8_t *src, int scn, int blue, int range, uint8_t *dst, size_t n);

  /// Correlation of a row with symmetric weights, of an odd number `taps`, whose sum is at most 256: `dst[i]` is the sum over k
  /// of weight[k] * src[i + k * step]. `n` elements.
  void (*smooth_row_u8)(const uint8_t *src, size_t step, const uint16_t *weight, int taps, uint16_t *dst, size_t n);
  /// The same across rows, divided by 2^`shift`, halves rounded up. The sums without the division fit 32 bits, and 16 bits if
  /// `shift` is at most 8.
  void (*smooth_columns_u8)(const uint16_t *_Nonnull const *_Nonnull rows, const uint16_t *weight, int taps, int shift, uint8_t *dst, size_t n);

  /// Correlation of a row, and of rows, in 16 bits that wrap around.
  void (*correlate_row_u8)(const uint8_t *src, size_t step, const int16_t *weight, int taps, int16_t *dst, size_t n);
  void (*correlate_columns_s16)(const int16_t *_Nonnull const *_Nonnull rows, const int16_t *weight, int taps, int16_t *dst, size_t n);
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

  /// `n` pixels between two neighbours in a row, shifted right by 4: pixel `first[i]` and the one after it with the weights
  /// weight[2 i] and weight[2 i + 1], which have 11 bits of fraction. `first` rises; the pixel after the last of the row, which has
  /// `width` pixels, is not read.
  void (*between_row_u8)(const uint8_t *src, size_t width, int channels, const int32_t *first, const int16_t *weight, int16_t *dst,
                         size_t n);
  /// The same between two such rows, to bytes: each product without its lower 16 bits, and then rounded by 2 more.
  void (*between_columns_u8)(const int16_t *a, const int16_t *b, int wa, int wb, uint8_t *dst, size_t n);

  /// Adds `weight * src` to `dst`, or sets it if `is_first`.
  void (*add_row_u8)(const uint8_t *src, float weight, int is_first, float *dst, size_t n);
  void (*add_row_f32)(const float *src, float weight, int is_first, float *dst, size_t n);
  /// Sums of weighted pixels in a row: pixel i takes those numbered start[i] to start[i + 1], in that order, of `index` and
  /// `weight`. One element after those of `src` and `dst` may be read and written.
  void (*cover_row_f32)(const float *src, int channels, const intptr_t *start, const int32_t *index, const float *weight, float *dst,
                        size_t n);

  /// ik_sample_linear_u8.
  void (*sample_linear_u8)(const uint8_t *src, const ik_source *of, const float *sx, const float *sy, uint8_t *dst, size_t n);
} ik_kernels;

/// The levels of this processor, from the plainest on; null from their number on.
const ik_kernels *_Nullable ik_kernels_at(size_t i);
/// The last of them up to the one that `limit` names; of all if it is null, and the plainest if no level has that name.
const ik_kernels *ik_kernels_best(const char *_Nullable limit);

#pragma clang assume_nonnull end
