#include "ik.h"
#include "include/ik_colour.h"

#define REORDER(SUFFIX, T, OPAQUE)                                                                      \
  IK_LEVELS void ik_reorder_##SUFFIX(const T *src, int scn, T *dst, int dcn, int swaps, size_t n) {     \
    const int first = swaps ? 2 : 0;                                                                    \
    if (scn == 3 && dcn == 3) {                                                                         \
      for (size_t i = 0; i < n; i++) {                                                                  \
        const T a = src[3 * i + first], b = src[3 * i + 1], c = src[3 * i + 2 - first];                 \
        dst[3 * i] = a, dst[3 * i + 1] = b, dst[3 * i + 2] = c;                                         \
      }                                                                                                 \
      return;                                                                                           \
    }                                                                                                   \
    for (size_t i = 0; i < n; i++, src += scn, dst += dcn) {                                            \
      const T a = src[first], b = src[1], c = src[2 - first], d = scn == 4 ? src[3] : OPAQUE;           \
      dst[0] = a, dst[1] = b, dst[2] = c;                                                               \
      if (dcn == 4) dst[3] = d;                                                                         \
    }                                                                                                   \
  }                                                                                                     \
  void ik_from_gray_##SUFFIX(const T *src, T *dst, int dcn, size_t n) {                                 \
    for (size_t i = 0; i < n; i++, dst += dcn) {                                                        \
      dst[0] = dst[1] = dst[2] = src[i];                                                                \
      if (dcn == 4) dst[3] = OPAQUE;                                                                    \
    }                                                                                                   \
  }
REORDER(u8, uint8_t, 255)
REORDER(f32, float, 1)

IK_LEVELS void ik_to_gray_u8(const uint8_t *src, int scn, int blue, uint8_t *dst, size_t n) {
  const int b = blue ? 9798 : 3735, r = blue ? 3735 : 9798;
  if (scn == 3) {
    for (size_t i = 0; i < n; i++)
      dst[i] = (uint8_t)((src[3 * i] * b + src[3 * i + 1] * 19235 + src[3 * i + 2] * r + (1 << 14)) >> 15);
  } else {
    for (size_t i = 0; i < n; i++)
      dst[i] = (uint8_t)((src[4 * i] * b + src[4 * i + 1] * 19235 + src[4 * i + 2] * r + (1 << 14)) >> 15);
  }
}

void ik_to_gray_f32(const float *src, int scn, int blue, float *dst, size_t n) {
  const float b = blue ? 0.299f : 0.114f, r = blue ? 0.114f : 0.299f;
  for (size_t i = 0; i < n; i++, src += scn) dst[i] = src[0] * b + src[1] * 0.587f + src[2] * r;
}

static inline void store16(uint8_t *dst, unsigned value) {
  dst[0] = (uint8_t)value;
  dst[1] = (uint8_t)(value >> 8);
}

void ik_to_packed16(const uint8_t *src, int scn, int blue, int green_bits, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += scn, dst += 2) {
    const unsigned b = src[blue], g = src[1], r = src[2 - blue];
    if (green_bits == 6) {
      store16(dst, b >> 3 | (g & ~3u) << 3 | (r & ~7u) << 8);
    } else {
      store16(dst, b >> 3 | (g & ~7u) << 2 | (r & ~7u) << 7 | (scn == 4 && src[3] ? 0x8000u : 0));
    }
  }
}

void ik_from_packed16(const uint8_t *src, int green_bits, uint8_t *dst, int dcn, int blue, size_t n) {
  for (size_t i = 0; i < n; i++, src += 2, dst += dcn) {
    const unsigned t = src[0] | (unsigned)src[1] << 8;
    dst[blue] = (uint8_t)(t << 3);
    dst[1] = (uint8_t)(green_bits == 6 ? t >> 3 & ~3u : t >> 2 & ~7u);
    dst[2 - blue] = (uint8_t)(green_bits == 6 ? t >> 8 & ~7u : t >> 7 & ~7u);
    if (dcn == 4) dst[3] = green_bits == 6 || (t & 0x8000) ? 255 : 0;
  }
}

void ik_gray_to_packed16(const uint8_t *src, int green_bits, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, dst += 2) {
    const unsigned t = src[i];
    if (green_bits == 6) {
      store16(dst, t >> 3 | (t & ~3u) << 3 | (t & ~7u) << 8);
    } else {
      store16(dst, t >> 3 | (t >> 3) << 5 | (t >> 3) << 10);
    }
  }
}

void ik_packed16_to_gray(const uint8_t *src, int green_bits, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += 2) {
    const unsigned t = src[0] | (unsigned)src[1] << 8;
    const unsigned b = t << 3 & 0xf8;
    const unsigned g = green_bits == 6 ? t >> 3 & 0xfc : t >> 2 & 0xf8;
    const unsigned r = green_bits == 6 ? t >> 8 & 0xf8 : t >> 7 & 0xf8;
    dst[i] = (uint8_t)((b * 3735 + g * 19235 + r * 9798 + (1 << 14)) >> 15);
  }
}

void ik_premultiply(const uint8_t *src, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < 4 * n; i += 4) {
    const unsigned alpha = src[i + 3];
    for (int c = 0; c < 3; c++) dst[i + c] = (uint8_t)((src[i + c] * alpha + 128) / 255);
    dst[i + 3] = (uint8_t)alpha;
  }
}

void ik_unpremultiply(const uint8_t *src, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < 4 * n; i += 4) {
    const unsigned alpha = src[i + 3];
    for (int c = 0; c < 3; c++) {
      const unsigned value = alpha ? (src[i + c] * 255u + alpha / 2) / alpha : 0;
      dst[i + c] = (uint8_t)(value > 255 ? 255 : value);
    }
    dst[i + 3] = (uint8_t)alpha;
  }
}
