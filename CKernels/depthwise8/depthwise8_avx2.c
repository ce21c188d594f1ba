#if defined(__x86_64__)
#include <immintrin.h>

#include "../isa/isa.h"
#include "kernels.h"

enum { GROUP = 16 };

/// Sums are held as 0-3 8-11 | 4-7 12-15, which packing puts into order.
size_t ck_depthwise8_place__avx2(size_t channel) { return channel / 4 % 2 * 8 + channel / 8 * 4 + channel % 4; }

/// Words, of two taps side by side, in the order of the sums.
void ck_depthwise8_put__avx2(void *weights, size_t kh, size_t kw, size_t channel, size_t ky, size_t kx, int8_t weight) {
  (void)kh;
  const size_t tap = ky * kw + kx;
  ((int16_t *)weights)[tap / 2 * 2 * GROUP + ck_depthwise8_place__avx2(channel) * 2 + tap % 2] = weight;
}

CK_TARGET_AVX2

CK_INLINE __m256i rescaled(__m256i sum, __m256 scale, __m256 shift) {
  return _mm256_cvtps_epi32(_mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), scale, shift));
}

CK_INLINE __m256i words(const uint8_t *pixel) { return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)pixel)); }

void ck_depthwise8_row__avx2(const ck_depthwise8_row *row) {
  const ck_u8s8_depthwise_args *a = row->args;
  const size_t taps = a->kh * a->kw, bytes = GROUP * CK_DEPTHWISE8_HEAD + 64 * ((taps + 1) / 2);
  const __m256i zero = _mm256_set1_epi16((short)a->zero);
  const __m128i low = _mm_set1_epi8((char)a->low), high = _mm_set1_epi8((char)a->high);
  for (size_t ox = 0; ox < a->ow; ++ox) {
    const uint8_t *const *window = ck_depthwise8_window(row, ox);
    const uint8_t *group = a->weights;
    for (size_t c = 0; c < a->channels; c += GROUP, group += bytes) {
      const float *scale = (const float *)(group + 4 * GROUP), *shift = (const float *)(group + 8 * GROUP);
      const __m256i *weights = (const __m256i *)(group + GROUP * CK_DEPTHWISE8_HEAD);
      __m256i sum0 = _mm256_load_si256((const __m256i *)group), sum1 = _mm256_load_si256((const __m256i *)group + 1);
      for (size_t tap = 0; tap < taps; tap += 2, weights += 2) {
        const __m256i first = words(window[tap] + c);
        const __m256i second = tap + 1 < taps ? words(window[tap + 1] + c) : first;  // by a weight of zero
        sum0 = _mm256_add_epi32(sum0, _mm256_madd_epi16(_mm256_unpacklo_epi16(first, second), _mm256_load_si256(weights)));
        sum1 = _mm256_add_epi32(sum1, _mm256_madd_epi16(_mm256_unpackhi_epi16(first, second), _mm256_load_si256(weights + 1)));
      }
      const __m256i low_words = rescaled(sum0, _mm256_load_ps(scale), _mm256_load_ps(shift));
      const __m256i high_words = rescaled(sum1, _mm256_load_ps(scale + 8), _mm256_load_ps(shift + 8));
      const __m256i q = _mm256_adds_epi16(_mm256_packs_epi32(low_words, high_words), zero);
      const __m128i y = _mm_packus_epi16(_mm256_castsi256_si128(q), _mm256_extracti128_si256(q, 1));
      _mm_storeu_si128((__m128i *)(row->out + ox * a->channels + c), _mm_min_epu8(_mm_max_epu8(y, low), high));
    }
  }
}

CK_TARGET_END
#endif
