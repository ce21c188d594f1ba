#if defined(__x86_64__)
#include "form.h"

#include "../simd/f32_avx512.h"

enum { NR = 32 };

#include "finish.h"

CK_TARGET_END
CK_TARGET_AVX512BF16

enum { MR = 14, GROUPS = (MR + 2) / 3 };

CK_INLINE void tile(const ck_narrow_tile *t, const int rows, const int vectors) {
  __m512 acc[MR][2];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) acc[m][v] = _mm512_setzero_ps();
  const size_t step = t->a_row;
  const uint8_t *row[GROUPS], *b = t->b;
#pragma clang loop unroll(full)
  for (int g = 0; 3 * g < rows; ++g) row[g] = t->a + (size_t)(3 * g) * step;
#define MULTIPLY(k)                                                                                                            \
  {                                                                                                                            \
    __m512bh bv[2];                                                                                                            \
    _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; ++v) bv[v] =                                               \
        (__m512bh)_mm512_load_si512(b + (k) * 4 * NR + 64 * v);                                                                \
    _Pragma("clang loop unroll(full)") for (int m = 0; m < rows; ++m) {                                                        \
      int32_t two;                                                                                                             \
      memcpy(&two, row[m / 3] + (size_t)(m % 3) * step + 4 * (k), 4);                                                          \
      const __m512bh av = (__m512bh)_mm512_set1_epi32(two);                                                                    \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; ++v) acc[m][v] = _mm512_dpbf16_ps(acc[m][v], av, bv[v]); \
    }                                                                                                                          \
  }
#define NEXT(count)                                                                              \
  {                                                                                              \
    _Pragma("clang loop unroll(full)") for (int g = 0; 3 * g < rows; ++g) row[g] += 4 * (count); \
    b += (count) * 4 * NR;                                                                       \
  }
  size_t count = t->last_steps;
#pragma clang loop unroll(disable)
  for (; count >= 4; count -= 4) {
#pragma clang loop unroll(full)
    for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));
#pragma clang loop unroll(full)
    for (int u = 0; u < 4; ++u) MULTIPLY(u)
    NEXT(4)
  }
#pragma clang loop unroll(disable)
  for (; count > 0; --count) {
#pragma clang loop unroll(full)
    for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));
    MULTIPLY(0)
    NEXT(1)
  }
  float sums[MR * NR];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) _mm512_storeu_ps(sums + m * NR + 16 * v, acc[m][v]);
  finish(t, sums, 0);
}

#define TILE(rows)                                                           \
  static void tile_##rows##x1(const ck_narrow_tile *t) { tile(t, rows, 1); } \
  static void tile_##rows##x2(const ck_narrow_tile *t) { tile(t, rows, 2); }
#define TILE_PAIR(rows) {tile_##rows##x1, tile_##rows##x2}
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
TILE(7)
TILE(8)
TILE(9)
TILE(10)
TILE(11)
TILE(12)
TILE(13)
TILE(14)

void ck_bf16_14x32__avx512bf16(const ck_narrow_tile *t) {
  static ck_narrow_kernel *const tiles[MR][2] = {
      TILE_PAIR(1), TILE_PAIR(2), TILE_PAIR(3),  TILE_PAIR(4),  TILE_PAIR(5),  TILE_PAIR(6),  TILE_PAIR(7),
      TILE_PAIR(8), TILE_PAIR(9), TILE_PAIR(10), TILE_PAIR(11), TILE_PAIR(12), TILE_PAIR(13), TILE_PAIR(14),
  };
  tiles[t->rows - 1][t->columns > 16](t);
}

CK_TARGET_END
#endif
