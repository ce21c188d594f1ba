#if defined(__x86_64__)
#include <immintrin.h>

#include "../isa/isa.h"
#include "kernels.h"

enum { GROUP = 64 };

/// Interleaving four lines leaves in vector j, lane l, the channels 16 l + 4 j on; packing puts them back into order.
size_t ck_depthwise8_place__avx512vnni(size_t channel) { return channel / 4 % 4 * 16 + channel / 16 * 4 + channel % 4; }

/// Bytes, of four lines side by side: `[four lines][kx][channel in its place][line]`.
void ck_depthwise8_put__avx512vnni(void *weights, size_t kh, size_t kw, size_t channel, size_t ky, size_t kx, int8_t weight) {
  (void)kh;
  ((int8_t *)weights)[((ky / 4 * kw + kx) * GROUP + ck_depthwise8_place__avx512vnni(channel)) * 4 + ky % 4] = weight;
}

CK_TARGET_AVX512VNNI

/// What one group of channels of a row needs.
typedef struct group {
  const uint8_t *const *lines;
  const size_t *steps;
  size_t c, w, kh;
  __mmask64 mask;
  __m512i padding;
  __m512i bias[4];
  __m512 scale[4], shift[4];
  const __m512i *weights;
} group;

CK_INLINE __m512i load(const group *g, size_t line, size_t x, const int is_whole) {
  const uint8_t *at = g->lines[line] + x * g->steps[line] + g->c;
  return is_whole ? _mm512_loadu_si512(at) : _mm512_maskz_loadu_epi8(g->mask, at);
}

/// Four lines, from `first` on, of column `x`, side by side. `count` of them are there: the others have weights of zero.
CK_INLINE void load_column(const group *g, size_t x, size_t first, const int count, const int is_whole, __m512i column[4]) {
  if (x >= g->w) {
    for (int i = 0; i < 4; ++i) column[i] = g->padding;
    return;
  }
  const __m512i a = load(g, first, x, is_whole);
  const __m512i b = count > 1 ? load(g, first + 1, x, is_whole) : a;
  const __m512i c = count > 2 ? load(g, first + 2, x, is_whole) : a;
  const __m512i d = count > 3 ? load(g, first + 3, x, is_whole) : c;
  const __m512i low_ab = _mm512_unpacklo_epi8(a, b), high_ab = _mm512_unpackhi_epi8(a, b);
  const __m512i low_cd = _mm512_unpacklo_epi8(c, d), high_cd = _mm512_unpackhi_epi8(c, d);
  column[0] = _mm512_unpacklo_epi16(low_ab, low_cd);
  column[1] = _mm512_unpackhi_epi16(low_ab, low_cd);
  column[2] = _mm512_unpacklo_epi16(high_ab, high_cd);
  column[3] = _mm512_unpackhi_epi16(high_ab, high_cd);
}

CK_INLINE void multiply(const group *g, size_t kx, const __m512i from[4], const __m512i column[4], __m512i to[4]) {
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; ++i) to[i] = _mm512_dpbusd_epi32(from[i], column[i], g->weights[4 * kx + (size_t)i]);
}

CK_INLINE void store(const group *g, const ck_u8s8_depthwise_args *a, const __m512i sum[4], uint8_t *out, const int is_whole,
                     const int clamps) {
  __m512i q[4];
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; ++i) q[i] = _mm512_cvtps_epi32(_mm512_fmadd_ps(_mm512_cvtepi32_ps(sum[i]), g->scale[i], g->shift[i]));
  __m512i low = _mm512_packs_epi32(q[0], q[1]), high = _mm512_packs_epi32(q[2], q[3]);
  if (clamps) {
    const __m512i zero = _mm512_set1_epi16((short)a->zero);
    low = _mm512_adds_epi16(low, zero);
    high = _mm512_adds_epi16(high, zero);
  }
  __m512i y = _mm512_packus_epi16(low, high);
  if (clamps) y = _mm512_min_epu8(_mm512_max_epu8(y, _mm512_set1_epi8((char)a->low)), _mm512_set1_epi8((char)a->high));
  if (is_whole) _mm512_storeu_si512(out + g->c, y);
  else _mm512_mask_storeu_epi8(out + g->c, g->mask, y);
}

