#pragma once
#include <stddef.h>
#include <stdint.h>

/// `a * alpha + b * beta + gamma`.
void ck_image_add_weighted_f32(const float *a, double alpha, const float *b, double beta, double gamma, float *dst, size_t n);
/// Pixels of `size` bytes where `mask` is not 0.
void ck_image_copy_masked(const uint8_t *src, const uint8_t *mask, size_t size, uint8_t *dst, size_t n);
/// `(a wa + b wb) / (wa + wb + 1e-5)` with a weight per pixel.
void ck_image_blend_u8(const uint8_t *a, const uint8_t *b, const float *wa, const float *wb, int channels, uint8_t *dst,
                       size_t n);
void ck_image_blend_f32(const float *a, const float *b, const float *wa, const float *wb, int channels, float *dst, size_t n);
/// Rows of `width` pixels of `size` bytes in the opposite order.
void ck_image_mirror(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height);
/// `dst[x][y] = src[y][x]`; `src` has `height` rows of `width` pixels.
void ck_image_transpose(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height);
/// One channel of `scn` to or from one of `dcn`, elements of `size` bytes.
void ck_image_copy_channel(const uint8_t *src, int scn, int from, uint8_t *dst, int dcn, int to, size_t size, size_t n);
/// Sums per channel of the pixels where `mask` (or null) is not 0; gives their number.
size_t ck_image_sum_u8(const uint8_t *src, const uint8_t *mask, int channels, double *sums, size_t n);
size_t ck_image_sum_f32(const float *src, const uint8_t *mask, int channels, double *sums, size_t n);
