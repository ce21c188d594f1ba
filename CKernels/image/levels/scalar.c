#include "../pixels.h"
#include "levels.h"

static void exchange_u8(const uint8_t *src, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < 3 * n; i += 3) {
    dst[i] = src[i + 2];
    dst[i + 1] = src[i + 1];
    dst[i + 2] = src[i];
  }
}

static void smooth_row_u8(const uint8_t *src, size_t step, const uint16_t *weight, int taps, uint16_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned sum = 0;
    for (int k = 0; k < taps; k++) sum += (unsigned)weight[k] * src[i + (size_t)k * step];
    dst[i] = (uint16_t)sum;
  }
}

static void smooth_columns_u8(const uint16_t *const *rows, const uint16_t *weight, int taps, int shift, uint8_t *dst, size_t n) {
  const uint32_t half = shift ? 1u << (shift - 1) : 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t sum = half;
    for (int k = 0; k < taps; k++) sum += (uint32_t)weight[k] * rows[k][i];
    dst[i] = (uint8_t)(sum >> shift);
  }
}

static void correlate_row_u8(const uint8_t *src, size_t step, const int16_t *weight, int taps, int16_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint32_t sum = 0;
    for (int k = 0; k < taps; k++) sum += (uint32_t)weight[k] * src[i + (size_t)k * step];
    dst[i] = (int16_t)(uint16_t)sum;
  }
}

static void correlate_columns_s16(const int16_t *const *rows, const int16_t *weight, int taps, int16_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint32_t sum = 0;
    for (int k = 0; k < taps; k++) sum += (uint32_t)weight[k] * (uint32_t)rows[k][i];
    dst[i] = (int16_t)(uint16_t)sum;
  }
}

static void quotient_u8(const uint16_t *sums, int area, uint8_t *dst, size_t n) {
  const double exact = 65536.0 / area;
  const int whole = (int)exact, is_low = exact - whole < 0.5;
  const uint32_t scale = (uint32_t)(is_low ? whole : whole + 1), delta = (uint32_t)(is_low ? area / 2 + 1 : area / 2);
  for (size_t i = 0; i < n; i++) dst[i] = ck_image_clamp_u8((int)((sums[i] + delta) * scale >> 16));
}

static void extreme_u8(const uint8_t *const *rows, size_t count, int is_max, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint8_t best = rows[0][i];
    for (size_t k = 1; k < count; k++) best = (rows[k][i] > best) == (is_max != 0) ? rows[k][i] : best;
    dst[i] = best;
  }
}

static void median_u8(const uint8_t *const *rows, size_t step, int size, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    uint8_t sorted[25];
    for (int k = 0; k < size * size; k++) {
      const uint8_t v = rows[k / size][i + (size_t)(k % size) * step];
      int at = k;
      for (; at > 0 && sorted[at - 1] > v; at--) sorted[at] = sorted[at - 1];
      sorted[at] = v;
    }
    dst[i] = sorted[size * size / 2];
  }
}

static void weigh_row_u8(const uint8_t *src, size_t width, int channels, const int32_t *index, const float *weight, int taps,
                         float *dst, size_t n) {
  (void)width;
  for (size_t i = 0; i < n; i++, index += taps, weight += taps) {
    for (int c = 0; c < channels; c++) {
      float sum = (float)src[index[0] * (ptrdiff_t)channels + c] * weight[0];
      for (int k = 1; k < taps; k++) sum += (float)src[index[k] * (ptrdiff_t)channels + c] * weight[k];
      *dst++ = sum;
    }
  }
}

static void weigh_columns_u8(const float *const *rows, const float *weight, int taps, int ties_up, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    float sum = rows[0][i] * weight[0];
    for (int k = 1; k < taps; k++) sum += rows[k][i] * weight[k];
    dst[i] = ties_up ? ck_image_round_up_u8(sum) : ck_image_round_u8(sum);
  }
}

static void between_row_u8(const uint8_t *src, size_t width, int channels, const int32_t *first, const int16_t *weight,
                           int16_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const uint8_t *a = src + (size_t)first[i] * (size_t)channels;
    const uint8_t *b = (size_t)first[i] + 1 < width ? a + channels : a;
    for (int c = 0; c < channels; c++) *dst++ = (int16_t)((a[c] * weight[2 * i] + b[c] * weight[2 * i + 1]) >> 4);
  }
}

static void between_columns_u8(const int16_t *a, const int16_t *b, int wa, int wb, uint8_t *dst, size_t n) {
  for (size_t i = 0; i < n; i++) dst[i] = (uint8_t)((((a[i] * wa) >> 16) + ((b[i] * wb) >> 16) + 2) >> 2);
}

#define ADD_ROW(SUFFIX, T)                                                                                       \
  static void add_row_##SUFFIX(const T *src, float weight, int is_first, float *dst, size_t n) {                 \
    for (size_t i = 0; i < n; i++) dst[i] = is_first ? (float)src[i] * weight : dst[i] + (float)src[i] * weight; \
  }
ADD_ROW(u8, uint8_t)
ADD_ROW(f32, float)

static void cover_row_f32(const float *src, int channels, const intptr_t *start, const int32_t *index, const float *weight,
                          float *dst, size_t n) {
  for (size_t i = 0; i < n; i++) {
    for (int c = 0; c < channels; c++) {
      float sum = 0;
      for (intptr_t k = start[i]; k < start[i + 1]; k++) sum += src[index[k] * (ptrdiff_t)channels + c] * weight[k];
      *dst++ = sum;
    }
  }
}

#include "rows.inc"

const ck_image_kernels ck_image_kernels__scalar = {
    .level = "scalar",
    .exchange_u8 = exchange_u8,
    .to_hsv_u8 = ck_image_to_hsv_u8,
    .smooth_row_u8 = smooth_row_u8,
    .smooth_columns_u8 = smooth_columns_u8,
    .correlate_row_u8 = correlate_row_u8,
    .correlate_columns_s16 = correlate_columns_s16,
    .quotient_u8 = quotient_u8,
    .extreme_u8 = extreme_u8,
    .median_u8 = median_u8,
    .weigh_row_u8 = weigh_row_u8,
    .weigh_columns_u8 = weigh_columns_u8,
    .between_row_u8 = between_row_u8,
    .between_columns_u8 = between_columns_u8,
    .add_row_u8 = add_row_u8,
    .add_row_f32 = add_row_f32,
    .cover_row_f32 = cover_row_f32,
    .sample_linear_u8 = ck_image_sample_linear_u8,
    .add_weighted_u8 = add_weighted_u8,
    .affine_row = affine_row,
    .bitwise = bitwise,
    .box_columns = box_columns,
    .convert_f32_u8 = convert_f32_u8,
    .convert_s16_f32 = convert_s16_f32,
    .convert_u8_f32 = convert_u8_f32,
    .correlate_row_f32 = correlate_row_f32,
    .correlate_row_u8_f32 = correlate_row_u8_f32,
    .extreme_f32 = extreme_f32,
    .mark_inside = mark_inside,
    .normalize_u8 = normalize_u8,
    .reorder_f32 = reorder_f32,
    .reorder_u8 = reorder_u8,
    .resample_columns_f32 = resample_columns_f32,
    .resample_columns_u8 = resample_columns_u8,
    .scale_f32 = scale_f32,
    .scale_f32_s16 = scale_f32_s16,
    .scale_f32_u8 = scale_f32_u8,
    .scale_u8 = scale_u8,
    .scale_u8_f32 = scale_u8_f32,
    .threshold_f32 = threshold_f32,
    .threshold_u8 = threshold_u8,
    .to_gray_u8 = to_gray_u8,
};
