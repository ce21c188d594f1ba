#include "ckernels_peak.h"

#include "ckernels_cpu.h"

// Twelve chains cover the latency (4 cycles) of two units. The barrier keeps the compiler from folding the rounds.
#define CK_PEAK(name, target_text, vector_bytes)                                \
  target_text static uint64_t name(uint64_t rounds, float *sink) {              \
    typedef float vec __attribute__((vector_size(vector_bytes)));               \
    vec acc[12];                                                                \
    vec a = (vec){0} + 0.999f, b = (vec){0} + 1e-3f;                            \
    for (int i = 0; i < 12; ++i) acc[i] = (vec){0} + (float)i;                  \
    for (uint64_t r = 0; r < rounds; ++r)                                       \
      for (int i = 0; i < 12; ++i) acc[i] = acc[i] * a + b;                     \
    vec sum = acc[0];                                                           \
    for (int i = 1; i < 12; ++i) sum += acc[i];                                 \
    for (unsigned i = 0; i < vector_bytes / 4 && i < 16; ++i) sink[i] = sum[i]; \
    return rounds * 12 * 2 * (vector_bytes / 4);                                \
  }

#pragma clang fp contract(fast)
CK_PEAK(peak_scalar, , 16)
#if defined(__x86_64__)
CK_PEAK(peak_avx2, __attribute__((target("avx2,fma"))), 32)
CK_PEAK(peak_avx512, __attribute__((target("avx512f"))), 64)
#endif

uint64_t ck_f32_peak(uint32_t isa, uint64_t rounds, float *sink) {
#if defined(__x86_64__)
  if (isa & CK_ISA_AVX512) return peak_avx512(rounds, sink);
  if (isa & CK_ISA_AVX2) return peak_avx2(rounds, sink);
#endif
  (void)isa;
  return peak_scalar(rounds, sink);
}

float ck_f32_stream(uint32_t isa, const float *x, size_t count) {
  (void)isa;
  float sum[16] = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int j = 0; j < 16; ++j) sum[j] += x[i + j];
  float total = 0;
  for (; i < count; ++i) total += x[i];
  for (int j = 0; j < 16; ++j) total += sum[j];
  return total;
}
