#if defined(__aarch64__)
#include "form.h"

#include "../simd/f32_neon.h"

enum { MR = 8, NR = 8 };

#include "../isa/isa.h"
#include "finish.h"

CK_TARGET("dotprod")

/// Signed codes are multiplied by signed bytes: rows less 128, which `take` gives back.
CK_INLINE int32x4_t dot(int32x4_t sum, uint8x16_t a, uint8x16_t b, const ck_narrow_form form) {
  if (form != CK_NARROW_8) return vreinterpretq_s32_u32(vdotq_u32(vreinterpretq_u32_s32(sum), a, b));
  return vdotq_s32(sum, vreinterpretq_s8_u8(veorq_u8(a, vdupq_n_u8(128))), vreinterpretq_s8_u8(b));
}

CK_INLINE void take(int32x4_t taken[2], const uint8x16_t b[2]) {
  taken[0] = vdotq_s32(taken[0], vdupq_n_s8(-128), vreinterpretq_s8_u8(b[0]));
  taken[1] = vdotq_s32(taken[1], vdupq_n_s8(-128), vreinterpretq_s8_u8(b[1]));
}

#include "neon_tile.h"

void ck_narrow8_8x8__neondot(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_8); }
void ck_narrow4_8x8__neondot(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_4); }
void ck_narrow3_8x8__neondot(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_3); }
void ck_narrow2_8x8__neondot(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_2); }

CK_TARGET_END
#endif
