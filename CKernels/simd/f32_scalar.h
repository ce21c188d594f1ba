// One lane of plain C under the names that every f32_<isa>.h has; it documents them. Included once per kernel file, closed by
// end.h.
//
// f32v: F32V_LANES floats. f32m: one truth value per lane. i32v: the same number of 32-bit integers.
// Partial loads read `n` (0 ... F32V_LANES) elements and give 0 for the rest; partial stores write `n` elements only.
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CK_FN(name) ck_##name##__scalar
#define F32V_LANES 1

typedef float f32v;
typedef bool f32m;
typedef int32_t i32v;

static inline f32v f32v_load(const float *p) { return *p; }
static inline void f32v_store(float *p, f32v v) { *p = v; }
static inline f32v f32v_load_partial(const float *p, size_t n) { return n ? *p : 0; }
static inline void f32v_store_partial(float *p, f32v v, size_t n) {
  if (n) *p = v;
}
static inline f32v f32v_set1(float x) { return x; }
static inline f32v f32v_add(f32v a, f32v b) { return a + b; }
static inline f32v f32v_sub(f32v a, f32v b) { return a - b; }
static inline f32v f32v_mul(f32v a, f32v b) { return a * b; }
static inline f32v f32v_div(f32v a, f32v b) { return a / b; }
// a * b + c and c - a * b, in one rounding where the processor has it.
static inline f32v f32v_fma(f32v a, f32v b, f32v c) { return a * b + c; }
static inline f32v f32v_fnma(f32v a, f32v b, f32v c) { return c - a * b; }
// A NaN in `b` is the result; a NaN in `a` alone may be lost.
static inline f32v f32v_max(f32v a, f32v b) { return a > b ? a : b; }
static inline f32v f32v_min(f32v a, f32v b) { return a < b ? a : b; }
// Lane i of the result is lane index[i] of `a`.
static inline f32v f32v_permute(f32v a, i32v index) {
  (void)index;
  return a;
}
static inline f32v f32v_sqrt(f32v a) { return sqrtf(a); }
static inline f32v f32v_floor(f32v a) { return floorf(a); }
static inline f32v f32v_ceil(f32v a) { return ceilf(a); }
static inline f32v f32v_trunc(f32v a) { return truncf(a); }
static inline f32v f32v_round(f32v a) { return rintf(a); }  // halves to even
static inline i32v f32v_bits(f32v a) {
  i32v r;
  memcpy(&r, &a, 4);
  return r;
}
static inline f32v f32v_from_bits(i32v a) {
  f32v r;
  memcpy(&r, &a, 4);
  return r;
}
static inline f32v f32v_and(f32v a, f32v b) { return f32v_from_bits(f32v_bits(a) & f32v_bits(b)); }
static inline f32v f32v_or(f32v a, f32v b) { return f32v_from_bits(f32v_bits(a) | f32v_bits(b)); }
static inline f32v f32v_xor(f32v a, f32v b) { return f32v_from_bits(f32v_bits(a) ^ f32v_bits(b)); }

static inline f32m f32v_eq(f32v a, f32v b) { return a == b; }
static inline f32m f32v_ne(f32v a, f32v b) { return a != b; }
static inline f32m f32v_lt(f32v a, f32v b) { return a < b; }
static inline f32m f32v_le(f32v a, f32v b) { return a <= b; }
static inline f32v f32v_select(f32m m, f32v a, f32v b) { return m ? a : b; }
// Lanes before `n` of `a`, the others of `b`.
static inline f32v f32v_first_of(size_t n, f32v a, f32v b) { return n ? a : b; }
static inline void f32m_store_u8(uint8_t *p, f32m m) { *p = m; }  // F32V_LANES bytes, 0 or 1
static inline bool f32m_any(f32m m) { return m; }

static inline i32v i32v_set1(int32_t x) { return x; }
static inline i32v i32v_add(i32v a, i32v b) { return (i32v)((uint32_t)a + (uint32_t)b); }
static inline i32v i32v_sub(i32v a, i32v b) { return (i32v)((uint32_t)a - (uint32_t)b); }
static inline i32v i32v_and(i32v a, i32v b) { return a & b; }
static inline i32v i32v_shl(i32v a, int n) { return (i32v)((uint32_t)a << n); }
static inline i32v i32v_sra(i32v a, int n) { return a >> n; }
static inline i32v i32v_from_f32(f32v a) { return (i32v)rintf(a); }  // |a| < 2^31
static inline f32v i32v_to_f32(i32v a) { return (f32v)a; }

static inline float f32v_sum(f32v a) { return a; }
static inline float f32v_max_lanes(f32v a) { return a; }
static inline float f32v_min_lanes(f32v a) { return a; }

// Transposes F32V_LANES vectors in place.
static inline void f32v_transpose(f32v *rows) { (void)rows; }

static inline f32v f32v_load_f16(const uint16_t *p) {
  uint32_t sign = (uint32_t)(*p & 0x8000) << 16, magnitude = *p & 0x7fff, bits;
  if (magnitude >= 0x7c00) bits = 0x7f800000 | (magnitude & 0x3ff) << 13 | (magnitude & 0x3ff ? 0x400000 : 0);
  else if (magnitude >= 0x400) bits = (magnitude << 13) + (112u << 23);
  else return f32v_or(f32v_from_bits((i32v)sign), (float)magnitude * 0x1p-24f);
  return f32v_from_bits((i32v)(sign | bits));
}
static inline void f32v_store_f16(uint16_t *p, f32v v) {
  uint32_t bits = (uint32_t)f32v_bits(v), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff, half;
  if (magnitude > 0x7f800000) half = 0x7e00 | (magnitude >> 13 & 0x3ff);
  else if (magnitude >= 0x477ff000) half = 0x7c00;  // 65520 and above round to infinity
  else if (magnitude >= 0x38800000) half = (magnitude - (112u << 23) + 0xfff + (magnitude >> 13 & 1)) >> 13;
  else half = (uint32_t)rintf(f32v_from_bits((i32v)magnitude) * 0x1p24f);
  *p = (uint16_t)(sign | half);
}
