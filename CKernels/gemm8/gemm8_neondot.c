#if defined(__aarch64__)
#include "../isa/isa.h"
#include "ckernels_gemm8.h"

#include <arm_neon.h>
#include <string.h>

CK_TARGET("dotprod")

enum { MR = 8, NR = 8 };

/// The instruction takes signed bytes only: 128 is taken from each, and the panel's head gives it back.
CK_INLINE void sum(const ck_u8s8_gemm_tile *t, int32x4_t acc[MR][2], const int rows) {
  const int32_t *head = (const int32_t *)t->b;
  const int8_t *b = t->b + NR * sizeof(int32_t);
  const uint8_t *row = t->a;
#pragma clang loop unroll(full)
  for (int v = 0; v < 2; ++v)
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) acc[m][v] = vaddq_s32(acc[m][v], vld1q_s32(head + 4 * v));
  const int8x16_t sign = vdupq_n_s8(-128);
  for (size_t k4 = t->k4; k4 > 0; --k4, row += 4, b += 4 * NR) {
    const int8x16_t low = vld1q_s8(b), high = vld1q_s8(b + 16);
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) {
      int32_t four;
      memcpy(&four, row + (size_t)m * t->a_row, 4);
      const int8x16_t a = veorq_s8(vreinterpretq_s8_s32(vdupq_n_s32(four)), sign);
      acc[m][0] = vdotq_s32(acc[m][0], low, a);
      acc[m][1] = vdotq_s32(acc[m][1], high, a);
    }
  }
}

#include "neon_tile.h"

void ck_u8s8_gemm_8x8c4__neondot(const ck_u8s8_gemm_tile *t) { tile_of_rows(t); }

CK_TARGET_END
#endif
