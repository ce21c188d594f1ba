#include "pixels.h"
#include "ckernels_image_color_space.h"

// Luma and color differences

enum { YCC = 14 };

void ck_image_to_ycc_u8(const uint8_t *src, int scn, int blue, int is_yuv, uint8_t *dst, size_t n) {
  const int red = is_yuv ? 14369 : 11682, blueness = is_yuv ? 8061 : 9241, half = 1 << (YCC - 1), middle = 128 << YCC;
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    const int b = src[blue], g = src[1], r = src[2 - blue];
    const int y = (b * 1868 + g * 9617 + r * 4899 + half) >> YCC;
    const uint8_t cr = ck_image_clamp_u8(((r - y) * red + middle + half) >> YCC);
    const uint8_t cb = ck_image_clamp_u8(((b - y) * blueness + middle + half) >> YCC);
    dst[0] = (uint8_t)y;
    dst[1] = is_yuv ? cb : cr;
    dst[2] = is_yuv ? cr : cb;
  }
}

void ck_image_to_ycc_f32(const float *src, int scn, int blue, int is_yuv, float *dst, size_t n) {
  const float red = is_yuv ? 0.877f : 0.713f, blueness = is_yuv ? 0.492f : 0.564f;
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    const float b = src[blue], g = src[1], r = src[2 - blue];
    const float y = src[0] * (blue ? 0.299f : 0.114f) + g * 0.587f + src[2] * (blue ? 0.114f : 0.299f);
    const float cr = (r - y) * red + 0.5f, cb = (b - y) * blueness + 0.5f;
    dst[0] = y;
    dst[1] = is_yuv ? cb : cr;
    dst[2] = is_yuv ? cr : cb;
  }
}

void ck_image_from_ycc_u8(const uint8_t *src, int is_yuv, uint8_t *dst, int dcn, int blue, size_t n) {
  const int to_b = is_yuv ? 33292 : 29049, b_to_g = is_yuv ? -6472 : -5636;
  const int r_to_g = is_yuv ? -9519 : -11698, to_r = is_yuv ? 18678 : 22987, half = 1 << (YCC - 1);
  for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {
    const int y = src[0], cb = src[is_yuv ? 1 : 2] - 128, cr = src[is_yuv ? 2 : 1] - 128;
    dst[blue] = ck_image_clamp_u8(y + ((cb * to_b + half) >> YCC));
    dst[1] = ck_image_clamp_u8(y + ((cb * b_to_g + cr * r_to_g + half) >> YCC));
    dst[2 - blue] = ck_image_clamp_u8(y + ((cr * to_r + half) >> YCC));
    if (dcn == 4) dst[3] = 255;
  }
}

void ck_image_from_ycc_f32(const float *src, int is_yuv, float *dst, int dcn, int blue, size_t n) {
  const float to_b = is_yuv ? 2.032f : 1.773f, b_to_g = is_yuv ? -0.395f : -0.344f;
  const float r_to_g = is_yuv ? -0.581f : -0.714f, to_r = is_yuv ? 1.140f : 1.403f;
  for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {
    const float y = src[0], cb = src[is_yuv ? 1 : 2] - 0.5f, cr = src[is_yuv ? 2 : 1] - 0.5f;
    dst[blue] = y + cb * to_b;
    dst[1] = y + cb * b_to_g + cr * r_to_g;
    dst[2 - blue] = y + cr * to_r;
    if (dcn == 4) dst[3] = 1;
  }
}

// CIE XYZ

/// Rows X, Y, Z; columns R, G, B of sRGB's primaries, and the inverse.
static const float to_xyz[3][3] = {
    {0.412453f, 0.357580f, 0.180423f}, {0.212671f, 0.715160f, 0.072169f}, {0.019334f, 0.119193f, 0.950227f}};
static const float from_xyz[3][3] = {
    {3.240479f, -1.53715f, -0.498535f}, {-0.969256f, 1.875991f, 0.041556f}, {0.055648f, -0.204043f, 1.057311f}};

enum { XYZ = 12 };

void ck_image_to_xyz_u8(const uint8_t *src, int scn, int blue, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    const int b = src[blue], g = src[1], r = src[2 - blue], half = 1 << (XYZ - 1);
    dst[0] = ck_image_clamp_u8((r * 1689 + g * 1465 + b * 739 + half) >> XYZ);
    dst[1] = ck_image_clamp_u8((r * 871 + g * 2929 + b * 296 + half) >> XYZ);
    dst[2] = ck_image_clamp_u8((r * 79 + g * 488 + b * 3892 + half) >> XYZ);
  }
}

