#pragma once
#include <stddef.h>
#include <stdint.h>

/// Copies pixels of `size` bytes: `dst[i] = src[map[i]]`, or `fill` where the map is negative. `src` may be null if all are.
void ik_border_row(const uint8_t *src, size_t size, const int32_t *map, const uint8_t *fill, uint8_t *dst, size_t n);

/// Correlation of a row: `dst[i]` is the sum over k < `taps` of `weight[k] * src[i + k * step]`, in that order. `n` elements.
void ik_correlate_row_u8(const uint8_t *src, size_t step, const float *weight, int taps, float *dst, size_t n);
void ik_correlate_row_f32(const float *src, size_t step, const float *weight, int taps, float *dst, size_t n);
/// The same across `taps` rows of `n` elements, `stride` apart.
void ik_correlate_columns(const float *src, size_t stride, const float *weight, int taps, float *dst, size_t n);
/// Adds `weight * src` to `dst`, or sets it if `is_first`.
void ik_accumulate_u8_f32(const uint8_t *src, float weight, int is_first, float *dst, size_t n);

/// `src * scale + shift` to a type, to nearest, cut off at its ends.
void ik_store_u8(const float *src, float scale, float shift, uint8_t *dst, size_t n);
void ik_store_s16(const float *src, float scale, float shift, int16_t *dst, size_t n);
void ik_store_f32(const float *src, float scale, float shift, float *dst, size_t n);

/// Sums of `taps` neighbours `step` apart in a row, of values or their squares.
void ik_box_row_u8(const uint8_t *src, size_t step, int taps, int is_squared, double *dst, size_t n);
void ik_box_row_f32(const float *src, size_t step, int taps, int is_squared, double *dst, size_t n);
/// Adds `src` to running sums and, if `old` is not null, takes it away.
void ik_box_columns(const double *src, const double *old, double *sums, size_t n);
void ik_box_store_u8(const double *sums, double scale, uint8_t *dst, size_t n);
void ik_box_store_f32(const double *sums, double scale, float *dst, size_t n);

/// The median of `size` x `size` pixels per channel; `src` has `stride` elements a row and `size` - 1 more rows and columns than
/// the result.
void ik_median_u8(const uint8_t *src, size_t stride, int channels, int size, uint8_t *dst, size_t width, size_t height);
void ik_median_f32(const float *src, size_t stride, int channels, int size, float *scratch, float *dst, size_t width,
                   size_t height);

/// One row of a bilateral filter: `count` neighbours at `offset` elements with weights `space`; `colour[d]` is the weight of a
/// difference d: for bytes the sum of absolute differences over channels, for floats that times `scale`, at most `most`,
/// interpolated.
void ik_bilateral_u8(const uint8_t *src, int channels, const ptrdiff_t *offset, const float *space, size_t count,
                     const float *colour, uint8_t *dst, size_t width);
void ik_bilateral_f32(const float *src, int channels, const ptrdiff_t *offset, const float *space, size_t count,
                      const float *colour, float scale, float most, float *dst, size_t width);
