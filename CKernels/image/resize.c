#include <string.h>

#include "pixels.h"
#include "ckernels_image_resize.h"

/// Sums of `taps` weighted pixels; the compiler unrolls where `channels` and `taps` are constants.
#define ROW(NAME, T, W, A)                                                                                                       \
  static inline __attribute__((always_inline)) void NAME##_of(const T *src, int channels, const int32_t *index, const W *weight, \
                                                              int taps, A *dst, size_t n) {                                      \
    for (size_t i = 0; i < n; i++, index += taps, weight += taps, dst += channels) {                                             \
      for (int c = 0; c < channels; c++) {                                                                                       \
        A sum = src[index[0] * (ptrdiff_t)channels + c] * weight[0];                                                             \
        for (int k = 1; k < taps; k++) sum += src[index[k] * (ptrdiff_t)channels + c] * weight[k];                               \
        dst[c] = sum;                                                                                                            \
      }                                                                                                                          \
    }                                                                                                                            \
  }                                                                                                                              \
  void NAME(const T *src, int channels, const int32_t *index, const W *weight, int taps, A *dst, size_t n) {                     \
    if (taps == 2 && channels == 3) {                                                                                            \
      NAME##_of(src, 3, index, weight, 2, dst, n);                                                                               \
    } else if (taps == 2 && channels == 1) {                                                                                     \
      NAME##_of(src, 1, index, weight, 2, dst, n);                                                                               \
    } else if (channels == 3) {                                                                                                  \
      NAME##_of(src, 3, index, weight, taps, dst, n);                                                                            \
    } else {                                                                                                                     \
      NAME##_of(src, channels, index, weight, taps, dst, n);                                                                     \
    }                                                                                                                            \
  }
ROW(ck_image_resample_row_u8, uint8_t, int16_t, int32_t)
ROW(ck_image_resample_row_f32, float, float, float)

void ck_image_gather(const uint8_t *src, size_t size, const int32_t *index, uint8_t *dst, size_t n) {
  size_t i = 0;
  if (size == 3) {
    // Four bytes at once, where the pixel is not the last one that is read and not the last that is written.
    for (; i + 1 < n && index[i] < index[n - 1]; i++, dst += 3) memcpy(dst, src + (size_t)index[i] * 3, 4);
  }
  for (; i < n; i++) {
    const uint8_t *from = src + (size_t)index[i] * size;
    for (size_t k = 0; k < size; k++) *dst++ = from[k];
  }
}

void ck_image_block_mean_u8(const uint8_t *src, size_t stride, int channels, int bw, int bh, uint8_t *dst, size_t n) {
  const float scale = 1.f / (float)(bw * bh);
  for (size_t i = 0; i < n; i++, src += bw * channels) {
    for (int c = 0; c < channels; c++) {
      uint32_t sum = 0;
      for (int y = 0; y < bh; y++)
        for (int x = 0; x < bw; x++) sum += src[(size_t)y * stride + (size_t)(x * channels + c)];
      // A half is rounded up in blocks of 2 x 2, to even in others.
      *dst++ = bw == 2 && bh == 2 ? (uint8_t)((sum + 2) >> 2) : ck_image_round_u8((float)sum * scale);
    }
  }
}

void ck_image_block_mean_f32(const float *src, size_t stride, int channels, int bw, int bh, float *dst, size_t n) {
  const float scale = 1.f / (float)(bw * bh);
  for (size_t i = 0; i < n; i++, src += bw * channels) {
    for (int c = 0; c < channels; c++) {
      float sum = 0;
      for (int y = 0; y < bh; y++)
        for (int x = 0; x < bw; x++) sum += src[(size_t)y * stride + (size_t)(x * channels + c)];
      *dst++ = sum * scale;
    }
  }
}

void ck_image_normalize_f32(const float *src, int channels, const float *scale, const float *offset, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (int c = 0; c < channels; c++, src++, dst++) *dst = *src * scale[c] + offset[c];
}
