#if defined(__x86_64__)
#include <immintrin.h>

#include "../isa/isa.h"
#include "ckernels_gemm.h"

CK_TARGET_AVX512

enum { MR = 14, NR = 32, LANES = 16 };
typedef __m512 vec;

CK_INLINE __mmask16 v_first(size_t n) { return (__mmask16)((1u << n) - 1); }
CK_INLINE vec v_zero(void) { return _mm512_setzero_ps(); }
CK_INLINE vec v_set1(float x) { return _mm512_set1_ps(x); }
CK_INLINE vec v_load(const float *p) { return _mm512_loadu_ps(p); }
CK_INLINE vec v_load_n(const float *p, size_t n) { return _mm512_maskz_loadu_ps(v_first(n), p); }
CK_INLINE void v_store(float *p, vec x) { _mm512_storeu_ps(p, x); }
CK_INLINE void v_store_n(float *p, vec x, size_t n) { _mm512_mask_storeu_ps(p, v_first(n), x); }
CK_INLINE vec v_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
CK_INLINE vec v_add(vec a, vec b) { return _mm512_add_ps(a, b); }
CK_INLINE vec v_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
CK_INLINE vec v_min(vec a, vec b) { return _mm512_min_ps(a, b); }
CK_INLINE vec v_max(vec a, vec b) { return _mm512_max_ps(a, b); }

#include "f32_tile.h"

TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12) TILE(13) TILE(14)

void ck_f32_gemm_14x32__avx512(const ck_f32_gemm_tile *t) {
  static ck_f32_gemm_kernel *const tiles[MR][2] = {
    TILE_PAIR(1), TILE_PAIR(2), TILE_PAIR(3),  TILE_PAIR(4),  TILE_PAIR(5),  TILE_PAIR(6),  TILE_PAIR(7),
    TILE_PAIR(8), TILE_PAIR(9), TILE_PAIR(10), TILE_PAIR(11), TILE_PAIR(12), TILE_PAIR(13), TILE_PAIR(14),
  };
  run_tile(t, tiles[t->rows - 1][t->columns > LANES]);
}

CK_TARGET_END
#endif
