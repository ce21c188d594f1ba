// Eight lanes with AVX2, FMA3 and F16C. The names are explained in f32_scalar.h.
#include "../isa/isa.h"
#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

CK_TARGET_AVX2

#define CK_FN(name) ck_##name##__avx2
#define F32V_LANES 8

typedef __m256 f32v;
typedef __m256 f32m;
typedef __m256i i32v;

static const int32_t f32v_mask_table[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

static inline __m256i f32v_first(size_t n) { return _mm256_loadu_si256((const __m256i *)(f32v_mask_table + 8 - n)); }
static inline f32v f32v_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void f32v_store(float *p, f32v v) { _mm256_storeu_ps(p, v); }
static inline f32v f32v_load_partial(const float *p, size_t n) { return _mm256_maskload_ps(p, f32v_first(n)); }
static inline void f32v_store_partial(float *p, f32v v, size_t n) { _mm256_maskstore_ps(p, f32v_first(n), v); }
static inline f32v f32v_set1(float x) { return _mm256_set1_ps(x); }
static inline f32v f32v_add(f32v a, f32v b) { return _mm256_add_ps(a, b); }
static inline f32v f32v_sub(f32v a, f32v b) { return _mm256_sub_ps(a, b); }
static inline f32v f32v_mul(f32v a, f32v b) { return _mm256_mul_ps(a, b); }
static inline f32v f32v_div(f32v a, f32v b) { return _mm256_div_ps(a, b); }
static inline f32v f32v_fma(f32v a, f32v b, f32v c) { return _mm256_fmadd_ps(a, b, c); }
static inline f32v f32v_fnma(f32v a, f32v b, f32v c) { return _mm256_fnmadd_ps(a, b, c); }
static inline f32v f32v_max(f32v a, f32v b) { return _mm256_max_ps(a, b); }
static inline f32v f32v_min(f32v a, f32v b) { return _mm256_min_ps(a, b); }
static inline f32v f32v_permute(f32v a, i32v index) { return _mm256_permutevar8x32_ps(a, index); }
static inline f32v f32v_sqrt(f32v a) { return _mm256_sqrt_ps(a); }
static inline f32v f32v_floor(f32v a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
static inline f32v f32v_ceil(f32v a) { return _mm256_round_ps(a, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC); }
static inline f32v f32v_trunc(f32v a) { return _mm256_round_ps(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); }
static inline f32v f32v_round(f32v a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
static inline i32v f32v_bits(f32v a) { return _mm256_castps_si256(a); }
static inline f32v f32v_from_bits(i32v a) { return _mm256_castsi256_ps(a); }
static inline f32v f32v_and(f32v a, f32v b) { return _mm256_and_ps(a, b); }
static inline f32v f32v_or(f32v a, f32v b) { return _mm256_or_ps(a, b); }
static inline f32v f32v_xor(f32v a, f32v b) { return _mm256_xor_ps(a, b); }

static inline f32m f32v_eq(f32v a, f32v b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
static inline f32m f32v_ne(f32v a, f32v b) { return _mm256_cmp_ps(a, b, _CMP_NEQ_UQ); }
static inline f32m f32v_lt(f32v a, f32v b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
static inline f32m f32v_le(f32v a, f32v b) { return _mm256_cmp_ps(a, b, _CMP_LE_OQ); }
static inline f32v f32v_select(f32m m, f32v a, f32v b) { return _mm256_blendv_ps(b, a, m); }
static inline f32v f32v_first_of(size_t n, f32v a, f32v b) { return _mm256_blendv_ps(b, a, _mm256_castsi256_ps(f32v_first(n))); }
static inline void f32m_store_u8(uint8_t *p, f32m m) {
  __m256i word = _mm256_srli_epi32(_mm256_castps_si256(m), 31);
  __m128i half = _mm_packs_epi32(_mm256_castsi256_si128(word), _mm256_extracti128_si256(word, 1));
  _mm_storel_epi64((__m128i *)p, _mm_packus_epi16(half, half));
}
static inline bool f32m_any(f32m m) { return _mm256_movemask_ps(m) != 0; }

static inline i32v i32v_set1(int32_t x) { return _mm256_set1_epi32(x); }
static inline i32v i32v_add(i32v a, i32v b) { return _mm256_add_epi32(a, b); }
static inline i32v i32v_sub(i32v a, i32v b) { return _mm256_sub_epi32(a, b); }
static inline i32v i32v_and(i32v a, i32v b) { return _mm256_and_si256(a, b); }
static inline i32v i32v_shl(i32v a, int n) { return _mm256_slli_epi32(a, n); }
static inline i32v i32v_sra(i32v a, int n) { return _mm256_srai_epi32(a, n); }
static inline i32v i32v_from_f32(f32v a) { return _mm256_cvtps_epi32(a); }
static inline f32v i32v_to_f32(i32v a) { return _mm256_cvtepi32_ps(a); }

static inline float f32v_sum(f32v a) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
static inline float f32v_max_lanes(f32v a) {
  __m128 s = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  s = _mm_max_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}
static inline float f32v_min_lanes(f32v a) {
  __m128 s = _mm_min_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  s = _mm_min_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_min_ss(s, _mm_movehdup_ps(s)));
}

static inline void f32v_transpose(f32v *rows) {
  f32v t[8];
  for (int i = 0; i < 8; i += 4) {
    __m256 a = _mm256_unpacklo_ps(rows[i], rows[i + 1]), b = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
    __m256 c = _mm256_unpacklo_ps(rows[i + 2], rows[i + 3]), d = _mm256_unpackhi_ps(rows[i + 2], rows[i + 3]);
    t[i] = _mm256_shuffle_ps(a, c, 0x44);
    t[i + 1] = _mm256_shuffle_ps(a, c, 0xee);
    t[i + 2] = _mm256_shuffle_ps(b, d, 0x44);
    t[i + 3] = _mm256_shuffle_ps(b, d, 0xee);
  }
  for (int i = 0; i < 4; ++i) {
    rows[i] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x20);
    rows[i + 4] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x31);
  }
}

static inline f32v f32v_load_f16(const uint16_t *p) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)); }
static inline void f32v_store_f16(uint16_t *p, f32v v) {
  _mm_storeu_si128((__m128i *)p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
