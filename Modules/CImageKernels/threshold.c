#include "ik.h"
#include "include/ik_threshold.h"

#define THRESHOLD(SUFFIX, T, L)                                                                    \
  IK_LEVELS void ik_threshold_##SUFFIX(const T *src, L limit, L max, int kind, T *dst, size_t n) { \
    const T m = (T)max;                                                                            \
    for (size_t i = 0; i < n; i++) {                                                               \
      const int is_above = src[i] > limit;                                                         \
      switch (kind) {                                                                              \
        case 0: dst[i] = is_above ? m : 0; break;                                                  \
        case 1: dst[i] = is_above ? 0 : m; break;                                                  \
        case 2: dst[i] = is_above ? (T)limit : src[i]; break;                                      \
        case 3: dst[i] = is_above ? src[i] : 0; break;                                             \
        default: dst[i] = is_above ? 0 : src[i]; break;                                            \
      }                                                                                            \
    }                                                                                              \
  }
THRESHOLD(u8, uint8_t, int)
THRESHOLD(f32, float, float)

void ik_threshold_local(const uint8_t *src, const uint8_t *mean, int delta, uint8_t above, uint8_t below, uint8_t *dst,
                        size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = src[i] - mean[i] > -delta ? above : below;
}

void ik_count_u8(const uint8_t *src, size_t step, const uint8_t *mask, uint64_t *counts, size_t n) {
  // Counts of neighbours that are equal do not wait for each other if each has a table of its own.
  uint32_t parts[4][256] = {{0}};
  // No part overflows.
  const size_t most = (size_t)1 << 31;
  for (size_t start = 0; start < n; start += most) {
    const size_t end = n - start < most ? n : start + most;
    size_t i = start;
    if (!mask) {
      for (; i + 4 <= end; i += 4)
        for (size_t k = 0; k < 4; k++) parts[k][src[(i + k) * step]]++;
    }
    for (; i < end; i++)
      if (!mask || mask[i]) parts[0][src[i * step]]++;
    for (int v = 0; v < 256; v++) {
      for (int k = 0; k < 4; k++) counts[v] += parts[k][v], parts[k][v] = 0;
    }
  }
}

void ik_histogram_u8(const uint8_t *const *planes, const size_t *steps, const int32_t *bins, int axes, const uint8_t *mask,
                     float *counts, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (mask && !mask[i]) continue;
    size_t place = 0;
    int axis = 0;
    for (; axis < axes; axis++) {
      const int32_t bin = bins[axis * 256 + planes[axis][i * steps[axis]]];
      if (bin < 0) break;
      place += (size_t)bin;
    }
    if (axis == axes) counts[place]++;
  }
}
