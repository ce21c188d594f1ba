/// Linear quantization: float32 to and from 8-bit integers. Conventions: `ckernels_layout.h`.
#ifndef CKERNELS_QUANTIZE_H
#define CKERNELS_QUANTIZE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How numbers are quantized: `q(x) = clamp(round(x / scale) + zero, low, high)`, halves to even, NaN to `low`.
typedef struct ck_quantization {
  float scale, zero;  ///< `zero` is a whole number
  float low, high;    ///< within what the type holds
} ck_quantization;

/// `y[o, k, i] = q(x[o, k, i])` with `quantization[k]`, for `x: [outer, channels, inner]`. `y` holds `int8_t` if `is_signed`,
/// else `uint8_t`.
void ck_f32_quantize(uint32_t isa, int is_signed, size_t outer, size_t channels, size_t inner,
                     const ck_quantization *quantization, const float *x, void *y, int threads);

/// `y[o, k, i] = (x[o, k, i] - zero) * scale`. `x` holds `int8_t` if `is_signed`, else `uint8_t`.
void ck_f32_dequantize(uint32_t isa, int is_signed, size_t outer, size_t channels, size_t inner,
                       const ck_quantization *quantization, const void *x, float *y, int threads);

/// What is left of floats that were quantized: `y = (q(x) - zero) * scale`. `y` may be `x`.
void ck_f32_fake_quantize(uint32_t isa, ck_quantization quantization, size_t n, const float *x, float *y, int threads);

#ifdef __cplusplus
}
#endif

#endif
