// Four lanes with AArch64 NEON. The names are explained in f32_scalar.h.
#include <arm_neon.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CK_FN(name) ck_##name##__neon
#define F32V_LANES 4

typedef float32x4_t f32v;
typedef uint32x4_t f32m;
typedef int32x4_t i32v;

static inline f32v f32v_load(const float *p) { return vld1q_f32(p); }
static inline void f32v_store(float *p, f32v v) { vst1q_f32(p, v); }
static inline f32v f32v_load_partial(const float *p, size_t n) {
  if (n >= 4) return vld1q_f32(p);
  float t[4] = {0, 0, 0, 0};
  for (size_t i = 0; i < n; ++i) t[i] = p[i];
  return vld1q_f32(t);
}
static inline void f32v_store_partial(float *p, f32v v, size_t n) {
  if (n >= 4) {
    vst1q_f32(p, v);
    return;
  }
  if (n & 2) {
    vst1_f32(p, vget_low_f32(v));
    p += 2;
    v = vextq_f32(v, v, 2);
  }
  if (n & 1) vst1q_lane_f32(p, v, 0);
}
static inline f32v f32v_set1(float x) { return vdupq_n_f32(x); }
static inline f32v f32v_add(f32v a, f32v b) { return vaddq_f32(a, b); }
static inline f32v f32v_sub(f32v a, f32v b) { return vsubq_f32(a, b); }
static inline f32v f32v_mul(f32v a, f32v b) { return vmulq_f32(a, b); }
static inline f32v f32v_div(f32v a, f32v b) { return vdivq_f32(a, b); }
static inline f32v f32v_fma(f32v a, f32v b, f32v c) { return vfmaq_f32(c, a, b); }
static inline f32v f32v_fnma(f32v a, f32v b, f32v c) { return vfmsq_f32(c, a, b); }
static inline f32v f32v_max(f32v a, f32v b) { return vmaxq_f32(a, b); }
static inline f32v f32v_min(f32v a, f32v b) { return vminq_f32(a, b); }
static inline f32v f32v_permute(f32v a, i32v index) {
  const int32x4_t bytes = vaddq_s32(vmulq_s32(index, vdupq_n_s32(0x04040404)), vdupq_n_s32(0x03020100));
  return vreinterpretq_f32_u8(vqtbl1q_u8(vreinterpretq_u8_f32(a), vreinterpretq_u8_s32(bytes)));
}
static inline f32v f32v_sqrt(f32v a) { return vsqrtq_f32(a); }
static inline f32v f32v_floor(f32v a) { return vrndmq_f32(a); }
static inline f32v f32v_ceil(f32v a) { return vrndpq_f32(a); }
static inline f32v f32v_trunc(f32v a) { return vrndq_f32(a); }
static inline f32v f32v_round(f32v a) { return vrndnq_f32(a); }
static inline i32v f32v_bits(f32v a) { return vreinterpretq_s32_f32(a); }
static inline f32v f32v_from_bits(i32v a) { return vreinterpretq_f32_s32(a); }
static inline f32v f32v_and(f32v a, f32v b) { return f32v_from_bits(vandq_s32(f32v_bits(a), f32v_bits(b))); }
static inline f32v f32v_or(f32v a, f32v b) { return f32v_from_bits(vorrq_s32(f32v_bits(a), f32v_bits(b))); }
static inline f32v f32v_xor(f32v a, f32v b) { return f32v_from_bits(veorq_s32(f32v_bits(a), f32v_bits(b))); }

static inline f32m f32v_eq(f32v a, f32v b) { return vceqq_f32(a, b); }
static inline f32m f32v_ne(f32v a, f32v b) { return vmvnq_u32(vceqq_f32(a, b)); }
static inline f32m f32v_lt(f32v a, f32v b) { return vcltq_f32(a, b); }
static inline f32m f32v_le(f32v a, f32v b) { return vcleq_f32(a, b); }
static inline f32v f32v_select(f32m m, f32v a, f32v b) { return vbslq_f32(m, a, b); }
static inline f32v f32v_first_of(size_t n, f32v a, f32v b) {
  static const uint32_t lane[4] = {0, 1, 2, 3};
  return vbslq_f32(vcltq_u32(vld1q_u32(lane), vdupq_n_u32((uint32_t)n)), a, b);
}
static inline void f32m_store_u8(uint8_t *p, f32m m) {
  uint8x8_t bytes = vmovn_u16(vcombine_u16(vmovn_u32(vshrq_n_u32(m, 31)), vdup_n_u16(0)));
  uint32_t word = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
  memcpy(p, &word, 4);
}
static inline bool f32m_any(f32m m) { return vmaxvq_u32(m) != 0; }

static inline i32v i32v_set1(int32_t x) { return vdupq_n_s32(x); }
static inline i32v i32v_add(i32v a, i32v b) { return vaddq_s32(a, b); }
static inline i32v i32v_sub(i32v a, i32v b) { return vsubq_s32(a, b); }
static inline i32v i32v_and(i32v a, i32v b) { return vandq_s32(a, b); }
static inline i32v i32v_shl(i32v a, int n) { return vshlq_s32(a, vdupq_n_s32(n)); }
static inline i32v i32v_sra(i32v a, int n) { return vshlq_s32(a, vdupq_n_s32(-n)); }
static inline i32v i32v_from_f32(f32v a) { return vcvtnq_s32_f32(a); }
static inline f32v i32v_to_f32(i32v a) { return vcvtq_f32_s32(a); }

static inline float f32v_sum(f32v a) { return vaddvq_f32(a); }
static inline float f32v_max_lanes(f32v a) { return vmaxvq_f32(a); }
static inline float f32v_min_lanes(f32v a) { return vminvq_f32(a); }

static inline void f32v_transpose(f32v *rows) {
  float32x4_t a = vtrn1q_f32(rows[0], rows[1]), b = vtrn2q_f32(rows[0], rows[1]);
  float32x4_t c = vtrn1q_f32(rows[2], rows[3]), d = vtrn2q_f32(rows[2], rows[3]);
  rows[0] = vcombine_f32(vget_low_f32(a), vget_low_f32(c));
  rows[1] = vcombine_f32(vget_low_f32(b), vget_low_f32(d));
  rows[2] = vcombine_f32(vget_high_f32(a), vget_high_f32(c));
  rows[3] = vcombine_f32(vget_high_f32(b), vget_high_f32(d));
}

static inline f32v f32v_load_f16(const uint16_t *p) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p))); }
static inline void f32v_store_f16(uint16_t *p, f32v v) { vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v))); }
