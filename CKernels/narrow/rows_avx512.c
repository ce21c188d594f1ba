#if defined(__x86_64__)
#include "rows.h"

#include "../simd/f32_avx512.h"

static inline void put_bytes(uint8_t *y, f32v v) { _mm_storeu_si128((__m128i *)y, _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(v))); }

static inline void put_halves(uint16_t *y, f32v v) {
  const __m512i bits = _mm512_castps_si512(v), high = _mm512_srli_epi32(bits, 16);
  const __m512i odd = _mm512_and_si512(high, _mm512_set1_epi32(1));
  const __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff))), 16);
  const __mmask16 nan = _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q);
  const __m512i halves = _mm512_mask_or_epi32(rounded, nan, high, _mm512_set1_epi32(0x40));
  _mm256_storeu_si256((__m256i *)y, _mm512_cvtepi32_epi16(halves));
}

#include "rows_body.h"
#include "../simd/end.h"
#endif
