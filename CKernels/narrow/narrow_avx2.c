#if defined(__x86_64__)
#include "form.h"

#include "../simd/f32_avx2.h"

enum { NR = 16 };

#include "finish.h"

#define MOST_ROWS 4
enum { MR = 4, KR = 2 };

/// Sixteen bits each, as sums of two products of bytes do not fit into sixteen.
CK_INLINE void step_codes(const uint8_t *b, const ck_narrow_form form, const int u, __m256i bv[2]) {
#pragma clang loop unroll(full)
  for (int v = 0; v < 2; ++v) {
    __m128i x = _mm_load_si128((const __m128i *)(b + (form == CK_NARROW_3 ? u / 4 * NR * KR : 0) + 16 * v));
    if (form == CK_NARROW_4) {
      x = _mm_and_si128(u ? _mm_srli_epi16(x, 4) : x, _mm_set1_epi8(15));
    } else if (form != CK_NARROW_8) {
      x = _mm_and_si128(_mm_srli_epi16(x, 2 * (u % 4)), _mm_set1_epi8(3));
      if (form == CK_NARROW_3) {
        const __m128i y = _mm_load_si128((const __m128i *)(b + 2 * NR * KR + 16 * v));
        const __m128i moved = u < 2 ? _mm_slli_epi16(y, 2 - u) : _mm_srli_epi16(y, u - 2);
        x = _mm_or_si128(x, _mm_and_si128(moved, _mm_set1_epi8(4)));
      }
    }
    bv[v] = _mm256_cvtepi8_epi16(x);
  }
}

CK_INLINE __m256i multiply(__m256i acc, __m256i a, __m256i b) { return _mm256_add_epi32(acc, _mm256_madd_epi16(a, b)); }

#include "ymm_tile.h"

void ck_narrow8_4x16__avx2(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_8); }
void ck_narrow4_4x16__avx2(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_4); }
void ck_narrow3_4x16__avx2(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_3); }
void ck_narrow2_4x16__avx2(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_2); }

#include "../simd/end.h"
#endif
