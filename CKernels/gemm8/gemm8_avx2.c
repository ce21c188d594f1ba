#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../isa/isa.h"
#include "ckernels_gemm8.h"

CK_TARGET_AVX2

enum { MR = 6, NR = 16, STEPS_PER_FOUR = 2, STEP_BYTES = 2 * NR };

CK_INLINE void load_weights(const int8_t *b, __m256i bv[2]) {
  bv[0] = _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)b));
  bv[1] = _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)(b + 16)));
}

/// Words, as sums of two products of bytes do not fit into sixteen bits.
CK_INLINE __m256i multiply(__m256i acc, __m256i a, __m256i b) { return _mm256_add_epi32(acc, _mm256_madd_epi16(a, b)); }

#include "ymm_tile.h"

void ck_u8s8_gemm_6x16c2__avx2(const ck_u8s8_gemm_tile *t) { tile_of_rows(t); }

CK_TARGET_END
#endif
