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
  for (size_t i = 0; i < n; i++)
    if (!mask || mask[i]) counts[src[i * step]]++;
}
