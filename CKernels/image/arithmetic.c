#include <string.h>

#include "pixels.h"
#include "ckernels_image_arithmetic.h"

void ck_image_add_weighted_f32(const float *a, double alpha, const float *b, double beta, double gamma, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = (float)(a[i] * alpha + b[i] * beta + gamma);
}

void ck_image_copy_masked(const uint8_t *src, const uint8_t *mask, size_t size, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (mask[i]) memcpy(dst + i * size, src + i * size, size);
}

void ck_image_blend_u8(const uint8_t *a, const uint8_t *b, const float *wa, const float *wb, int channels, uint8_t *dst,
                       size_t n) {
  for (size_t i = 0; i < n; i++, a += channels, b += channels, dst += channels) {
    const float sum = wa[i] + wb[i] + 1e-5f;
    for (int c = 0; c < channels; c++) dst[c] = ck_image_round_u8(((float)a[c] * wa[i] + (float)b[c] * wb[i]) / sum);
  }
}

void ck_image_blend_f32(const float *a, const float *b, const float *wa, const float *wb, int channels, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++, a += channels, b += channels, dst += channels) {
    const float sum = wa[i] + wb[i] + 1e-5f;
    for (int c = 0; c < channels; c++) dst[c] = (a[c] * wa[i] + b[c] * wb[i]) / sum;
  }
}

void ck_image_mirror(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height) {
  for (size_t y = 0; y < height; y++, src += width * size)
    for (size_t x = width; x-- > 0; dst += size) memcpy(dst, src + x * size, size);
}

void ck_image_transpose(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height) {
  for (size_t x = 0; x < width; x++)
    for (size_t y = 0; y < height; y++, dst += size) memcpy(dst, src + (y * width + x) * size, size);
}

void ck_image_copy_channel(const uint8_t *src, int scn, int from, uint8_t *dst, int dcn, int to, size_t size, size_t n) {
  const size_t in = (size_t)scn * size, out = (size_t)dcn * size;
  src += (size_t)from * size;
  dst += (size_t)to * size;
  for (size_t i = 0; i < n; i++) memcpy(dst + i * out, src + i * in, size);
}

#define SUM(SUFFIX, T)                                                                                    \
  size_t ck_image_sum_##SUFFIX(const T *src, const uint8_t *mask, int channels, double *sums, size_t n) { \
    size_t count = 0;                                                                                     \
    for (int c = 0; c < channels; c++) sums[c] = 0;                                                       \
    for (size_t i = 0; i < n; i++, src += channels) {                                                     \
      if (mask && !mask[i]) continue;                                                                     \
      count++;                                                                                            \
      for (int c = 0; c < channels; c++) sums[c] += (double)src[c];                                       \
    }                                                                                                     \
    return count;                                                                                         \
  }
SUM(u8, uint8_t)
SUM(f32, float)
