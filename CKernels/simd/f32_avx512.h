// Sixteen lanes with AVX-512 F, BW, DQ and VL. The names are explained in f32_scalar.h.
#include "../isa/isa.h"
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

CK_TARGET_AVX512

#define CK_FN(name) ck_##name##__avx512
#define F32V_LANES 16

typedef __m512 f32v;
typedef __mmask16 f32m;
typedef __m512i i32v;

static inline __mmask16 f32v_first(size_t n) { return (__mmask16)((1u << n) - 1); }
static inline f32v f32v_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void f32v_store(float *p, f32v v) { _mm512_storeu_ps(p, v); }
static inline f32v f32v_load_partial(const float *p, size_t n) { return _mm512_maskz_loadu_ps(f32v_first(n), p); }
static inline void f32v_store_partial(float *p, f32v v, size_t n) { _mm512_mask_storeu_ps(p, f32v_first(n), v); }
static inline f32v f32v_set1(float x) { return _mm512_set1_ps(x); }
static inline f32v f32v_add(f32v a, f32v b) { return _mm512_add_ps(a, b); }
static inline f32v f32v_sub(f32v a, f32v b) { return _mm512_sub_ps(a, b); }
static inline f32v f32v_mul(f32v a, f32v b) { return _mm512_mul_ps(a, b); }
static inline f32v f32v_div(f32v a, f32v b) { return _mm512_div_ps(a, b); }
static inline f32v f32v_fma(f32v a, f32v b, f32v c) { return _mm512_fmadd_ps(a, b, c); }
static inline f32v f32v_fnma(f32v a, f32v b, f32v c) { return _mm512_fnmadd_ps(a, b, c); }
static inline f32v f32v_max(f32v a, f32v b) { return _mm512_max_ps(a, b); }
static inline f32v f32v_min(f32v a, f32v b) { return _mm512_min_ps(a, b); }
static inline f32v f32v_permute(f32v a, i32v index) { return _mm512_permutexvar_ps(index, a); }
static inline f32v f32v_sqrt(f32v a) { return _mm512_sqrt_ps(a); }
static inline f32v f32v_floor(f32v a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
static inline f32v f32v_ceil(f32v a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC); }
static inline f32v f32v_trunc(f32v a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
static inline f32v f32v_round(f32v a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
static inline i32v f32v_bits(f32v a) { return _mm512_castps_si512(a); }
static inline f32v f32v_from_bits(i32v a) { return _mm512_castsi512_ps(a); }
static inline f32v f32v_and(f32v a, f32v b) { return _mm512_and_ps(a, b); }
static inline f32v f32v_or(f32v a, f32v b) { return _mm512_or_ps(a, b); }
static inline f32v f32v_xor(f32v a, f32v b) { return _mm512_xor_ps(a, b); }

static inline f32m f32v_eq(f32v a, f32v b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
static inline f32m f32v_ne(f32v a, f32v b) { return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ); }
static inline f32m f32v_lt(f32v a, f32v b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
static inline f32m f32v_le(f32v a, f32v b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
static inline f32v f32v_select(f32m m, f32v a, f32v b) { return _mm512_mask_blend_ps(m, b, a); }
static inline f32v f32v_first_of(size_t n, f32v a, f32v b) { return _mm512_mask_blend_ps(f32v_first(n), b, a); }
static inline void f32m_store_u8(uint8_t *p, f32m m) { _mm_storeu_si128((__m128i *)p, _mm_maskz_set1_epi8(m, 1)); }
static inline bool f32m_any(f32m m) { return m != 0; }

static inline i32v i32v_set1(int32_t x) { return _mm512_set1_epi32(x); }
static inline i32v i32v_add(i32v a, i32v b) { return _mm512_add_epi32(a, b); }
static inline i32v i32v_sub(i32v a, i32v b) { return _mm512_sub_epi32(a, b); }
static inline i32v i32v_and(i32v a, i32v b) { return _mm512_and_si512(a, b); }
static inline i32v i32v_shl(i32v a, int n) { return _mm512_slli_epi32(a, (unsigned)n); }
static inline i32v i32v_sra(i32v a, int n) { return _mm512_srai_epi32(a, (unsigned)n); }
static inline i32v i32v_from_f32(f32v a) { return _mm512_cvtps_epi32(a); }
static inline f32v i32v_to_f32(i32v a) { return _mm512_cvtepi32_ps(a); }

static inline float f32v_sum(f32v a) { return _mm512_reduce_add_ps(a); }
static inline float f32v_max_lanes(f32v a) { return _mm512_reduce_max_ps(a); }
static inline float f32v_min_lanes(f32v a) { return _mm512_reduce_min_ps(a); }

static inline void f32v_transpose(f32v *rows) {
  f32v t[16];
  for (int i = 0; i < 16; i += 4) {
    __m512 a = _mm512_unpacklo_ps(rows[i], rows[i + 1]), b = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
    __m512 c = _mm512_unpacklo_ps(rows[i + 2], rows[i + 3]), d = _mm512_unpackhi_ps(rows[i + 2], rows[i + 3]);
    t[i] = _mm512_shuffle_ps(a, c, 0x44);
    t[i + 1] = _mm512_shuffle_ps(a, c, 0xee);
    t[i + 2] = _mm512_shuffle_ps(b, d, 0x44);
    t[i + 3] = _mm512_shuffle_ps(b, d, 0xee);
  }
  // t[4 g + j] holds, in its 128-bit quarter q, column 4 q + j of rows 4 g ... 4 g + 3.
  for (int j = 0; j < 4; ++j) {
    __m512 a = _mm512_shuffle_f32x4(t[j], t[j + 4], 0x88), b = _mm512_shuffle_f32x4(t[j + 8], t[j + 12], 0x88);
    __m512 c = _mm512_shuffle_f32x4(t[j], t[j + 4], 0xdd), d = _mm512_shuffle_f32x4(t[j + 8], t[j + 12], 0xdd);
    rows[j] = _mm512_shuffle_f32x4(a, b, 0x88);
    rows[j + 8] = _mm512_shuffle_f32x4(a, b, 0xdd);
    rows[j + 4] = _mm512_shuffle_f32x4(c, d, 0x88);
    rows[j + 12] = _mm512_shuffle_f32x4(c, d, 0xdd);
  }
}

static inline f32v f32v_load_f16(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
static inline void f32v_store_f16(uint16_t *p, f32v v) {
  _mm256_storeu_si256((__m256i *)p, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
