#if defined(__aarch64__)
#include "form.h"

#include "../simd/f32_neon.h"

enum { MR = 8, NR = 8 };

#include "../isa/isa.h"
#include "finish.h"

CK_TARGET("dotprod,i8mm")

CK_INLINE int32x4_t dot(int32x4_t sum, uint8x16_t a, uint8x16_t b, const ck_narrow_form form) {
  (void)form;
  return vusdotq_s32(sum, a, vreinterpretq_s8_u8(b));
}

CK_INLINE void take(int32x4_t taken[2], const uint8x16_t b[2]) { (void)taken, (void)b; }

#include "neon_tile.h"

void ck_narrow8_8x8__neoni8mm(const ck_narrow_tile *t) { tile_of_rows(t, CK_NARROW_8); }

CK_TARGET_END
#endif
