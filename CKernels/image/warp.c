#include "pixels.h"
#include "ckernels_image_warp.h"

void ck_image_projective_row(const double *m, int y, float *sx, float *sy, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double w = m[6] * (double)i + m[7] * y + m[8], scale = w ? 1 / w : 0;
    sx[i] = (float)((m[0] * (double)i + m[1] * y + m[2]) * scale);
    sy[i] = (float)((m[3] * (double)i + m[4] * y + m[5]) * scale);
  }
}

static inline int32_t to_int(double x) {
  if (!(x > -2147483648.0)) return x != x ? 0 : INT32_MIN;
  return x >= 2147483647.0 ? INT32_MAX : (int32_t)lrint(x);
}

static inline int32_t sum_of(int32_t a, int32_t b) {
  int32_t sum;
  if (__builtin_add_overflow(a, b, &sum)) return a < 0 ? INT32_MIN : INT32_MAX;
  return sum;
}

void ck_image_affine_row_fixed(const double *m, int y, int bits, int32_t *sx, int32_t *sy, size_t n) {
  const int half = bits ? 16 : 512, shift = 10 - bits;
  const int32_t x0 = sum_of(to_int((m[1] * y + m[2]) * 1024), half), y0 = sum_of(to_int((m[4] * y + m[5]) * 1024), half);
  for (size_t i = 0; i < n; i++) {
    sx[i] = sum_of(x0, to_int(m[0] * (double)i * 1024)) >> shift;
    sy[i] = sum_of(y0, to_int(m[3] * (double)i * 1024)) >> shift;
  }
}

void ck_image_projective_row_fixed(const double *m, int y, int bits, int32_t *sx, int32_t *sy, size_t n) {
  for (size_t i = 0; i < n; i++) {
    double w = m[6] * (double)i + m[7] * y + m[8];
    w = w ? (1 << bits) / w : 0;
    sx[i] = to_int((m[0] * (double)i + m[1] * y + m[2]) * w);
    sy[i] = to_int((m[3] * (double)i + m[4] * y + m[5]) * w);
  }
}

void ck_image_fix_row(const float *s, int bits, int32_t *fixed, size_t n) {
  for (size_t i = 0; i < n; i++) fixed[i] = to_int((double)(s[i] * (float)(1 << bits)));
}

static inline int16_t cut_s16(int32_t x) { return (int16_t)(x < -32768 ? -32768 : x > 32767 ? 32767 : x); }

void ck_image_fix_map(const float *x, const float *y, int bits, int16_t *whole, uint16_t *part, size_t n) {
  const float scale = (float)(1 << bits);
  const int mask = (1 << bits) - 1;
  for (size_t i = 0; i < n; i++) {
    const int32_t ix = to_int((double)(x[i] * scale)), iy = to_int((double)(y[i] * scale));
    whole[2 * i] = cut_s16(ix >> bits);
    whole[2 * i + 1] = cut_s16(iy >> bits);
    if (part) part[i] = (uint16_t)((iy & mask) << bits | (ix & mask));
  }
}

void ck_image_unfix_map(const int16_t *whole, const uint16_t *part, float *x, float *y, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const int fraction = part ? part[i] : 0;
    x[i] = (float)whole[2 * i] + (float)(fraction & 31) / 32;
    y[i] = (float)whole[2 * i + 1] + (float)(fraction >> 5 & 31) / 32;
  }
}

/// Where coordinate `x` of an axis of `count` is read; negative for outside.
static inline int place(int64_t x, int count, int border) {
  if (x >= 0 && x < count) return (int)x;
  if (border == 0) return -1;
  if (border == 1) return x < 0 ? 0 : count - 1;
  if (border == 3) {
    const int rest = (int)(x % count);
    return rest < 0 ? rest + count : rest;
  }
  if (count == 1) return 0;
  const int edge = border == 4, period = 2 * (count - edge);
  int rest = (int)(x % period);
  if (rest < 0) rest += period;
  return rest < count ? rest : period - 1 + edge - rest;
}

/// A coordinate as whole pixels, far outside if it is not a number or too large.
static inline int64_t whole(float x) { return x > -1e9f && x < 1e9f ? (int64_t)floorf(x) : -1000000000; }

