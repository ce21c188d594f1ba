#if defined(__aarch64__)
#include "../isa/isa.h"
#include "ckernels_gemm8.h"

#include <arm_neon.h>

enum { MR = 8, NR = 8 };

/// Four products of every sum: words by words, each row's four in one register.
CK_INLINE void sum(const ck_u8s8_gemm_tile *t, int32x4_t acc[MR][2], const int rows) {
  const int8_t *b = t->b;
  const uint8_t *row = t->a;
  for (size_t k4 = t->k4; k4 > 0; --k4, row += 8, b += 4 * NR) {
    int16x4_t a[MR];
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) a[m] = vld1_s16((const int16_t *)(row + (size_t)m * t->a_row));
#define MULTIPLY(lane)                                                      \
  {                                                                         \
    const int16x8_t bv = vmovl_s8(vld1_s8(b + lane * NR));                  \
    _Pragma("clang loop unroll(full)") for (int m = 0; m < rows; ++m) {     \
      acc[m][0] = vmlal_lane_s16(acc[m][0], vget_low_s16(bv), a[m], lane);  \
      acc[m][1] = vmlal_lane_s16(acc[m][1], vget_high_s16(bv), a[m], lane); \
    }                                                                       \
  }
    MULTIPLY(0) MULTIPLY(1) MULTIPLY(2) MULTIPLY(3)
  }
}

#include "neon_tile.h"

void ck_u8s8_gemm_8x8c1__neon(const ck_u8s8_gemm_tile *t) { tile_of_rows(t); }
#endif
