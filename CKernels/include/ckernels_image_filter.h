#pragma once
#include <stddef.h>
#include <stdint.h>

/// Copies pixels of `size` bytes: `dst[i] = src[map[i]]`, or `fill` where the map is negative. `src` may be null if all are.
void ck_image_border_row(const uint8_t *src, size_t size, const int32_t *map, const uint8_t *fill, uint8_t *dst, size_t n);

/// Sums of `taps` neighbors `step` apart in a row, of values or their squares.
void ck_image_box_row_u8(const uint8_t *src, size_t step, int taps, int is_squared, double *dst, size_t n);
void ck_image_box_row_f32(const float *src, size_t step, int taps, int is_squared, double *dst, size_t n);
/// Adds `src` to running sums and, if `old` is not null, takes it away.
void ck_image_box_store_u8(const double *sums, double scale, uint8_t *dst, size_t n);
void ck_image_box_store_f32(const double *sums, double scale, float *dst, size_t n);

/// The median of `size` x `size` pixels per channel; `src` has `stride` elements a row and `size` - 1 more rows and columns than
/// the result.
void ck_image_median_u8(const uint8_t *src, size_t stride, int channels, int size, uint8_t *dst, size_t width, size_t height);
void ck_image_median_f32(const float *src, size_t stride, int channels, int size, float *scratch, float *dst, size_t width,
                         size_t height);

/// One row of a bilateral filter: `count` neighbors at `offset` elements with weights `space`; `color[d]` is the weight of a
/// difference d: for bytes the sum of absolute differences over channels, for floats that times `scale`, at most `most`,
/// interpolated.
void ck_image_bilateral_u8(const uint8_t *src, int channels, const ptrdiff_t *offset, const float *space, size_t count,
                           const float *color, uint8_t *dst, size_t width);
void ck_image_bilateral_f32(const float *src, int channels, const ptrdiff_t *offset, const float *space, size_t count,
                            const float *color, float scale, float most, float *dst, size_t width);
