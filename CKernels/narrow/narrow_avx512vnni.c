#if defined(__x86_64__)
#include "form.h"

#include "../simd/f32_avx512.h"

enum { NR = 32 };

#include "finish.h"

CK_TARGET_END
CK_TARGET_AVX512VNNI

enum { MR = 14, MR_BLOCKS = 6, GROUPS = (MR + 2) / 3 };

/// The codes of vector `v` of step `u` of a group.
CK_INLINE __m512i codes(const uint8_t *b, const ck_narrow_form form, const int u, const int v) {
  const uint8_t *at = b + 64 * v;
  if (form == CK_NARROW_8) return _mm512_load_si512(at);
  if (form == CK_NARROW_4) {
    const __m512i x = _mm512_load_si512(at);
    return _mm512_and_si512(u ? _mm512_srli_epi16(x, 4) : x, _mm512_set1_epi8(15));
  }
  const __m512i x = _mm512_load_si512(at + (form == CK_NARROW_3 ? u / 4 * 4 * NR : 0));
  const __m512i low = _mm512_and_si512(_mm512_srli_epi16(x, (unsigned)(2 * (u % 4))), _mm512_set1_epi8(3));
  if (form == CK_NARROW_2) return low;
  const __m512i y = _mm512_load_si512(at + 2 * 4 * NR);
  const __m512i moved = u < 2 ? _mm512_slli_epi16(y, (unsigned)(2 - u)) : _mm512_srli_epi16(y, (unsigned)(u - 2));
  // (moved & 4) | low
  return _mm512_ternarylogic_epi32(moved, _mm512_set1_epi8(4), low, 0xea);
}

CK_INLINE void multiply_step(__m512i acc[MR][2], const uint8_t *const row[GROUPS], size_t step, size_t k, const uint8_t *b,
                             const ck_narrow_form form, const int u, const int rows, const int vectors) {
  __m512i bv[2];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) bv[v] = codes(b, form, u, v);
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) {
    int32_t four;
    memcpy(&four, row[m / 3] + (size_t)(m % 3) * step + k, 4);
    const __m512i av = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) acc[m][v] = _mm512_dpbusd_epi32(acc[m][v], av, bv[v]);
  }
}

CK_INLINE void clear(__m512i acc[MR][2], const int rows, const int vectors) {
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) acc[m][v] = _mm512_setzero_si512();
}

/// Multiplies `count` groups; `chains` sums per result hide the latency of the dot product in low tiles.
CK_INLINE const uint8_t *multiply(__m512i acc[4][MR][2], const uint8_t *row[GROUPS], size_t step, const uint8_t *b, size_t count,
                                  const ck_narrow_form form, const int rows, const int vectors, const int chains) {
  const int steps = form == CK_NARROW_8 ? 1 : form == CK_NARROW_4 ? 2 : form == CK_NARROW_2 ? 4 : 8;
  const int planes = form == CK_NARROW_3 ? 3 : 1, unroll = form == CK_NARROW_8 ? 4 : 1;
#define RUN(times)                                                                                                             \
  {                                                                                                                            \
    _Pragma("clang loop unroll(full)") for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));                          \
    _Pragma("clang loop unroll(full)") for (int u = 0; u < (times) * steps; ++u) multiply_step(                                \
        acc[u % chains], row, step, 4 * (size_t)u, b + (size_t)(u / steps * planes * 4 * NR), form, u % steps, rows, vectors); \
    _Pragma("clang loop unroll(full)") for (int g = 0; 3 * g < rows; ++g) row[g] += 4 * (times) * steps;                       \
    b += (times) * planes * 4 * NR;                                                                                            \
  }
#pragma clang loop unroll(disable)
  for (; count >= (size_t)unroll; count -= (size_t)unroll) RUN(unroll)
  if (unroll > 1)
#pragma clang loop unroll(disable)
    for (; count > 0; --count) RUN(1)
#undef RUN
  return b;
}

/// One scale per column.
CK_INLINE void whole_tile(const ck_narrow_tile *t, const ck_narrow_form form, const int rows, const int vectors,
                          const int chains) {
  __m512i acc[4][MR][2];
#pragma clang loop unroll(full)
  for (int u = 0; u < chains; ++u) clear(acc[u], rows, vectors);
  const size_t step = t->a_row;
  const uint8_t *row[GROUPS];
#pragma clang loop unroll(full)
  for (int g = 0; 3 * g < rows; ++g) row[g] = t->a + (size_t)(3 * g) * step;
  const float *head = (const float *)t->b + NR;
  const int shifted = t->shifted;
  multiply(acc, row, step, (const uint8_t *)(head + (shifted ? 2 : 1) * NR), t->last_steps, form, rows, vectors, chains);
#pragma clang loop unroll(full)
  for (int u = 1; u < chains; ++u)
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; ++v) acc[0][m][v] = _mm512_add_epi32(acc[0][m][v], acc[u][m][v]);
  float sums[MR * NR];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) {
    const __m512 scale = _mm512_loadu_ps(head + 16 * v), shift = _mm512_loadu_ps(head + (shifted ? NR : 0) + 16 * v);
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) {
      __m512 x = _mm512_mul_ps(_mm512_cvtepi32_ps(acc[0][m][v]), scale);
      if (shifted) x = _mm512_fmadd_ps(_mm512_set1_ps(t->sums[(size_t)m * t->sums_row]), shift, x);
      _mm512_storeu_ps(sums + m * NR + 16 * v, x);
    }
  }
  finish(t, sums, 1);
}

