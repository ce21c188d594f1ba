#pragma once
#include <stddef.h>
#include <stdint.h>

/// Color spaces of OpenCV's cvtColor on `n` pixels. `scn`, `dcn` are 3 or 4 on the side of RGB and 3 on the other; `blue` is the
/// index of the blue channel, 0 or 2. Bytes use OpenCV's ranges; floats are 0...1 for RGB.

/// Luma and color differences: Y'CrCb (`is_yuv` 0) or Y'UV.
void ck_image_to_ycc_u8(const uint8_t *src, int scn, int blue, int is_yuv, uint8_t *dst, size_t n);
void ck_image_to_ycc_f32(const float *src, int scn, int blue, int is_yuv, float *dst, size_t n);
void ck_image_from_ycc_u8(const uint8_t *src, int is_yuv, uint8_t *dst, int dcn, int blue, size_t n);
void ck_image_from_ycc_f32(const float *src, int is_yuv, float *dst, int dcn, int blue, size_t n);

/// CIE XYZ of linear RGB, D65.
void ck_image_to_xyz_u8(const uint8_t *src, int scn, int blue, uint8_t *dst, size_t n);
void ck_image_to_xyz_f32(const float *src, int scn, int blue, float *dst, size_t n);
void ck_image_from_xyz_u8(const uint8_t *src, uint8_t *dst, int dcn, int blue, size_t n);
void ck_image_from_xyz_f32(const float *src, float *dst, int dcn, int blue, size_t n);

/// Hue, saturation, value. `range` is what a full turn of hue is: 180 or 256 for bytes, 360 for floats.
void ck_image_to_hsv_u8(const uint8_t *src, int scn, int blue, int range, uint8_t *dst, size_t n);
void ck_image_to_hsv_f32(const float *src, int scn, int blue, float range, float *dst, size_t n);
void ck_image_from_hsv_u8(const uint8_t *src, int range, uint8_t *dst, int dcn, int blue, size_t n);
void ck_image_from_hsv_f32(const float *src, float range, float *dst, int dcn, int blue, size_t n);

/// Hue, lightness, saturation.
void ck_image_to_hls_u8(const uint8_t *src, int scn, int blue, int range, uint8_t *dst, size_t n);
void ck_image_to_hls_f32(const float *src, int scn, int blue, float range, float *dst, size_t n);
void ck_image_from_hls_u8(const uint8_t *src, int range, uint8_t *dst, int dcn, int blue, size_t n);
void ck_image_from_hls_f32(const float *src, float range, float *dst, int dcn, int blue, size_t n);

/// CIE L*a*b* and L*u*v*, D65; `is_srgb` says that RGB is gamma-coded rather than linear.
enum { CK_IMAGE_LAB_ROOTS = 256 * 3 / 2 * 8 };

/// What bytes are as light, exactly and with 3 bits of fraction, and roots of the latter with 15.
typedef struct {
  float light[256];
  uint16_t coarse[256], root[CK_IMAGE_LAB_ROOTS];
} ck_image_lab_tables;
void ck_image_fill_lab_tables(ck_image_lab_tables *tables, int is_srgb);

void ck_image_to_lab_u8(const uint8_t *src, int scn, int blue, const ck_image_lab_tables *tables, uint8_t *dst, size_t n);
void ck_image_to_lab_f32(const float *src, int scn, int blue, int is_srgb, float *dst, size_t n);
void ck_image_from_lab_u8(const uint8_t *src, int is_srgb, uint8_t *dst, int dcn, int blue, size_t n);
void ck_image_from_lab_f32(const float *src, int is_srgb, float *dst, int dcn, int blue, size_t n);
void ck_image_to_luv_u8(const uint8_t *src, int scn, int blue, const ck_image_lab_tables *tables, uint8_t *dst, size_t n);
void ck_image_to_luv_f32(const float *src, int scn, int blue, int is_srgb, float *dst, size_t n);
void ck_image_from_luv_u8(const uint8_t *src, int is_srgb, uint8_t *dst, int dcn, int blue, size_t n);
void ck_image_from_luv_f32(const float *src, int is_srgb, float *dst, int dcn, int blue, size_t n);
