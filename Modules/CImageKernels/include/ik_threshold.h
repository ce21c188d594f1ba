#pragma once
#include <stddef.h>
#include <stdint.h>

/// Kinds: 0 `max` above `limit` and 0 else; 1 the opposite; 2 cut off at `limit`; 3 kept above it and 0 else; 4 the opposite.
void ik_threshold_u8(const uint8_t *src, int limit, int max, int kind, uint8_t *dst, size_t n);
void ik_threshold_f32(const float *src, float limit, float max, int kind, float *dst, size_t n);
/// `above` where src - mean > -delta, `below` elsewhere.
void ik_threshold_local(const uint8_t *src, const uint8_t *mean, int delta, uint8_t above, uint8_t below, uint8_t *dst, size_t n);
/// Counts of bytes, added to `counts`[256].
void ik_count_u8(const uint8_t *src, size_t step, const uint8_t *mask, uint64_t *counts, size_t n);
/// Counts pixels by several channels: of pixel i, plane a has byte planes[a][i * steps[a]], which adds bins[a * 256 + byte] to its
/// place among `counts`, or leaves it out if that is negative.
void ik_histogram_u8(const uint8_t *const *planes, const size_t *steps, const int32_t *bins, int axes, const uint8_t *mask,
                     float *counts, size_t n);
