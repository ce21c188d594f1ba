#pragma once
#include <stddef.h>
#include <stdint.h>

/// `dst[i]` becomes the larger (`is_max`) or smaller of itself and `src[i]`.
void ik_extreme_f32(const float *src, int is_max, float *dst, size_t n);
/// The least and the greatest element where `mask` (or null) is not 0, each channel alike.
void ik_range_u8(const uint8_t *src, const uint8_t *mask, int channels, float *least, float *greatest, size_t n);
void ik_range_f32(const float *src, const uint8_t *mask, int channels, float *least, float *greatest, size_t n);
