#if defined(__x86_64__)
#include "form.h"

#include "../simd/f32_avx2.h"

enum { NR = 16 };

#include "finish.h"

CK_TARGET_END
CK_TARGET_AVXVNNI

#define MOST_ROWS 6
enum { MR = 6, KR = 4 };

CK_INLINE void step_codes(const uint8_t *b, const ck_narrow_form form, const int u, __m256i bv[2]) {
#pragma clang loop unroll(full)
  for (int v = 0; v < 2; ++v) {
    const __m256i *at = (const __m256i *)(b + (form == CK_NARROW_3 ? u / 4 * NR * KR : 0) + 32 * v);
    const __m256i x = _mm256_load_si256(at);
    if (form == CK_NARROW_8) {
      bv[v] = x;
    } else if (form == CK_NARROW_4) {
      bv[v] = _mm256_and_si256(u ? _mm256_srli_epi16(x, 4) : x, _mm256_set1_epi8(15));
    } else {
      bv[v] = _mm256_and_si256(_mm256_srli_epi16(x, 2 * (u % 4)), _mm256_set1_epi8(3));
      if (form == CK_NARROW_3) {
        const __m256i y = _mm256_load_si256((const __m256i *)(b + 2 * NR * KR + 32 * v));
        const __m256i moved = u < 2 ? _mm256_slli_epi16(y, 2 - u) : _mm256_srli_epi16(y, u - 2);
        bv[v] = _mm256_or_si256(bv[v], _mm256_and_si256(moved, _mm256_set1_epi8(4)));
      }
    }
  }
}

CK_INLINE __m256i multiply(__m256i acc, __m256i a, __m256i b) { return _mm256_dpbusd_avx_epi32(acc, a, b); }

#include "ymm_tile.h"

void ck_narrow8_6x16__avxvnni(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_8); }
void ck_narrow4_6x16__avxvnni(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_4); }
void ck_narrow3_6x16__avxvnni(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_3); }
void ck_narrow2_6x16__avxvnni(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_2); }

CK_TARGET_END
#endif
