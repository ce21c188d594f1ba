#include "pixels.h"
#include "ckernels_image_threshold.h"

void ck_image_threshold_local(const uint8_t *src, const uint8_t *mean, int delta, uint8_t above, uint8_t below, uint8_t *dst,
                              size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = src[i] - mean[i] > -delta ? above : below;
}

void ck_image_count_u8(const uint8_t *src, size_t step, const uint8_t *mask, uint64_t *counts, size_t n) {
  // Counts of neighbors that are equal do not wait for each other if each has a table of its own.
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

void ck_image_histogram_u8(const uint8_t *const *planes, const size_t *steps, const int32_t *bins, int axes, const uint8_t *mask,
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
