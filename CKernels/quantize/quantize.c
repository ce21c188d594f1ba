#include "kernels.h"

void ck_f32_quantize(uint32_t isa, int is_signed, size_t outer, size_t channels, size_t inner,
                     const ck_quantization *quantization, const float *x, void *y, int threads) {
  const ck_quantize_kernels *kernels = CK_BEST_LEVEL(quantize, isa);
  size_t rows = outer * channels;
  if (channels == 1) {
    size_t n = outer * inner;
    int team = ck_team(threads, n, 1 << 15);
    CK_PARALLEL(part, team, {
      size_t k = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);
      kernels->f32_quantize_row(is_signed, end - k, quantization[0], x + k, (uint8_t *)y + k);
    });
    return;
  }
  int team = ck_team(threads, rows * inner, 1 << 15);
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(rows, team, part), end = ck_part(rows, team, part + 1); k < end; ++k)
      kernels->f32_quantize_row(is_signed, inner, quantization[k % channels], x + k * inner, (uint8_t *)y + k * inner);
  });
}

void ck_f32_dequantize(uint32_t isa, int is_signed, size_t outer, size_t channels, size_t inner,
                       const ck_quantization *quantization, const void *x, float *y, int threads) {
  const ck_quantize_kernels *kernels = CK_BEST_LEVEL(quantize, isa);
  if (channels == 1) {
    inner *= outer;
    outer = 1;
  }
  size_t rows = outer * channels;
  int team = ck_team(threads, rows * inner, 1 << 15);
  if (rows == 1) {
    CK_PARALLEL(part, team, {
      size_t k = ck_part64(inner, team, part), end = ck_part64(inner, team, part + 1);
      kernels->f32_dequantize_row(is_signed, end - k, quantization[0], (const uint8_t *)x + k, y + k);
    });
    return;
  }
  CK_PARALLEL(part, team, {
    for (size_t k = ck_part(rows, team, part), end = ck_part(rows, team, part + 1); k < end; ++k)
      kernels->f32_dequantize_row(is_signed, inner, quantization[k % channels], (const uint8_t *)x + k * inner, y + k * inner);
  });
}

void ck_f32_fake_quantize(uint32_t isa, ck_quantization quantization, size_t n, const float *x, float *y, int threads) {
  const ck_quantize_kernels *kernels = CK_BEST_LEVEL(quantize, isa);
  int team = ck_team(threads, n, 1 << 15);
  CK_PARALLEL(part, team, {
    size_t k = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);
    kernels->f32_fake_quantize_row(end - k, quantization, x + k, y + k);
  });
}
