#pragma once
#include <stddef.h>
#include <stdint.h>

/// What lies outside of an image: 0 `fill`, 1 the nearest pixel, 2 mirrored with the edge twice, 3 from the other side, 4
/// mirrored with the edge once.
typedef struct {
  int width, height, channels, border;
  float fill[4];
} ck_image_source;

/// Row `y` of `n` coordinates of an affine (`m` of 2 x 3) or projective (3 x 3) map from the result to the source.
void ck_image_projective_row(const double *m, int y, float *sx, float *sy, size_t n);
/// The same to 1/32 of a pixel, as the reference has it for other than linear interpolation; `bits` is 5, or 0 for whole pixels.
void ck_image_affine_row_fixed(const double *m, int y, int bits, int32_t *sx, int32_t *sy, size_t n);
void ck_image_projective_row_fixed(const double *m, int y, int bits, int32_t *sx, int32_t *sy, size_t n);
/// `coordinate * 2^bits`, to nearest.
void ck_image_fix_row(const float *s, int bits, int32_t *fixed, size_t n);

/// Coordinates as whole pixels, x and y of each, cut off at the ends of the type, and the fractions of `bits` bits, the row's
/// above the column's. Without `part` they are rounded to whole pixels.
void ck_image_fix_map(const float *x, const float *y, int bits, int16_t *whole, uint16_t *part, size_t n);
/// Back from fractions of 5 bits; `part` may be null.
void ck_image_unfix_map(const int16_t *whole, const uint16_t *part, float *x, float *y, size_t n);

/// Samples at `n` coordinates.
void ck_image_sample_linear_u8(const uint8_t *src, const ck_image_source *of, const float *sx, const float *sy, uint8_t *dst,
                               size_t n);
void ck_image_sample_linear_f32(const float *src, const ck_image_source *of, const float *sx, const float *sy, float *dst,
                                size_t n);
void ck_image_sample_cubic_u8(const uint8_t *src, const ck_image_source *of, const float *sx, const float *sy, uint8_t *dst,
                              size_t n);
void ck_image_sample_cubic_f32(const float *src, const ck_image_source *of, const float *sx, const float *sy, float *dst,
                               size_t n);
void ck_image_sample_nearest_u8(const uint8_t *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy, uint8_t *dst,
                                size_t n);
void ck_image_sample_nearest_f32(const float *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy, float *dst,
                                 size_t n);
/// Linear at coordinates in 1/32, halves rounded up, as the reference has it for maps in fixed point.
void ck_image_sample_fixed_u8(const uint8_t *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy, uint8_t *dst,
                              size_t n);
/// With `taps` x `taps` pixels and weights[32][taps] by the fraction of coordinates in 1/32.
void ck_image_sample_taps_u8(const uint8_t *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy,
                             const float *weights, int taps, uint8_t *dst, size_t n);
void ck_image_sample_taps_f32(const float *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy,
                              const float *weights, int taps, float *dst, size_t n);
