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
