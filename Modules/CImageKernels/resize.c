#include <string.h>

#include "ik.h"
#include "include/ik_resize.h"

/// Sums of `taps` weighted pixels; the compiler unrolls where `channels` and `taps` are constants.
#define ROW(NAME, T, W, A)                                                                                          \
  static inline __attribute__((always_inline)) void NAME##_of(const T *src, int channels, const int32_t *index,     \
                                                              const W *weight, int taps, A *dst, size_t n) {        \
    for (size_t i = 0; i < n; i++, index += taps, weight += taps, dst += channels) {                                \
      for (int c = 0; c < channels; c++) {                                                                          \
        A sum = src[index[0] * (ptrdiff_t)channels + c] * weight[0];                                                \
        for (int k = 1; k < taps; k++) sum += src[index[k] * (ptrdiff_t)channels + c] * weight[k];                  \
        dst[c] = sum;                                                                                               \
      }                                                                                                             \
    }                                                                                                               \
  }                                                                                                                 \
  void NAME(const T *src, int channels, const int32_t *index, const W *weight, int taps, A *dst, size_t n) {        \
    if (taps == 2 && channels == 3) {                                                                               \
      NAME##_of(src, 3, index, weight, 2, dst, n);                                                                  \
    } else if (taps == 2 && channels == 1) {                                                                        \
      NAME##_of(src, 1, index, weight, 2, dst, n);                                                                  \
    } else if (channels == 3) {                                                                                     \
      NAME##_of(src, 3, index, weight, taps, dst, n);                                                               \
    } else {                                                                                                        \
      NAME##_of(src, channels, index, weight, taps, dst, n);                                                        \
    }                                                                                                               \
  }
ROW(ik_resample_row_u8, uint8_t, int16_t, int32_t)
ROW(ik_resample_row_f32, float, float, float)

IK_LEVELS void ik_resample_columns_u8(const int32_t *const *rows, const int16_t *weight, int taps, uint8_t *dst,
                                      size_t count) {
  // The reference sums in floating point.
  for (size_t i = 0; i < count; i++) {
    float sum = 0;
    for (int k = 0; k < taps; k++) sum += (float)rows[k][i] * ((float)weight[k] * (1.f / (1 << 22)));
    dst[i] = ik_round_u8(sum);
  }
}

IK_LEVELS void ik_resample_columns_f32(const float *const *rows, const float *weight, int taps, float *dst,
                                       size_t count) {
  for (size_t i = 0; i < count; i++) dst[i] = rows[0][i] * weight[0];
  for (int k = 1; k < taps; k++) {
    const float *row = rows[k], w = weight[k];
    for (size_t i = 0; i < count; i++) dst[i] += row[i] * w;
  }
}

void ik_gather(const uint8_t *src, size_t size, const int32_t *index, uint8_t *dst, size_t n) {
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

void ik_block_mean_u8(const uint8_t *src, size_t stride, int channels, int bw, int bh, uint8_t *dst, size_t n) {
  const float scale = 1.f / (float)(bw * bh);
  for (size_t i = 0; i < n; i++, src += bw * channels) {
    for (int c = 0; c < channels; c++) {
      uint32_t sum = 0;
      for (int y = 0; y < bh; y++)
        for (int x = 0; x < bw; x++) sum += src[(size_t)y * stride + (size_t)(x * channels + c)];
      // A half is rounded up in blocks of 2 x 2, to even in others.
      *dst++ = bw == 2 && bh == 2 ? (uint8_t)((sum + 2) >> 2) : ik_round_u8((float)sum * scale);
    }
  }
}

void ik_block_mean_f32(const float *src, size_t stride, int channels, int bw, int bh, float *dst, size_t n) {
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

IK_LEVELS void ik_normalise_u8(const uint8_t *src, int scn, const int *order, const float *scale, const float *offset,
                               float *dst, int dcn, size_t plane, size_t n) {
  for (int c = 0; c < dcn; c++) {
    const uint8_t *from = src + order[c];
    float *to = plane ? dst + (size_t)c * plane : dst + c;
    const size_t step = plane ? 1 : (size_t)dcn;
    const float s = scale[c], o = offset[c];
    if (step == 1 && scn == 3) {
      for (size_t i = 0; i < n; i++) to[i] = (float)from[3 * i] * s + o;
    } else {
      for (size_t i = 0; i < n; i++) to[i * step] = (float)from[i * (size_t)scn] * s + o;
    }
  }
}

void ik_normalise_f32(const float *src, int channels, const float *scale, const float *offset, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (int c = 0; c < channels; c++, src++, dst++) *dst = *src * scale[c] + offset[c];
}

IK_LEVELS void ik_accumulate_f32(const float *src, float weight, int is_first, float *dst, size_t n) {
  if (is_first) {
    for (size_t i = 0; i < n; i++) dst[i] = src[i] * weight;
  } else {
    for (size_t i = 0; i < n; i++) dst[i] += src[i] * weight;
  }
}
