#include <string.h>

#include "ik.h"
#include "include/ik_arithmetic.h"

IK_LEVELS void ik_convert_u8_f32(const uint8_t *src, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = src[i];
}

IK_LEVELS void ik_convert_s16_f32(const int16_t *src, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = (float)src[i];
}

IK_LEVELS void ik_convert_f32_u8(const float *src, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = ik_round_u8(src[i]);
}

IK_LEVELS void ik_scale_u8(const uint8_t *src, float scale, float shift, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = ik_round_u8((float)src[i] * scale + shift);
}

IK_LEVELS void ik_scale_u8_f32(const uint8_t *src, float scale, float shift, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = (float)src[i] * scale + shift;
}

IK_LEVELS void ik_scale_f32(const float *src, float scale, float shift, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = src[i] * scale + shift;
}

IK_LEVELS void ik_scale_f32_u8(const float *src, float scale, float shift, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = ik_round_u8(src[i] * scale + shift);
}

IK_LEVELS void ik_add_weighted_u8(const uint8_t *a, float alpha, const uint8_t *b, float beta, float gamma, uint8_t *dst,
                        size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = ik_round_u8((float)a[i] * alpha + (float)b[i] * beta + gamma);
}

void ik_add_weighted_f32(const float *a, double alpha, const float *b, double beta, double gamma, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = (float)(a[i] * alpha + b[i] * beta + gamma);
}

IK_LEVELS void ik_bitwise(const uint8_t *a, const uint8_t *b, int operation, uint8_t *dst, size_t n) {
  if (operation == 0) {
    for (size_t i = 0; i < n; i++) dst[i] = a[i] & b[i];
  } else if (operation == 1) {
    for (size_t i = 0; i < n; i++) dst[i] = a[i] | b[i];
  } else {
    for (size_t i = 0; i < n; i++) dst[i] = a[i] ^ b[i];
  }
}

void ik_copy_masked(const uint8_t *src, const uint8_t *mask, size_t size, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (mask[i]) memcpy(dst + i * size, src + i * size, size);
}

void ik_blend_u8(const uint8_t *a, const uint8_t *b, const float *wa, const float *wb, int channels, uint8_t *dst,
                 size_t n) {
  for (size_t i = 0; i < n; i++, a += channels, b += channels, dst += channels) {
    const float sum = wa[i] + wb[i] + 1e-5f;
    for (int c = 0; c < channels; c++) dst[c] = ik_round_u8(((float)a[c] * wa[i] + (float)b[c] * wb[i]) / sum);
  }
}

void ik_blend_f32(const float *a, const float *b, const float *wa, const float *wb, int channels, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++, a += channels, b += channels, dst += channels) {
    const float sum = wa[i] + wb[i] + 1e-5f;
    for (int c = 0; c < channels; c++) dst[c] = (a[c] * wa[i] + b[c] * wb[i]) / sum;
  }
}

void ik_mirror(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height) {
  for (size_t y = 0; y < height; y++, src += width * size)
    for (size_t x = width; x-- > 0; dst += size) memcpy(dst, src + x * size, size);
}

void ik_transpose(const uint8_t *src, size_t size, uint8_t *dst, size_t width, size_t height) {
  for (size_t x = 0; x < width; x++)
    for (size_t y = 0; y < height; y++, dst += size) memcpy(dst, src + (y * width + x) * size, size);
}

void ik_copy_channel(const uint8_t *src, int scn, int from, uint8_t *dst, int dcn, int to, size_t size, size_t n) {
  const size_t in = (size_t)scn * size, out = (size_t)dcn * size;
  src += (size_t)from * size;
  dst += (size_t)to * size;
  for (size_t i = 0; i < n; i++) memcpy(dst + i * out, src + i * in, size);
}

#define SUM(SUFFIX, T)                                                                                      \
  size_t ik_sum_##SUFFIX(const T *src, const uint8_t *mask, int channels, double *sums, size_t n) {         \
    size_t count = 0;                                                                                       \
    for (int c = 0; c < channels; c++) sums[c] = 0;                                                         \
    for (size_t i = 0; i < n; i++, src += channels) {                                                       \
      if (mask && !mask[i]) continue;                                                                       \
      count++;                                                                                              \
      for (int c = 0; c < channels; c++) sums[c] += (double)src[c];                                         \
    }                                                                                                       \
    return count;                                                                                           \
  }
SUM(u8, uint8_t)
SUM(f32, float)
