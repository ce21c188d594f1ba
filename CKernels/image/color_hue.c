#include "pixels.h"
#include "ckernels_image_color_space.h"

static inline float largest(float a, float b, float c) { return fmaxf(fmaxf(a, b), c); }
static inline float smallest(float a, float b, float c) { return fminf(fminf(a, b), c); }

/// The hue in degrees of a color whose largest channel exceeds its smallest by 60 / `sixty`.
static inline float hue(float r, float g, float b, float v, float sixty) {
  float h;
  if (v == r) {
    h = (g - b) * sixty;
  } else if (v == g) {
    h = (b - r) * sixty + 120;
  } else {
    h = (r - g) * sixty + 240;
  }
  return h < 0 ? h + 360 : h;
}

static inline void to_hsv(float r, float g, float b, float scale, float out[3]) {
  const float v = largest(r, g, b), span = v - smallest(r, g, b);
  out[1] = span / (fabsf(v) + 1.1920929e-07f);
  out[0] = hue(r, g, b, v, 60.f / (span + 1.1920929e-07f)) * scale;
  out[2] = v;
}

static inline void to_hls(float r, float g, float b, float scale, float out[3]) {
  const float high = largest(r, g, b), low = smallest(r, g, b), span = high - low, l = (high + low) * 0.5f;
  out[0] = out[2] = 0;
  out[1] = l;
  if (span > 1.1920929e-07f) {
    out[2] = l < 0.5f ? span / (high + low) : span / (2 - high - low);
    out[0] = hue(r, g, b, high, 60.f / span) * scale;
  }
}

/// `h` in sixths of a turn, any real: which sixth, and how far into it.
static inline int sixth(float *h) {
  const float whole = floorf(*h);
  *h -= whole;
  const float turns = whole - 6 * floorf(whole / 6);
  return turns >= 0 && turns < 6 ? (int)turns : 0;
}

static const uint8_t sector[6][3] = {{1, 3, 0}, {1, 0, 2}, {3, 0, 1}, {0, 2, 1}, {0, 1, 3}, {2, 1, 0}};

static inline void from_hsv(float h, float s, float v, float scale, float bgr[3]) {
  if (s == 0) {
    bgr[0] = bgr[1] = bgr[2] = v;
    return;
  }
  h *= scale;
  const int k = sixth(&h);
  const float t[4] = {v, v * (1 - s), v * (1 - s * h), v * (1 - s * (1 - h))};
  for (int c = 0; c < 3; c++) bgr[c] = t[sector[k][c]];
}

static inline void from_hls(float h, float l, float s, float scale, float bgr[3]) {
  if (s == 0) {
    bgr[0] = bgr[1] = bgr[2] = l;
    return;
  }
  const float p2 = l <= 0.5f ? l * (1 + s) : l + s - l * s, p1 = 2 * l - p2;
  h *= scale;
  const int k = sixth(&h);
  const float t[4] = {p2, p1, p1 + (p2 - p1) * (1 - h), p1 + (p2 - p1) * h};
  for (int c = 0; c < 3; c++) bgr[c] = t[sector[k][c]];
}

static inline int reciprocal(int product, int i) { return i ? (int)lrint(product / (double)i) : 0; }

void ck_image_to_hsv_u8(const uint8_t *src, int scn, int blue, int range, uint8_t *dst, size_t n) {
  // Divisions by reciprocals with 12 bits of fraction, as the reference has it: s and h are rounded twice.
  int by[2][256];
  const int has_table = n > 256;
  for (int i = 0; has_table && i < 256; i++) {
    by[0][i] = reciprocal(255 << 12, i);
    by[1][i] = reciprocal(range << 12, 6 * i);
  }
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    const int b = src[blue], g = src[1], r = src[2 - blue];
    const int v = b > g ? (b > r ? b : r) : (g > r ? g : r), low = b < g ? (b < r ? b : r) : (g < r ? g : r);
    const int span = v - low;
    const int by_v = has_table ? by[0][v] : reciprocal(255 << 12, v);
    const int by_span = has_table ? by[1][span] : reciprocal(range << 12, 6 * span);
    int h = v == r ? g - b : v == g ? b - r + 2 * span : r - g + 4 * span;
    h = (h * by_span + (1 << 11)) >> 12;
    if (h < 0) h += range;
    dst[0] = ck_image_clamp_u8(h);
    dst[1] = (uint8_t)((span * by_v + (1 << 11)) >> 12);
    dst[2] = (uint8_t)v;
  }
}

#define FLOATS(NAME, HALF)                                                                                              \
  void ck_image_to_##NAME##_f32(const float *src, int scn, int blue, float range, float *dst, size_t n) {               \
    for (size_t i = 0; i < n; i++, src += scn, dst += 3) to_##NAME(src[2 - blue], src[1], src[blue], range / 360, dst); \
  }                                                                                                                     \
  void ck_image_from_##NAME##_f32(const float *src, float range, float *dst, int dcn, int blue, size_t n) {             \
    for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {                                                              \
      float bgr[3];                                                                                                     \
      from_##NAME(src[0], src[1], src[2], 6 / range, bgr);                                                              \
      dst[blue] = bgr[0], dst[1] = bgr[1], dst[2 - blue] = bgr[2];                                                      \
      if (dcn == 4) dst[3] = 1;                                                                                         \
    }                                                                                                                   \
  }                                                                                                                     \
  void ck_image_from_##NAME##_u8(const uint8_t *src, int range, uint8_t *dst, int dcn, int blue, size_t n) {            \
    const float half = HALF;                                                                                            \
    for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {                                                              \
      float bgr[3];                                                                                                     \
      from_##NAME(src[0], src[1] * (1.f / 255), src[2] * (1.f / 255), 6.f / range, bgr);                                \
      dst[blue] = ck_image_clamp_u8((int)(bgr[0] * 255 + half));                                                        \
      dst[1] = ck_image_clamp_u8((int)(bgr[1] * 255 + half));                                                           \
      dst[2 - blue] = ck_image_clamp_u8((int)(bgr[2] * 255 + half));                                                    \
      if (dcn == 4) dst[3] = 255;                                                                                       \
    }                                                                                                                   \
  }
// Bytes are cut off by the reference, not rounded, if a turn is 180.
FLOATS(hsv, range == 180 ? 0 : 0.5f)
FLOATS(hls, 0.5f)

void ck_image_to_hls_u8(const uint8_t *src, int scn, int blue, int range, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    float out[3];
    to_hls(src[2 - blue] * (1.f / 255), src[1] * (1.f / 255), src[blue] * (1.f / 255), range / 360.f, out);
    dst[0] = ck_image_round_u8(out[0]);
    dst[1] = ck_image_round_u8(out[1] * 255);
    dst[2] = ck_image_round_u8(out[2] * 255);
  }
}
