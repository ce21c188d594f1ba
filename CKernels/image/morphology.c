#include "pixels.h"
#include "ckernels_image_morphology.h"

#define RANGE(SUFFIX, T)                                                                                                   \
  void ck_image_range_##SUFFIX(const T *src, const uint8_t *mask, int channels, float *least, float *greatest, size_t n) { \
    *least = INFINITY, *greatest = -INFINITY;                                                                              \
    for (size_t i = 0; i < n; i++) {                                                                                       \
      if (mask && !mask[i]) continue;                                                                                      \
      for (int c = 0; c < channels; c++) {                                                                                 \
        const float x = (float)src[i * (size_t)channels + (size_t)c];                                                      \
        if (x < *least) *least = x;                                                                                        \
        if (x > *greatest) *greatest = x;                                                                                  \
      }                                                                                                                    \
    }                                                                                                                      \
  }
RANGE(u8, uint8_t)
RANGE(f32, float)
