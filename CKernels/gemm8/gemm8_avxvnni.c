#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../isa/isa.h"
#include "ckernels_gemm8.h"

CK_TARGET_AVXVNNI

enum { MR = 6, NR = 16, STEPS_PER_FOUR = 1, STEP_BYTES = 4 * NR };

CK_INLINE void load_weights(const int8_t *b, __m256i bv[2]) {
  bv[0] = _mm256_load_si256((const __m256i *)b);
  bv[1] = _mm256_load_si256((const __m256i *)(b + 32));
}

CK_INLINE __m256i multiply(__m256i acc, __m256i a, __m256i b) { return _mm256_dpbusd_avx_epi32(acc, a, b); }

#include "ymm_tile.h"

void ck_u8s8_gemm_6x16c4__avxvnni(const ck_u8s8_gemm_tile *t) { tile_of_rows(t); }

CK_TARGET_END
#endif
