#pragma once
#include <stddef.h>
#include <stdint.h>

/// The least and the greatest element where `mask` (or null) is not 0, each channel alike.
void ck_image_range_u8(const uint8_t *src, const uint8_t *mask, int channels, float *least, float *greatest, size_t n);
void ck_image_range_f32(const float *src, const uint8_t *mask, int channels, float *least, float *greatest, size_t n);
