#include "../include/ckernels_cpu.h"
#include "kernels.h"

// By digits of 8 bits, the last one first; a few keys are put in place one by one.
void ck_u32_sort__scalar(size_t n, uint32_t *keys, uint32_t *scratch) {
  if (n <= 32) {
    for (size_t i = 1; i < n; ++i) {
      uint32_t key = keys[i];
      size_t j = i;
      for (; j > 0 && keys[j - 1] > key; --j) keys[j] = keys[j - 1];
      keys[j] = key;
    }
    return;
  }
  for (int shift = 0; shift < 32; shift += 8) {
    size_t count[257] = {0};
    for (size_t i = 0; i < n; ++i) ++count[(keys[i] >> shift & 255) + 1];
    for (int d = 0; d < 256; ++d) count[d + 1] += count[d];
    for (size_t i = 0; i < n; ++i) scratch[count[keys[i] >> shift & 255]++] = keys[i];
    uint32_t *other = keys;
    keys = scratch;
    scratch = other;
  }
}

#define CK_FN(name) ck_##name##__scalar
#include "order_keys.h"
#undef CK_FN

void ck_u32_sort(uint32_t isa, size_t n, uint32_t *keys, uint32_t *scratch) {
#if defined(__x86_64__)
  if (isa & CK_ISA_AVX512) {
    ck_u32_sort__avx512(n, keys, scratch);
    return;
  }
#endif
  (void)isa;
  ck_u32_sort__scalar(n, keys, scratch);
}

void ck_f32_sort(uint32_t isa, size_t n, const float *x, float *sorted, uint32_t *scratch) {
  const uint32_t *bits = (const uint32_t *)x;
  uint32_t *keys = (uint32_t *)sorted;
#if defined(__x86_64__)
  if (isa & CK_ISA_AVX512) {
    ck_f32_to_keys__avx512(n, bits, keys);
    ck_u32_sort__avx512(n, keys, scratch);
    ck_f32_from_keys__avx512(n, keys);
    return;
  }
#endif
  (void)isa;
  ck_f32_to_keys__scalar(n, bits, keys);
  ck_u32_sort__scalar(n, keys, scratch);
  ck_f32_from_keys__scalar(n, keys);
}