/// Any window, results `ox ..< end`: every column anew.
CK_INLINE void row_of_any(const group *g, const ck_u8s8_depthwise_args *a, size_t ox, size_t end, uint8_t *out,
                          const int is_whole, const int clamps) {
  for (out += ox * a->channels; ox < end; ++ox, out += a->channels) {
    __m512i sum[4] = {g->bias[0], g->bias[1], g->bias[2], g->bias[3]};
    for (size_t first = 0; first < a->kh; first += 4)
      for (size_t kx = 0; kx < a->kw; ++kx) {
        const size_t x = ox * a->stride_w + kx * a->dilation_w - a->pad_left;
        __m512i column[4];
        switch (a->kh - first) {
          case 1: load_column(g, x, first, 1, is_whole, column); break;
          case 2: load_column(g, x, first, 2, is_whole, column); break;
          case 3: load_column(g, x, first, 3, is_whole, column); break;
          default: load_column(g, x, first, 4, is_whole, column); break;
        }
        multiply(g, first / 4 * a->kw + kx, sum, column, sum);
      }
    store(g, a, sum, out, is_whole, clamps);
  }
}

/// A window of three by three, one pixel further each time: a column goes into three results.
CK_INLINE void row_of_3(const group *g, const ck_u8s8_depthwise_args *a, uint8_t *out, const int is_whole, const int clamps) {
  __m512i column[4], first[4], second[4], third[4];
  load_column(g, (size_t)0 - a->pad_left, 0, 3, is_whole, column);
  multiply(g, 0, g->bias, column, first);
  load_column(g, (size_t)1 - a->pad_left, 0, 3, is_whole, column);
  multiply(g, 1, first, column, first);
  multiply(g, 0, g->bias, column, second);
  for (size_t ox = 0; ox < a->ow; ++ox, out += a->channels) {
    load_column(g, ox + 2 - a->pad_left, 0, 3, is_whole, column);
    multiply(g, 2, first, column, first);
    multiply(g, 1, second, column, second);
    multiply(g, 0, g->bias, column, third);
    store(g, a, first, out, is_whole, clamps);
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; ++i) first[i] = second[i], second[i] = third[i];
  }
}

/// A window of three by three, two pixels further each time: every other column goes into two results.
CK_INLINE void row_of_3_by_2(const group *g, const ck_u8s8_depthwise_args *a, uint8_t *out, const int is_whole,
                             const int clamps) {
  __m512i column[4], sum[4];
  load_column(g, (size_t)0 - a->pad_left, 0, 3, is_whole, column);
  multiply(g, 0, g->bias, column, sum);
  for (size_t ox = 0; ox < a->ow; ++ox, out += a->channels) {
    load_column(g, 2 * ox + 1 - a->pad_left, 0, 3, is_whole, column);
    multiply(g, 1, sum, column, sum);
    load_column(g, 2 * ox + 2 - a->pad_left, 0, 3, is_whole, column);
    multiply(g, 2, sum, column, sum);
    store(g, a, sum, out, is_whole, clamps);
    multiply(g, 0, g->bias, column, sum);
  }
}

