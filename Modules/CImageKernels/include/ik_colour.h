#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rearranges channels of `n` pixels: `scn` and `dcn` are 3 or 4; `swaps` exchanges the first and the third. A channel that
/// the source lacks is `alpha`.
void ik_reorder_u8(const uint8_t *src, int scn, uint8_t *dst, int dcn, int swaps, size_t n);
void ik_reorder_f32(const float *src, int scn, float *dst, int dcn, int swaps, size_t n);

/// Grey of `n` pixels: 0.299 R + 0.587 G + 0.114 B. `blue` is the index of the blue channel, 0 or 2. Bytes use 15 bits of
/// fraction and round to nearest.
void ik_to_gray_u8(const uint8_t *src, int scn, int blue, uint8_t *dst, size_t n);
void ik_to_gray_f32(const float *src, int scn, int blue, float *dst, size_t n);

/// Grey as 3 equal channels, and alpha if `dcn` is 4.
void ik_from_gray_u8(const uint8_t *src, uint8_t *dst, int dcn, size_t n);
void ik_from_gray_f32(const float *src, float *dst, int dcn, size_t n);

/// 16-bit pixels, little-endian: `green_bits` is 6 (565) or 5 (555, whose top bit is alpha).
void ik_to_packed16(const uint8_t *src, int scn, int blue, int green_bits, uint8_t *dst, size_t n);
void ik_from_packed16(const uint8_t *src, int green_bits, uint8_t *dst, int dcn, int blue, size_t n);
void ik_gray_to_packed16(const uint8_t *src, int green_bits, uint8_t *dst, size_t n);
void ik_packed16_to_gray(const uint8_t *src, int green_bits, uint8_t *dst, size_t n);

/// Four channels times the fourth / 255, rounded, and back (0 where alpha is 0).
void ik_premultiply(const uint8_t *src, uint8_t *dst, size_t n);
void ik_unpremultiply(const uint8_t *src, uint8_t *dst, size_t n);
