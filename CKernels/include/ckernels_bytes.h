/// Images of bytes `[n, area, pixel]`, one quantized value per channel: made of floats and of other layouts, added, averaged.
///
/// `pixel`, the bytes of a pixel, is at least `channels`; bytes past them are written as zero and never read. Every level gives
/// the same bits.
#ifndef CKERNELS_BYTES_H
#define CKERNELS_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "ckernels_quantize.h"

#ifdef __cplusplus
extern "C" {
#endif

/// `y[n, p, c] = q(x[n, c, p])`, from floats.
void ck_f32_quantize_image(uint32_t isa, ck_quantization quantization, size_t n, size_t channels, size_t area, size_t pixel,
                           const float *x, uint8_t *y, int threads);

/// `y[n, c, p] = (x[n, p, c] - zero) * scale`, to floats.
void ck_f32_dequantize_image(uint32_t isa, float scale, float zero, size_t n, size_t channels, size_t area, size_t pixel,
                             const uint8_t *x, float *y, int threads);

/// `y[n, p, c] = x[n, c, p] ^ flip`.
void ck_u8_planes_to_image(uint8_t flip, size_t n, size_t channels, size_t area, size_t pixel, const uint8_t *x, uint8_t *y,
                           int threads);

/// `y[n, c, p] = x[n, p, c] ^ flip`.
void ck_u8_image_to_planes(uint8_t flip, size_t n, size_t channels, size_t area, size_t pixel, const uint8_t *x, uint8_t *y,
                           int threads);

/// `(byte - zero) * scale`.
typedef struct ck_byte_operand {
  float scale, zero;
} ck_byte_operand;

/// `y = clamp(round(a' + b') + zero, low, high)`, halves to even, of `a' = (a - a.zero) * a.scale`: scales in steps of the
/// result. `y` may be `a` or `b`.
typedef struct ck_byte_sum {
  ck_byte_operand a, b;
  float zero, low, high;
} ck_byte_sum;
void ck_u8_add(uint32_t isa, const ck_byte_sum *sum, size_t n, const uint8_t *a, const uint8_t *b, uint8_t *y, int threads);

/// `y[n, c] = clamp(round((sum over p: x[n, p, c] - area * x_zero) * scale) + zero, low, high)`. `area` is below 2^23.
typedef struct ck_byte_mean {
  int32_t x_zero;
  float scale, zero, low, high;
} ck_byte_mean;
void ck_u8_mean(uint32_t isa, const ck_byte_mean *mean, size_t n, size_t area, size_t pixel, const uint8_t *x, uint8_t *y,
                int threads);

#ifdef __cplusplus
}
#endif

#endif
