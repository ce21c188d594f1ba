#include <string.h>

#include "pixels.h"
#include "ckernels_image_filter.h"

void ck_image_border_row(const uint8_t *src, size_t size, const int32_t *map, const uint8_t *fill, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, dst += size) memcpy(dst, map[i] < 0 ? fill : src + (size_t)map[i] * size, size);
}

#define BOX(SUFFIX, T)                                                                                         \
  void ck_image_box_row_##SUFFIX(const T *src, size_t step, int taps, int is_squared, double *dst, size_t n) { \
    for (size_t i = 0; i < n; i++) {                                                                           \
      if (i < step) {                                                                                          \
        double sum = 0;                                                                                        \
        for (int k = 0; k < taps; k++) {                                                                       \
          const double x = (double)src[i + (size_t)k * step];                                                  \
          sum += is_squared ? x * x : x;                                                                       \
        }                                                                                                      \
        dst[i] = sum;                                                                                          \
      } else {                                                                                                 \
        const double in = (double)src[i + (size_t)(taps - 1) * step], out = (double)src[i - step];             \
        dst[i] = dst[i - step] + (is_squared ? in * in - out * out : in - out);                                \
      }                                                                                                        \
    }                                                                                                          \
  }
BOX(u8, uint8_t)
BOX(f32, float)

void ck_image_box_store_u8(const double *sums, double scale, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = ck_image_round_u8((float)(sums[i] * scale));
}

void ck_image_box_store_f32(const double *sums, double scale, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = (float)(sums[i] * scale);
}

void ck_image_median_u8(const uint8_t *src, size_t stride, int channels, int size, uint8_t *dst, size_t width, size_t height) {
  const int middle = size * size / 2;
  for (size_t y = 0; y < height; y++, src += stride, dst += width * (size_t)channels) {
    for (int c = 0; c < channels; c++) {
      // A histogram that slides along the row: how many of each value, and of each sixteenth of the range.
      uint16_t fine[256] = {0}, coarse[16] = {0};
      for (int j = 0; j < size; j++) {
        for (int i = 0; i < size; i++) {
          const uint8_t v = src[(size_t)j * stride + (size_t)(i * channels + c)];
          fine[v]++, coarse[v >> 4]++;
        }
      }
      for (size_t x = 0;; x++) {
        int left = middle, group = 0;
        while (left >= coarse[group]) left -= coarse[group++];
        int value = group * 16;
        while (left >= fine[value]) left -= fine[value++];
        dst[x * (size_t)channels + (size_t)c] = (uint8_t)value;
        if (x + 1 == width) break;
        for (int j = 0; j < size; j++) {
          const uint8_t *row = src + (size_t)j * stride + x * (size_t)channels + (size_t)c;
          const uint8_t out = row[0], in = row[size * channels];
          fine[out]--, coarse[out >> 4]--;
          fine[in]++, coarse[in >> 4]++;
        }
      }
    }
  }
}

void ck_image_median_f32(const float *src, size_t stride, int channels, int size, float *scratch, float *dst, size_t width,
                         size_t height) {
  const int count = size * size;
  for (size_t y = 0; y < height; y++, src += stride) {
    for (size_t x = 0; x < width * (size_t)channels; x++) {
      for (int k = 0; k < count; k++) {
        const float v = src[(size_t)(k / size) * stride + x + (size_t)(k % size * channels)];
        int at = k;
        for (; at > 0 && scratch[at - 1] > v; at--) scratch[at] = scratch[at - 1];
        scratch[at] = v;
      }
      *dst++ = scratch[count / 2];
    }
  }
}

void ck_image_bilateral_u8(const uint8_t *src, int channels, const ptrdiff_t *offset, const float *space, size_t count,
                           const float *color, uint8_t *dst, size_t width) {
  for (size_t x = 0; x < width; x++, src += channels, dst += channels) {
    float total = 0, sums[3] = {0};
    for (size_t k = 0; k < count; k++) {
      const uint8_t *other = src + offset[k];
      int difference = 0;
      for (int c = 0; c < channels; c++) difference += other[c] < src[c] ? src[c] - other[c] : other[c] - src[c];
      const float w = space[k] * color[difference];
      total += w;
      for (int c = 0; c < channels; c++) sums[c] += (float)other[c] * w;
    }
    for (int c = 0; c < channels; c++) dst[c] = ck_image_round_u8(sums[c] / total);
  }
}

void ck_image_bilateral_f32(const float *src, int channels, const ptrdiff_t *offset, const float *space, size_t count,
                            const float *color, float scale, float most, float *dst, size_t width) {
  for (size_t x = 0; x < width; x++, src += channels, dst += channels) {
    float total = 0, sums[3] = {0};
    for (size_t k = 0; k < count; k++) {
      const float *other = src + offset[k];
      float difference = 0;
      for (int c = 0; c < channels; c++) difference += fabsf(other[c] - src[c]);
      const float distance = difference * scale, place = distance < most ? distance : most;
      const int at = (int)place;
      const float part = place - (float)at, w = space[k] * (color[at] + part * (color[at + 1] - color[at]));
      total += w;
      for (int c = 0; c < channels; c++) sums[c] += other[c] * w;
    }
    for (int c = 0; c < channels; c++) dst[c] = sums[c] / total;
  }
}