#define IDENTITY(x) (x)
#define SAMPLE(SUFFIX, T, STORE)                                                                                               \
  static inline float at_##SUFFIX(const T *src, const ck_image_source *of, int64_t x, int64_t y, int c) {                      \
    const int i = place(x, of->width, of->border), j = place(y, of->height, of->border);                                       \
    if (i < 0 || j < 0) return of->fill[c];                                                                                    \
    return (float)src[((size_t)j * (size_t)of->width + (size_t)i) * (size_t)of->channels + (size_t)c];                         \
  }                                                                                                                            \
  void ck_image_sample_linear_##SUFFIX(const T *src, const ck_image_source *of, const float *sx, const float *sy, T *dst,      \
                                       size_t n) {                                                                             \
    const int channels = of->channels;                                                                                         \
    const size_t stride = (size_t)of->width * (size_t)channels;                                                                \
    for (size_t i = 0; i < n; i++, dst += channels) {                                                                          \
      const int64_t x = whole(sx[i]), y = whole(sy[i]);                                                                        \
      const float fx = x == -1000000000 ? 0 : sx[i] - (float)x, fy = y == -1000000000 ? 0 : sy[i] - (float)y;                  \
      if (x >= 0 && y >= 0 && x + 1 < of->width && y + 1 < of->height) {                                                       \
        const T *p = src + (size_t)y * stride + (size_t)x * (size_t)channels;                                                  \
        for (int c = 0; c < channels; c++) {                                                                                   \
          const float a = (float)p[c], b = (float)p[channels + c], d = (float)p[stride + (size_t)c],                           \
                      e = (float)p[stride + (size_t)(channels + c)];                                                           \
          const float top = a + fx * (b - a), bottom = d + fx * (e - d);                                                       \
          dst[c] = STORE(top + fy * (bottom - top));                                                                           \
        }                                                                                                                      \
        continue;                                                                                                              \
      }                                                                                                                        \
      for (int c = 0; c < channels; c++) {                                                                                     \
        const float a = at_##SUFFIX(src, of, x, y, c), b = at_##SUFFIX(src, of, x + 1, y, c);                                  \
        const float d = at_##SUFFIX(src, of, x, y + 1, c), e = at_##SUFFIX(src, of, x + 1, y + 1, c);                          \
        const float top = a + fx * (b - a), bottom = d + fx * (e - d);                                                         \
        dst[c] = STORE(top + fy * (bottom - top));                                                                             \
      }                                                                                                                        \
    }                                                                                                                          \
  }                                                                                                                            \
  void ck_image_sample_nearest_##SUFFIX(const T *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy, T *dst, \
                                        size_t n) {                                                                            \
    for (size_t i = 0; i < n; i++)                                                                                             \
      for (int c = 0; c < of->channels; c++) *dst++ = STORE(at_##SUFFIX(src, of, sx[i], sy[i], c));                            \
  }                                                                                                                            \
  void ck_image_sample_taps_##SUFFIX(const T *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy,            \
                                     const float *weights, int taps, T *dst, size_t n) {                                       \
    for (size_t i = 0; i < n; i++) {                                                                                           \
      const int64_t x = (sx[i] >> 5) - taps / 2 + 1, y = (sy[i] >> 5) - taps / 2 + 1;                                          \
      const float *wx = weights + (sx[i] & 31) * taps, *wy = weights + (sy[i] & 31) * taps;                                    \
      for (int c = 0; c < of->channels; c++) {                                                                                 \
        float sum = 0;                                                                                                         \
        for (int j = 0; j < taps; j++) {                                                                                       \
          float row = 0;                                                                                                       \
          for (int k = 0; k < taps; k++) row += at_##SUFFIX(src, of, x + k, y + j, c) * wx[k];                                 \
          sum += row * wy[j];                                                                                                  \
        }                                                                                                                      \
        *dst++ = STORE(sum);                                                                                                   \
      }                                                                                                                        \
    }                                                                                                                          \
  }

SAMPLE(u8, uint8_t, ck_image_round_u8)
SAMPLE(f32, float, IDENTITY)

void ck_image_sample_fixed_u8(const uint8_t *src, const ck_image_source *of, const int32_t *sx, const int32_t *sy, uint8_t *dst,
                              size_t n) {
  const float unit = 1.f / 1024;
  for (size_t i = 0; i < n; i++) {
    const int64_t x = sx[i] >> 5, y = sy[i] >> 5;
    const float fx = (float)(sx[i] & 31), fy = (float)(sy[i] & 31);
    for (int c = 0; c < of->channels; c++) {
      const float top = at_u8(src, of, x, y, c) * (32 - fx) + at_u8(src, of, x + 1, y, c) * fx;
      const float bottom = at_u8(src, of, x, y + 1, c) * (32 - fx) + at_u8(src, of, x + 1, y + 1, c) * fx;
      const float sum = floorf((top * (32 - fy) + bottom * fy) * unit + 0.5f);
      *dst++ = ck_image_round_u8(sum);
    }
  }
}

/// Keys' weights with a = -0.75 of the four pixels around a position `t` past the second.
static inline void cubic(float t, float w[4]) {
  const float a = -0.75f;
  w[0] = ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a;
  w[1] = ((a + 2) * t - (a + 3)) * t * t + 1;
  w[2] = ((a + 2) * (1 - t) - (a + 3)) * (1 - t) * (1 - t) + 1;
  w[3] = 1 - w[0] - w[1] - w[2];
}

#define CUBIC(SUFFIX, T, STORE)                                                                                          \
  void ck_image_sample_cubic_##SUFFIX(const T *src, const ck_image_source *of, const float *sx, const float *sy, T *dst, \
                                      size_t n) {                                                                        \
    for (size_t i = 0; i < n; i++) {                                                                                     \
      const int64_t x = whole(sx[i]), y = whole(sy[i]);                                                                  \
      float wx[4], wy[4];                                                                                                \
      cubic(x == -1000000000 ? 0 : sx[i] - (float)x, wx);                                                                \
      cubic(y == -1000000000 ? 0 : sy[i] - (float)y, wy);                                                                \
      for (int c = 0; c < of->channels; c++) {                                                                           \
        float sum = 0;                                                                                                   \
        for (int j = 0; j < 4; j++) {                                                                                    \
          float row = 0;                                                                                                 \
          for (int k = 0; k < 4; k++) row += at_##SUFFIX(src, of, x + k - 1, y + j - 1, c) * wx[k];                      \
          sum += row * wy[j];                                                                                            \
        }                                                                                                                \
        *dst++ = STORE(sum);                                                                                             \
      }                                                                                                                  \
    }                                                                                                                    \
  }

CUBIC(u8, uint8_t, ck_image_round_u8)
CUBIC(f32, float, IDENTITY)