/// Pixels of 32 channels, three by three, one pixel further each time: two neighbors fill a vector.
CK_INLINE void row_of_pairs(const group *half, const ck_u8s8_depthwise_args *a, uint8_t *out, const int clamps) {
  const size_t begin = a->pad_left < a->ow ? a->pad_left : a->ow;
  // The second result of a pair ends within the line.
  const size_t within = a->w + a->pad_left >= 3 ? a->w + a->pad_left - 3 + 1 : 0, last = within < a->ow ? within : a->ow;
  const size_t pairs = last > begin ? (last - begin) / 2 : 0;
  row_of_any(half, a, 0, begin, out, 0, clamps);
  if (pairs > 0) {
    group g = *half;
    __m512i weights[12];
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; ++i) weights[i] = _mm512_shuffle_i64x2(half->weights[i], half->weights[i], 0x44);
    g.weights = weights;
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; ++i) {
      g.bias[i] = _mm512_shuffle_i64x2(g.bias[i], g.bias[i], 0x44);
      g.scale[i] = _mm512_shuffle_f32x4(g.scale[i], g.scale[i], 0x44);
      g.shift[i] = _mm512_shuffle_f32x4(g.shift[i], g.shift[i], 0x44);
    }
    __m512i column[4], sum[4];
    size_t x = begin - a->pad_left;
    uint8_t *to = out + begin * 32;
    load_column(&g, x, 0, 3, 1, column);
    multiply(&g, 0, g.bias, column, sum);
    for (size_t i = 0; i < pairs; ++i, x += 2, to += 64) {
      load_column(&g, x + 1, 0, 3, 1, column);
      multiply(&g, 1, sum, column, sum);
      load_column(&g, x + 2, 0, 3, 1, column);
      multiply(&g, 2, sum, column, sum);
      store(&g, a, sum, to, 1, clamps);
      multiply(&g, 0, g.bias, column, sum);
    }
  }
  row_of_any(half, a, begin + 2 * pairs, a->ow, out, 0, clamps);
}

CK_INLINE void row_of_group(const group *g, const ck_u8s8_depthwise_args *a, uint8_t *out, const int is_whole, const int clamps) {
  const int is_3 = a->kh == 3 && a->kw == 3 && a->dilation_w == 1;
  if (is_3 && a->stride_w == 1) row_of_3(g, a, out, is_whole, clamps);
  else if (is_3 && a->stride_w == 2) row_of_3_by_2(g, a, out, is_whole, clamps);
  else row_of_any(g, a, 0, a->ow, out, is_whole, clamps);
}

void ck_depthwise8_row__avx512vnni(const ck_depthwise8_row *row) {
  const ck_u8s8_depthwise_args *a = row->args;
  const size_t bytes = GROUP * CK_DEPTHWISE8_HEAD + 4 * GROUP * ((a->kh + 3) / 4 * a->kw);
  const int clamps = a->zero != 0 || a->low != 0 || a->high != 255;
  for (size_t c = 0; c < a->channels; c += GROUP) {
    const uint8_t *packed = (const uint8_t *)a->weights + c / GROUP * bytes;
    group g = {.lines = row->lines,
               .steps = row->steps,
               .c = c,
               .w = a->w,
               .kh = a->kh,
               .padding = _mm512_set1_epi8((char)a->padding),
               .weights = (const __m512i *)(packed + GROUP * CK_DEPTHWISE8_HEAD)};
    for (int i = 0; i < 4; ++i) {
      g.bias[i] = _mm512_load_si512(packed + 64 * i);
      g.scale[i] = _mm512_load_ps(packed + GROUP * 4 + 64 * i);
      g.shift[i] = _mm512_load_ps(packed + GROUP * 8 + 64 * i);
    }
    const size_t count = a->channels - c;
    g.mask = count >= GROUP ? ~0ull : (1ull << count) - 1;
    if (count >= GROUP) {
      if (clamps) row_of_group(&g, a, row->out, 1, 1);
      else row_of_group(&g, a, row->out, 1, 0);
    } else if (a->channels == 32 && a->kh == 3 && a->kw == 3 && a->dilation_w == 1 && a->stride_w == 1) {
      row_of_pairs(&g, a, row->out, 1);
    } else {
      row_of_group(&g, a, row->out, 0, 1);
    }
  }
}

CK_TARGET_END
#endif
