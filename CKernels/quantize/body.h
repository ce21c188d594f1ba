// Quantization over any f32_<isa>.h.
#include "kernels.h"

static inline f32v quantized(f32v x, ck_quantization q) {
  f32v v = f32v_add(f32v_round(f32v_div(x, f32v_set1(q.scale))), f32v_set1(q.zero));
  f32v low = f32v_set1(q.low);
  // A comparison with NaN does not hold.
  return f32v_min(f32v_select(f32v_lt(low, v), v, low), f32v_set1(q.high));
}

static void CK_FN(f32_quantize_row)(int is_signed, size_t n, ck_quantization q, const float *x, void *y) {
  float part[64];
  for (size_t i = 0; i < n; i += 64) {
    size_t count = n - i < 64 ? n - i : 64, k = 0;
    for (; k + F32V_LANES <= count; k += F32V_LANES) f32v_store(part + k, quantized(f32v_load(x + i + k), q));
    if (k < count) f32v_store_partial(part + k, quantized(f32v_load_partial(x + i + k, count - k), q), count - k);
    if (is_signed)
      for (k = 0; k < count; ++k) ((int8_t *)y)[i + k] = (int8_t)(int32_t)part[k];
    else
      for (k = 0; k < count; ++k) ((uint8_t *)y)[i + k] = (uint8_t)(int32_t)part[k];
  }
}

static void CK_FN(f32_dequantize_row)(int is_signed, size_t n, ck_quantization q, const void *x, float *y) {
  if (is_signed)
    for (size_t i = 0; i < n; ++i) y[i] = ((float)((const int8_t *)x)[i] - q.zero) * q.scale;
  else
    for (size_t i = 0; i < n; ++i) y[i] = ((float)((const uint8_t *)x)[i] - q.zero) * q.scale;
}

static void CK_FN(f32_fake_quantize_row)(size_t n, ck_quantization q, const float *x, float *y) {
  f32v zero = f32v_set1(q.zero), scale = f32v_set1(q.scale);
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) f32v_store(y + i, f32v_mul(f32v_sub(quantized(f32v_load(x + i), q), zero), scale));
  if (i < n) f32v_store_partial(y + i, f32v_mul(f32v_sub(quantized(f32v_load_partial(x + i, n - i), q), zero), scale), n - i);
}

const ck_quantize_kernels CK_FN(quantize) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "quantize.inc"
#undef CK_KERNEL
};
