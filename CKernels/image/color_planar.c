#include "pixels.h"
#include "ckernels_image_color_planar.h"

/// BT.601 with 20 bits of fraction.
enum { ONE = 20, HALF = 1 << 19 };

static inline void store(uint8_t *dst, int dcn, int blue, int luma, int u, int v) {
  const int y = (luma > 16 ? luma - 16 : 0) * 1220542 + HALF;
  dst[2 - blue] = ck_image_clamp_u8((y + 1673527 * v) >> ONE);
  dst[1] = ck_image_clamp_u8((y - 852492 * v - 409993 * u) >> ONE);
  dst[blue] = ck_image_clamp_u8((y + 2116026 * u) >> ONE);
  if (dcn == 4) dst[3] = 255;
}

void ck_image_from_yuv420(const uint8_t *y, const uint8_t *u, const uint8_t *v, int chroma_step, size_t chroma_stride,
                          uint8_t *dst, int dcn, int blue, size_t width, size_t height) {
  for (size_t j = 0; j < height; j++) {
    const uint8_t *us = u + j / 2 * chroma_stride, *vs = v + j / 2 * chroma_stride;
    for (size_t i = 0; i < width; i++, dst += dcn)
      store(dst, dcn, blue, *y++, us[i / 2 * chroma_step] - 128, vs[i / 2 * chroma_step] - 128);
  }
}

void ck_image_from_yuv422(const uint8_t *src, int y0, int u0, int v0, uint8_t *dst, int dcn, int blue, size_t n) {
  for (size_t i = 0; i < n; i++, dst += dcn) {
    const uint8_t *pair = src + i / 2 * 4;
    store(dst, dcn, blue, pair[y0 + i % 2 * 2], pair[u0] - 128, pair[v0] - 128);
  }
}

void ck_image_luma_of_yuv422(const uint8_t *src, int y0, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = src[2 * i + y0];
}

void ck_image_to_yuv420(const uint8_t *src, int scn, int blue, uint8_t *y, uint8_t *u, uint8_t *v, size_t width, size_t height) {
  for (size_t j = 0; j < height; j++) {
    for (size_t i = 0; i < width; i++, src += scn) {
      const int b = src[blue], g = src[1], r = src[2 - blue];
      *y++ = ck_image_clamp_u8((269484 * r + 528482 * g + 102760 * b + HALF + (16 << ONE)) >> ONE);
      if ((i | j) & 1) continue;
      *u++ = ck_image_clamp_u8((-155188 * r - 305135 * g + 460324 * b + HALF + (128 << ONE)) >> ONE);
      *v++ = ck_image_clamp_u8((460324 * r - 385875 * g - 74448 * b + HALF + (128 << ONE)) >> ONE);
    }
  }
}
