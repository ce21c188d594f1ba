#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "../isa/isa.h"
#include "ckernels_gemm8.h"

CK_TARGET_AVX512VNNI

#include "epilogue_avx512.h"

enum { MR = 14, NR = 32, GROUPS = (MR + 2) / 3 };

/// `chains` sums per result hide the latency of the dot product in low tiles.
CK_INLINE void tile(const ck_u8s8_gemm_tile *t, const int rows, const int vectors, const int chains) {
  __m512i acc[4][MR][2];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) {
    const __m512i bias = _mm512_loadu_si512(t->epilogue.bias + 16 * v);
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) acc[0][m][v] = bias;
#pragma clang loop unroll(full)
    for (int u = 1; u < chains; ++u)
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; ++m) acc[u][m][v] = _mm512_setzero_si512();
  }
  const size_t step = t->a_row;
  const uint8_t *row[GROUPS];
#pragma clang loop unroll(full)
  for (int g = 0; 3 * g < rows; ++g) row[g] = (const uint8_t *)t->a + (size_t)(3 * g) * step;
  const int8_t *b = t->b;

#define MULTIPLY(chain, k)                                                                                                     \
  {                                                                                                                            \
    __m512i bv[2];                                                                                                             \
    _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; ++v) bv[v] = _mm512_load_si512(b + (k) * 4 * NR + 64 * v); \
    _Pragma("clang loop unroll(full)") for (int m = 0; m < rows; ++m) {                                                        \
      int32_t four;                                                                                                            \
      memcpy(&four, row[m / 3] + (size_t)(m % 3) * step + 4 * (k), 4);                                                         \
      const __m512i av = _mm512_set1_epi32(four);                                                                              \
      _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; ++v) acc[chain][m][v] =                                  \
          _mm512_dpbusd_epi32(acc[chain][m][v], av, bv[v]);                                                                    \
    }                                                                                                                          \
  }
#define NEXT(count)                                                                              \
  {                                                                                              \
    _Pragma("clang loop unroll(full)") for (int g = 0; 3 * g < rows; ++g) row[g] += 4 * (count); \
    b += (count) * 4 * NR;                                                                       \
  }

  const int unroll = chains > 2 ? 4 : 2;
  size_t k4 = t->k4;
#pragma clang loop unroll(disable)
  for (; k4 >= (size_t)unroll; k4 -= (size_t)unroll) {
    // Keeps one pointer per group of rows: left alone, the compiler makes one per row and spills them.
#pragma clang loop unroll(full)
    for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));
#pragma clang loop unroll(full)
    for (int u = 0; u < unroll; ++u) MULTIPLY(u % chains, u)
    NEXT(unroll)
  }
#pragma clang loop unroll(disable)
  for (; k4 > 0; --k4) {
#pragma clang loop unroll(full)
    for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));
    MULTIPLY(0, 0)
    NEXT(1)
  }
#pragma clang loop unroll(full)
  for (int u = 1; u < chains; ++u)
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; ++v) acc[0][m][v] = _mm512_add_epi32(acc[0][m][v], acc[u][m][v]);

  if (t->epilogue.result != CK_SUM_U8) store_words(t, MR, acc[0], rows, vectors);
  else if (ck_sum_clamps(&t->epilogue)) store_bytes(t, MR, acc[0], rows, vectors, 1);
  else store_bytes(t, MR, acc[0], rows, vectors, 0);
}

#define CHAINS(rows, vectors) ((rows) * (vectors) <= 3 ? 4 : (rows) * (vectors) <= 6 ? 2 : 1)
#define TILE(rows)                                                                               \
  static void tile_##rows##x1(const ck_u8s8_gemm_tile *t) { tile(t, rows, 1, CHAINS(rows, 1)); } \
  static void tile_##rows##x2(const ck_u8s8_gemm_tile *t) { tile(t, rows, 2, CHAINS(rows, 2)); }
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

void ck_u8s8_gemm_14x32c4__avx512vnni(const ck_u8s8_gemm_tile *t) {
  static ck_u8s8_gemm_kernel *const tiles[MR][2] = {
      TILE_PAIR(1), TILE_PAIR(2), TILE_PAIR(3),  TILE_PAIR(4),  TILE_PAIR(5),  TILE_PAIR(6),  TILE_PAIR(7),
      TILE_PAIR(8), TILE_PAIR(9), TILE_PAIR(10), TILE_PAIR(11), TILE_PAIR(12), TILE_PAIR(13), TILE_PAIR(14),
  };
  tiles[t->rows - 1][t->columns > 16](t);
}

CK_TARGET_END
#endif
