#include "ik.h"
#include "include/ik_morphology.h"

IK_LEVELS void ik_extreme_f32(const float *src, int is_max, float *dst, size_t n) {
  if (is_max) {
    for (size_t i = 0; i < n; i++) dst[i] = src[i] > dst[i] ? src[i] : dst[i];
  } else {
    for (size_t i = 0; i < n; i++) dst[i] = src[i] < dst[i] ? src[i] : dst[i];
  }
}

#define RANGE(SUFFIX, T)                                                                                         \
  void ik_range_##SUFFIX(const T *src, const uint8_t *mask, int channels, float *least, float *greatest, size_t n) { \
    *least = INFINITY, *greatest = -INFINITY;                                                                      \
    for (size_t i = 0; i < n; i++) {                                                                               \
      if (mask && !mask[i]) continue;                                                                              \
      for (int c = 0; c < channels; c++) {                                                                         \
        const float x = (float)src[i * (size_t)channels + (size_t)c];                                              \
        if (x < *least) *least = x;                                                                                \
        if (x > *greatest) *greatest = x;                                                                          \
      }                                                                                                            \
    }                                                                                                              \
  }
RANGE(u8, uint8_t)
RANGE(f32, float)
