#pragma once
#include <stddef.h>
#include <stdint.h>

/// Gray of `n` pixels: 0.299 R + 0.587 G + 0.114 B. `blue` is the index of the blue channel, 0 or 2. Bytes use 15 bits of
/// fraction and round to nearest.
void ck_image_to_gray_f32(const float *src, int scn, int blue, float *dst, size_t n);

/// Gray as 3 equal channels, and alpha if `dcn` is 4.
void ck_image_from_gray_u8(const uint8_t *src, uint8_t *dst, int dcn, size_t n);
void ck_image_from_gray_f32(const float *src, float *dst, int dcn, size_t n);

/// 16-bit pixels, little-endian: `green_bits` is 6 (565) or 5 (555, whose top bit is alpha).
void ck_image_to_packed16(const uint8_t *src, int scn, int blue, int green_bits, uint8_t *dst, size_t n);
void ck_image_from_packed16(const uint8_t *src, int green_bits, uint8_t *dst, int dcn, int blue, size_t n);
void ck_image_gray_to_packed16(const uint8_t *src, int green_bits, uint8_t *dst, size_t n);
void ck_image_packed16_to_gray(const uint8_t *src, int green_bits, uint8_t *dst, size_t n);

/// Four channels times the fourth / 255, rounded, and back (0 where alpha is 0).
void ck_image_premultiply(const uint8_t *src, uint8_t *dst, size_t n);
void ck_image_unpremultiply(const uint8_t *src, uint8_t *dst, size_t n);
