#if defined(__x86_64__)
#include <immintrin.h>

#include "../isa/isa.h"
#include "ckernels_gemm.h"

CK_TARGET_AVX2

enum { MR = 6, NR = 16, LANES = 8 };
typedef __m256 vec;

CK_INLINE __m256i v_first(size_t n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
CK_INLINE vec v_zero(void) { return _mm256_setzero_ps(); }
CK_INLINE vec v_set1(float x) { return _mm256_set1_ps(x); }
CK_INLINE vec v_load(const float *p) { return _mm256_loadu_ps(p); }
CK_INLINE vec v_load_n(const float *p, size_t n) { return _mm256_maskload_ps(p, v_first(n)); }
CK_INLINE void v_store(float *p, vec x) { _mm256_storeu_ps(p, x); }
CK_INLINE void v_store_n(float *p, vec x, size_t n) { _mm256_maskstore_ps(p, v_first(n), x); }
CK_INLINE vec v_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
CK_INLINE vec v_add(vec a, vec b) { return _mm256_add_ps(a, b); }
CK_INLINE vec v_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
CK_INLINE vec v_min(vec a, vec b) { return _mm256_min_ps(a, b); }
CK_INLINE vec v_max(vec a, vec b) { return _mm256_max_ps(a, b); }

#include "f32_tile.h"

TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)

void ck_f32_gemm_6x16__avx2(const ck_f32_gemm_tile *t) {
  static ck_f32_gemm_kernel *const tiles[MR][2] = {
    TILE_PAIR(1), TILE_PAIR(2), TILE_PAIR(3), TILE_PAIR(4), TILE_PAIR(5), TILE_PAIR(6),
  };
  run_tile(t, tiles[t->rows - 1][t->columns > LANES]);
}

CK_TARGET_END
#endif
