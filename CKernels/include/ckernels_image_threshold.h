#pragma once
#include <stddef.h>
#include <stdint.h>

/// `above` where src - mean > -delta, `below` elsewhere.
void ck_image_threshold_local(const uint8_t *src, const uint8_t *mean, int delta, uint8_t above, uint8_t below, uint8_t *dst,
                              size_t n);
/// Counts of bytes, added to `counts`[256].
void ck_image_count_u8(const uint8_t *src, size_t step, const uint8_t *mask, uint64_t *counts, size_t n);
/// Counts pixels by several channels: of pixel i, plane a has byte planes[a][i * steps[a]], which adds bins[a * 256 + byte] to
/// its place among `counts`, or leaves it out if that is negative.
void ck_image_histogram_u8(const uint8_t *const *planes, const size_t *steps, const int32_t *bins, int axes, const uint8_t *mask,
                           float *counts, size_t n);