void ck_image_from_xyz_u8(const uint8_t *src, uint8_t *dst, int dcn, int blue, size_t n) {
  for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {
    const int x = src[0], y = src[1], z = src[2], half = 1 << (XYZ - 1);
    dst[2 - blue] = ck_image_clamp_u8((x * 13273 - y * 6296 - z * 2042 + half) >> XYZ);
    dst[1] = ck_image_clamp_u8((x * -3970 + y * 7684 + z * 170 + half) >> XYZ);
    dst[blue] = ck_image_clamp_u8((x * 228 - y * 836 + z * 4331 + half) >> XYZ);
    if (dcn == 4) dst[3] = 255;
  }
}

void ck_image_to_xyz_f32(const float *src, int scn, int blue, float *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    const float c[3] = {src[0], src[1], src[2]};
    for (int k = 0; k < 3; k++) dst[k] = c[0] * to_xyz[k][blue ? 0 : 2] + c[1] * to_xyz[k][1] + c[2] * to_xyz[k][blue ? 2 : 0];
  }
}

void ck_image_from_xyz_f32(const float *src, float *dst, int dcn, int blue, size_t n) {
  for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {
    const float x = src[0], y = src[1], z = src[2];
    for (int k = 0; k < 3; k++) dst[blue ? k : 2 - k] = x * from_xyz[k][0] + y * from_xyz[k][1] + z * from_xyz[k][2];
    if (dcn == 4) dst[3] = 1;
  }
}

// CIE L*a*b*, L*u*v*

static const double white[3] = {0.950456, 1, 1.088754};

static inline double linear_of(double x) { return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4); }
static inline double gamma_of(double x) { return x <= 0.0031308 ? x * 12.92 : 1.055 * pow(x, 1 / 2.4) - 0.055; }
static inline double lab_f(double x) { return x > 0.008856 ? cbrt(x) : 7.787 * x + 16.0 / 116; }
static inline double clamp01(double x) { return x < 0 ? 0 : x > 1 ? 1 : x; }

typedef struct {
  double x, y, z;
} point;

static inline point xyz_of(double r, double g, double b, int is_srgb) {
  r = clamp01(r), g = clamp01(g), b = clamp01(b);
  if (is_srgb) r = linear_of(r), g = linear_of(g), b = linear_of(b);
  double out[3];
  for (int k = 0; k < 3; k++) out[k] = r * to_xyz[k][0] + g * to_xyz[k][1] + b * to_xyz[k][2];
  return (point){out[0], out[1], out[2]};
}

static inline point rgb_of(double x, double y, double z, int is_srgb) {
  double out[3];
  for (int k = 0; k < 3; k++) {
    out[k] = clamp01(x * from_xyz[k][0] + y * from_xyz[k][1] + z * from_xyz[k][2]);
    if (is_srgb) out[k] = gamma_of(out[k]);
  }
  return (point){out[0], out[1], out[2]};
}

static inline point lab_of(point c) {
  const double fx = lab_f(c.x / white[0]), fy = lab_f(c.y), fz = lab_f(c.z / white[2]);
  const double l = c.y > 0.008856 ? 116 * fy - 16 : 903.3 * c.y;
  return (point){l, 500 * (fx - fy), 200 * (fy - fz)};
}

static inline double lab_inverse(double f) { return f <= 0.206893 ? (f - 16.0 / 116) / 7.787 : f * f * f; }

static inline point xyz_of_lab(point c) {
  double y, fy;
  if (c.x <= 0.008856 * 903.3) {
    y = c.x / 903.3;
    fy = 7.787 * y + 16.0 / 116;
  } else {
    fy = (c.x + 16) / 116;
    y = fy * fy * fy;
  }
  return (point){white[0] * lab_inverse(fy + c.y / 500), y, white[2] * lab_inverse(fy - c.z / 200)};
}

static inline point luv_of(point c) {
  const double un = 4 * white[0] / (white[0] + 15 + 3 * white[2]), vn = 9 / (white[0] + 15 + 3 * white[2]);
  const double l = c.y > 0.008856 ? 116 * cbrt(c.y) - 16 : 903.3 * c.y;
  const double sum = c.x + 15 * c.y + 3 * c.z, scale = 1 / (sum > 1.1920929e-07 ? sum : 1.1920929e-07);
  return (point){l, 13 * l * (4 * c.x * scale - un), 13 * l * (9 * c.y * scale - vn)};
}

static inline point xyz_of_luv(point c) {
  const double un = 4 * white[0] / (white[0] + 15 + 3 * white[2]), vn = 9 / (white[0] + 15 + 3 * white[2]);
  const double l = c.x, f = (l + 16) / 116, y = l > 8 ? f * f * f : l / 903.3;
  const double up = 3 * (c.y + 13 * l * un);
  double vp = 0.25 / (c.z + 13 * l * vn);
  vp = vp > 0.25 ? 0.25 : vp < -0.25 ? -0.25 : vp;
  return (point){y * 3 * up * vp, y, y * ((12 * 13 * l - up) * vp - 5)};
}

