#pragma once
#include <stddef.h>
#include <stdint.h>

/// Elementwise, `n` elements; rounding is to nearest, ties to even, and cut off at the ends of the type.
void ik_convert_u8_f32(const uint8_t *src, float *dst, size_t n);
void ik_convert_s16_f32(const int16_t *src, float *dst, size_t n);
void ik_convert_f32_u8(const float *src, uint8_t *dst, size_t n);
/// `src * scale + shift`.
void ik_scale_u8(const uint8_t *src, float scale, float shift, uint8_t *dst, size_t n);
void ik_scale_u8_f32(const uint8_t *src, float scale, float shift, float *dst, size_t n);
void ik_scale_f32(const float *src, float scale, float shift, float *dst, size_t n);
void ik_scale_f32_u8(const float *src, float scale, float shift, uint8_t *dst, size_t n);
/// `a * alpha + b * beta + gamma`.
void ik_add_weighted_u8(const uint8_t *a, float alpha, const uint8_t *b, float beta, float gamma, uint8_t *dst, size_t n);
void ik_add_weighted_f32(const float *a, double alpha, const float *b, double beta, double gamma, float *dst, size_t n);
/// On bytes of any type: 0 and, 1 or, 2 exclusive or.
void ik_bitwise(const uint8_t *a, const uint8_t *b, int operation, uint8_t *dst, size_t n);
/// Pixels of `size` bytes where `mask` is not 0.
void ik_copy_masked(const uint8_t *src, const uint8_t *mask, size_t size, uint8_t *dst, size_t n);
/// `(a wa + b wb) / (wa + wb + 1e-5)` with a weight per pixel.
void ik_blend_u8(const uint8_t *a, const uint8_t *b, const float *wa, const float *wb, int channels, uint8_t *dst, size_t n);
void ik_blend_f32(const float *a, const float *b, const float *wa, const float *wb, int channels, float *dst, size_t n);
/// Rows of `width` pixels of `size` bytes in the opposite order.
void ik_mirror(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height);
/// `dst[x][y] = src[y][x]`; `src` has `height` rows of `width` pixels.
void ik_transpose(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height);
/// One channel of `scn` to or from one of `dcn`, elements of `size` bytes.
void ik_copy_channel(const uint8_t *src, int scn, int from, uint8_t *dst, int dcn, int to, size_t size, size_t n);
/// Sums per channel of the pixels where `mask` (or null) is not 0; gives their number.
size_t ik_sum_u8(const uint8_t *src, const uint8_t *mask, int channels, double *sums, size_t n);
size_t ik_sum_f32(const float *src, const uint8_t *mask, int channels, double *sums, size_t n);