/// A scale for each column and block.
CK_INLINE void blocked_tile(const ck_narrow_tile *t, const ck_narrow_form form, const int rows, const int vectors,
                            const int shifted) {
  __m512 total[MR_BLOCKS][2];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) total[m][v] = _mm512_setzero_ps();
  const size_t step = t->a_row;
  const uint8_t *row[GROUPS], *b = t->b + NR * sizeof(float);
#pragma clang loop unroll(full)
  for (int g = 0; 3 * g < rows; ++g) row[g] = t->a + (size_t)(3 * g) * step;
  for (size_t block = 0; block < t->blocks; ++block) {
    const float *head = (const float *)b;
    __m512i acc[4][MR][2];
    clear(acc[0], rows, vectors);
    b = multiply(acc, row, step, (const uint8_t *)(head + (shifted ? 2 : 1) * NR),
                 block + 1 < t->blocks ? t->steps : t->last_steps, form, rows, vectors, 1);
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) {
      const __m512 scale = _mm512_loadu_ps(head + 16 * v), shift = _mm512_loadu_ps(head + (shifted ? NR : 0) + 16 * v);
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; ++m) {
        total[m][v] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(acc[0][m][v]), scale, total[m][v]);
        if (shifted) total[m][v] = _mm512_fmadd_ps(_mm512_set1_ps(t->sums[(size_t)m * t->sums_row + block]), shift, total[m][v]);
      }
    }
  }
  float sums[MR_BLOCKS * NR];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) _mm512_storeu_ps(sums + m * NR + 16 * v, total[m][v]);
  finish(t, sums, 1);
}

#define CHAINS(rows, vectors) ((rows) * (vectors) <= 3 ? 4 : (rows) * (vectors) <= 6 ? 2 : 1)
#define WHOLE(form, rows)                                                                                                       \
  static void whole_##form##_##rows##x1(const ck_narrow_tile *t) { whole_tile(t, CK_NARROW_##form, rows, 1, CHAINS(rows, 1)); } \
  static void whole_##form##_##rows##x2(const ck_narrow_tile *t) { whole_tile(t, CK_NARROW_##form, rows, 2, CHAINS(rows, 2)); }
#define BLOCKED(form, rows)                                                                                                    \
  static void blocked_##form##_##rows##x1(const ck_narrow_tile *t) { blocked_tile(t, CK_NARROW_##form, rows, 1, t->shifted); } \
  static void blocked_##form##_##rows##x2(const ck_narrow_tile *t) {                                                           \
    if (t->shifted) blocked_tile(t, CK_NARROW_##form, rows, 2, 1);                                                             \
    else blocked_tile(t, CK_NARROW_##form, rows, 2, 0);                                                                        \
  }
#define ROWS_6(DO, form) DO(form, 1) DO(form, 2) DO(form, 3) DO(form, 4) DO(form, 5) DO(form, 6)
#define ROWS_12(DO, form) ROWS_6(DO, form) DO(form, 7) DO(form, 8) DO(form, 9) DO(form, 10) DO(form, 11) DO(form, 12)
#define PAIR_WHOLE(form, rows) {whole_##form##_##rows##x1, whole_##form##_##rows##x2},
#define PAIR_BLOCKED(form, rows) {blocked_##form##_##rows##x1, blocked_##form##_##rows##x2},

ROWS_12(WHOLE, 8)
WHOLE(8, 13)
WHOLE(8, 14)
ROWS_12(WHOLE, 4)
ROWS_6(BLOCKED, 8)
ROWS_6(BLOCKED, 4)
ROWS_6(BLOCKED, 3)
ROWS_6(BLOCKED, 2)

void ck_narrow8_14x32__avx512vnni(const ck_narrow_tile *t) {
  static ck_narrow_kernel *const whole[MR][2] = {ROWS_12(PAIR_WHOLE, 8) PAIR_WHOLE(8, 13) PAIR_WHOLE(8, 14)};
  static ck_narrow_kernel *const blocked[MR_BLOCKS][2] = {ROWS_6(PAIR_BLOCKED, 8)};
  (t->blocks > 1 ? blocked : whole)[t->rows - 1][t->columns > 16](t);
}

void ck_narrow4_12x32__avx512vnni(const ck_narrow_tile *t) {
  static ck_narrow_kernel *const whole[12][2] = {ROWS_12(PAIR_WHOLE, 4)};
  static ck_narrow_kernel *const blocked[MR_BLOCKS][2] = {ROWS_6(PAIR_BLOCKED, 4)};
  (t->blocks > 1 ? blocked : whole)[t->rows - 1][t->columns > 16](t);
}

void ck_narrow3_6x32__avx512vnni(const ck_narrow_tile *t) {
  static ck_narrow_kernel *const tiles[MR_BLOCKS][2] = {ROWS_6(PAIR_BLOCKED, 3)};
  tiles[t->rows - 1][t->columns > 16](t);
}

void ck_narrow2_6x32__avx512vnni(const ck_narrow_tile *t) {
  static ck_narrow_kernel *const tiles[MR_BLOCKS][2] = {ROWS_6(PAIR_BLOCKED, 2)};
  tiles[t->rows - 1][t->columns > 16](t);
}

CK_TARGET_END
#endif