/// Gives the four functions of a space, where bytes hold (value + offset) x scale.
#define SPACE(NAME, FORWARD, BACKWARD, O1, S1, O2, S2)                                                         \
  void ck_image_to_##NAME##_f32(const float *src, int scn, int blue, int is_srgb, float *dst, size_t n) {      \
    for (size_t i = 0; i < n; i++, src += scn, dst += 3) {                                                     \
      const point c = FORWARD(xyz_of(src[2 - blue], src[1], src[blue], is_srgb));                              \
      dst[0] = (float)c.x, dst[1] = (float)c.y, dst[2] = (float)c.z;                                           \
    }                                                                                                          \
  }                                                                                                            \
  void ck_image_from_##NAME##_f32(const float *src, int is_srgb, float *dst, int dcn, int blue, size_t n) {    \
    for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {                                                     \
      const point x = BACKWARD((point){src[0], src[1], src[2]}), c = rgb_of(x.x, x.y, x.z, is_srgb);           \
      dst[2 - blue] = (float)c.x, dst[1] = (float)c.y, dst[blue] = (float)c.z;                                 \
      if (dcn == 4) dst[3] = 1;                                                                                \
    }                                                                                                          \
  }                                                                                                            \
  void ck_image_from_##NAME##_u8(const uint8_t *src, int is_srgb, uint8_t *dst, int dcn, int blue, size_t n) { \
    for (size_t i = 0; i < n; i++, src += 3, dst += dcn) {                                                     \
      const point x = BACKWARD((point){src[0] / 2.55, src[1] / S1 - O1, src[2] / S2 - O2});                    \
      const point c = rgb_of(x.x, x.y, x.z, is_srgb);                                                          \
      /* Linear light is cut off by the reference, not rounded. */                                             \
      const double half = is_srgb ? 0.5 : 0;                                                                   \
      dst[2 - blue] = (uint8_t)(c.x * 255 + half);                                                             \
      dst[1] = (uint8_t)(c.y * 255 + half);                                                                    \
      dst[blue] = (uint8_t)(c.z * 255 + half);                                                                 \
      if (dcn == 4) dst[3] = 255;                                                                              \
    }                                                                                                          \
  }
SPACE(lab, lab_of, xyz_of_lab, 128, 1.0, 128, 1.0)
SPACE(luv, luv_of, xyz_of_luv, 134, (255.0 / 354), 140, (255.0 / 262))

void ck_image_fill_lab_tables(ck_image_lab_tables *tables, int is_srgb) {
  for (int i = 0; i < 256; i++) {
    const double x = is_srgb ? linear_of(i / 255.0) : i / 255.0;
    tables->light[i] = (float)x;
    tables->coarse[i] = (uint16_t)lrint(x * 255 * 8);
  }
  for (int i = 0; i < CK_IMAGE_LAB_ROOTS; i++) tables->root[i] = (uint16_t)lrint((1 << 15) * lab_f(i / (255.0 * 8)));
}

void ck_image_to_lab_u8(const uint8_t *src, int scn, int blue, const ck_image_lab_tables *tables, uint8_t *dst, size_t n) {
  int weights[3][3];
  for (int k = 0; k < 3; k++)
    for (int c = 0; c < 3; c++) weights[k][c] = (int)lrint((double)to_xyz[k][c] / white[k] * (1 << 12));
  // Light has 3 bits of fraction, its cube root 15: the reference's roundings.
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    const int b = tables->coarse[src[blue]], g = tables->coarse[src[1]], r = tables->coarse[src[2 - blue]];
    int f[3];
    for (int k = 0; k < 3; k++)
      f[k] = tables->root[(r * weights[k][0] + g * weights[k][1] + b * weights[k][2] + (1 << 11)) >> 12];
    const int half = 1 << 14, middle = 128 << 15, black = (16 * 255 * (1 << 15) + 50) / 100;
    dst[0] = ck_image_clamp_u8((296 * f[1] - black + half) >> 15);
    dst[1] = ck_image_clamp_u8((500 * (f[0] - f[1]) + middle + half) >> 15);
    dst[2] = ck_image_clamp_u8((200 * (f[1] - f[2]) + middle + half) >> 15);
  }
}

void ck_image_to_luv_u8(const uint8_t *src, int scn, int blue, const ck_image_lab_tables *tables, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++, src += scn, dst += 3) {
    const point c = luv_of(xyz_of(tables->light[src[2 - blue]], tables->light[src[1]], tables->light[src[blue]], 0));
    dst[0] = ck_image_round_u8((float)(c.x * 2.55));
    dst[1] = ck_image_round_u8((float)((c.y + 134) * (255.0 / 354)));
    dst[2] = ck_image_round_u8((float)((c.z + 140) * (255.0 / 262)));
  }
}
