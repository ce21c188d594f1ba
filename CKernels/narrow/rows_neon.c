#if defined(__aarch64__)
#include "rows.h"

#include "../simd/f32_neon.h"

static inline void put_bytes(uint8_t *y, f32v v) {
  const uint16x4_t words = vmovn_u32(vcvtq_u32_f32(v));
  const uint8x8_t bytes = vmovn_u16(vcombine_u16(words, words));
  const uint32_t four = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
  memcpy(y, &four, sizeof four);
}

static inline void put_halves(uint16_t *y, f32v v) {
  const uint32x4_t bits = vreinterpretq_u32_f32(v), high = vshrq_n_u32(bits, 16);
  const uint32x4_t odd = vandq_u32(high, vdupq_n_u32(1));
  const uint32x4_t rounded = vshrq_n_u32(vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff))), 16);
  const uint32x4_t halves = vbslq_u32(vceqq_f32(v, v), rounded, vorrq_u32(high, vdupq_n_u32(0x40)));
  vst1_u16(y, vmovn_u32(halves));
}

#include "rows_body.h"
#include "../simd/end.h"
#endif
