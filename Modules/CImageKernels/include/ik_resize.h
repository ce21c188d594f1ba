#pragma once
#include <stddef.h>
#include <stdint.h>

/// Resampling along rows and columns by tables.
///
/// Element `i` of a result row is the sum over k < `taps` of weight[i * taps + k] x source pixel index[i * taps + k], in that
/// order, for each of `channels`. Weights of bytes have 11 bits of fraction.

/// One row of bytes to sums with 11 bits of fraction.
void ik_resample_row_u8(const uint8_t *src, int channels, const int32_t *index, const int16_t *weight, int taps,
                        int32_t *dst, size_t n);
void ik_resample_row_f32(const float *src, int channels, const int32_t *index, const float *weight, int taps, float *dst,
                         size_t n);

/// `count` elements of `taps` such rows to a row of bytes, rounded.
void ik_resample_columns_u8(const int32_t *const *rows, const int16_t *weight, int taps, uint8_t *dst, size_t count);
void ik_resample_columns_f32(const float *const *rows, const float *weight, int taps, float *dst, size_t count);

/// `dst[i] = src[index[i]]` for elements of `size` bytes. Indices rise.
void ik_gather(const uint8_t *src, size_t size, const int32_t *index, uint8_t *dst, size_t n);

/// The mean of blocks of `bw` x `bh` pixels, `stride` elements from row to row, rounded to nearest.
void ik_block_mean_u8(const uint8_t *src, size_t stride, int channels, int bw, int bh, uint8_t *dst, size_t n);
void ik_block_mean_f32(const float *src, size_t stride, int channels, int bw, int bh, float *dst, size_t n);

/// `n` pixels of bytes to floats `value * scale[c] + offset[c]` where channel c of the result is channel `order[c]` of the
/// source: into `dcn` planes `plane` elements apart, or next to each other if `plane` is 0.
void ik_normalise_u8(const uint8_t *src, int scn, const int *order, const float *scale, const float *offset, float *dst,
                     int dcn, size_t plane, size_t n);
/// The same of floats, channels in their order and next to each other.
void ik_normalise_f32(const float *src, int channels, const float *scale, const float *offset, float *dst, size_t n);

/// Adds `src * weight` to `dst`, or sets it if `is_first`.
void ik_accumulate_f32(const float *src, float weight, int is_first, float *dst, size_t n);
