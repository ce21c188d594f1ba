#include "pixels.h"
#include "ckernels_image_color.h"

#define FROM_GRAY(SUFFIX, T, OPAQUE)                                          \
  void ck_image_from_gray_##SUFFIX(const T *src, T *dst, int dcn, size_t n) { \
    for (size_t i = 0; i < n; i++, dst += dcn) {                              \
      dst[0] = dst[1] = dst[2] = src[i];                                      \
      if (dcn == 4) dst[3] = OPAQUE;                                          \
    }                                                                         \
  }
FROM_GRAY(u8, uint8_t, 255)
FROM_GRAY(f32, float, 1)

void ck_image_to_gray_f32(const float *src, int scn, int blue, float *dst, size_t n) {
  const float b = blue ? 0.299f : 0.114f, r = blue ? 0.114f : 0.299f;
  for (size_t i = 0; i < n; i++, src += scn) dst[i] = src[0] * b + src[1] * 0.587f + src[2] * r;
}

static inline void store16(uint8_t *dst, unsigned value) {
  dst[0] = (uint8_t)value;
  dst[1] = (uint8_t)(value >> 8);
}

void ck_image_to_packed16(const uint8_t *src, int scn, int blue, int green_bits, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += scn, dst += 2) {
    const unsigned b = src[blue], g = src[1], r = src[2 - blue];
    if (green_bits == 6) {
      store16(dst, b >> 3 | (g & ~3u) << 3 | (r & ~7u) << 8);
    } else {
      store16(dst, b >> 3 | (g & ~7u) << 2 | (r & ~7u) << 7 | (scn == 4 && src[3] ? 0x8000u : 0));
    }
  }
}

void ck_image_from_packed16(const uint8_t *src, int green_bits, uint8_t *dst, int dcn, int blue, size_t n) {
  for (size_t i = 0; i < n; i++, src += 2, dst += dcn) {
    const unsigned t = src[0] | (unsigned)src[1] << 8;
    dst[blue] = (uint8_t)(t << 3);
    dst[1] = (uint8_t)(green_bits == 6 ? t >> 3 & ~3u : t >> 2 & ~7u);
    dst[2 - blue] = (uint8_t)(green_bits == 6 ? t >> 8 & ~7u : t >> 7 & ~7u);
    if (dcn == 4) dst[3] = green_bits == 6 || (t & 0x8000) ? 255 : 0;
  }
}

void ck_image_gray_to_packed16(const uint8_t *src, int green_bits, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, dst += 2) {
    const unsigned t = src[i];
    if (green_bits == 6) {
      store16(dst, t >> 3 | (t & ~3u) << 3 | (t & ~7u) << 8);
    } else {
      store16(dst, t >> 3 | (t >> 3) << 5 | (t >> 3) << 10);
    }
  }
}

void ck_image_packed16_to_gray(const uint8_t *src, int green_bits, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += 2) {
    const unsigned t = src[0] | (unsigned)src[1] << 8;
    const unsigned b = t << 3 & 0xf8;
    const unsigned g = green_bits == 6 ? t >> 3 & 0xfc : t >> 2 & 0xf8;
    const unsigned r = green_bits == 6 ? t >> 8 & 0xf8 : t >> 7 & 0xf8;
    dst[i] = (uint8_t)((b * 3735 + g * 19235 + r * 9798 + (1 << 14)) >> 15);
  }
}

void ck_image_premultiply(const uint8_t *src, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < 4 * n; i += 4) {
    const unsigned alpha = src[i + 3];
    for (int c = 0; c < 3; c++) dst[i + c] = (uint8_t)((src[i + c] * alpha + 128) / 255);
    dst[i + 3] = (uint8_t)alpha;
  }
}

void ck_image_unpremultiply(const uint8_t *src, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < 4 * n; i += 4) {
    const unsigned alpha = src[i + 3];
    for (int c = 0; c < 3; c++) {
      const unsigned value = alpha ? (src[i + c] * 255u + alpha / 2) / alpha : 0;
      dst[i + c] = (uint8_t)(value > 255 ? 255 : value);
    }
    dst[i + 3] = (uint8_t)alpha;
  }
}
