#pragma once
#include <stddef.h>
#include <stdint.h>

/// Resampling along rows and columns by tables.
///
/// Element `i` of a result row is the sum over k < `taps` of weight[i * taps + k] x source pixel index[i * taps + k], in that
/// order, for each of `channels`. Weights of bytes have 11 bits of fraction.

/// One row of bytes to sums with 11 bits of fraction.
void ck_image_resample_row_u8(const uint8_t *src, int channels, const int32_t *index, const int16_t *weight, int taps,
                              int32_t *dst, size_t n);
void ck_image_resample_row_f32(const float *src, int channels, const int32_t *index, const float *weight, int taps, float *dst,
                               size_t n);

/// `dst[i] = src[index[i]]` for elements of `size` bytes. Indices rise.
void ck_image_gather(const uint8_t *src, size_t size, const int32_t *index, uint8_t *dst, size_t n);

/// The mean of blocks of `bw` x `bh` pixels, `stride` elements from row to row, rounded to nearest.
void ck_image_block_mean_u8(const uint8_t *src, size_t stride, int channels, int bw, int bh, uint8_t *dst, size_t n);
void ck_image_block_mean_f32(const float *src, size_t stride, int channels, int bw, int bh, float *dst, size_t n);

/// The same of floats, channels in their order and next to each other.
void ck_image_normalize_f32(const float *src, int channels, const float *scale, const float *offset, float *dst, size_t n);
