// Narrowing over any f32_<isa>.h. Included by a file that has defined, for the vectors of that level,
//   CK_INLINE void put_bytes(uint8_t *y, f32v v);       whole numbers of 0 ... 255
//   CK_INLINE void put_halves(uint16_t *y, f32v v);     rounded to bfloat16, halves to even

static void CK_FN(range)(size_t n, const float *x, float range[2]) {
  enum { CHAINS = 4 };
  f32v low[CHAINS], high[CHAINS], bad = f32v_set1(0);
  for (int j = 0; j < CHAINS; ++j) low[j] = high[j] = f32v_set1(0);
  size_t i = 0;
  for (; i + CHAINS * F32V_LANES <= n; i += CHAINS * F32V_LANES)
    for (int j = 0; j < CHAINS; ++j) {
      const f32v v = f32v_load(x + i + (size_t)j * F32V_LANES);
      low[j] = f32v_min(v, low[j]);
      high[j] = f32v_max(v, high[j]);
      // Nothing times zero is zero but finite numbers.
      bad = f32v_fma(v, f32v_set1(0), bad);
    }
  for (; i < n; i += F32V_LANES) {
    const f32v v = n - i < F32V_LANES ? f32v_load_partial(x + i, n - i) : f32v_load(x + i);
    low[0] = f32v_min(v, low[0]);
    high[0] = f32v_max(v, high[0]);
    bad = f32v_fma(v, f32v_set1(0), bad);
  }
  const float nothing = f32v_sum(bad);
  range[0] = f32v_min_lanes(f32v_min(f32v_min(low[0], low[1]), f32v_min(low[2], low[3]))) + nothing;
  range[1] = f32v_max_lanes(f32v_max(f32v_max(high[0], high[1]), f32v_max(high[2], high[3]))) + nothing;
}

static inline f32v byte_of(f32v x, float inverse, float zero) {
  const f32v q = f32v_add(f32v_round(f32v_mul(x, f32v_set1(inverse))), f32v_set1(zero));
  return f32v_min(f32v_max(q, f32v_set1(0)), f32v_set1(255));
}

static float CK_FN(bytes)(size_t n, const float *x, float inverse, float zero, uint8_t *y) {
  f32v sum[2] = {f32v_set1(0), f32v_set1(0)};
  size_t i = 0;
  for (; i + 2 * F32V_LANES <= n; i += 2 * F32V_LANES)
    for (size_t j = 0; j < 2; ++j) {
      const f32v q = byte_of(f32v_load(x + i + j * F32V_LANES), inverse, zero);
      sum[j] = f32v_add(sum[j], q);
      put_bytes(y + i + j * F32V_LANES, q);
    }
  for (; i + F32V_LANES <= n; i += F32V_LANES) {
    const f32v q = byte_of(f32v_load(x + i), inverse, zero);
    sum[0] = f32v_add(sum[0], q);
    put_bytes(y + i, q);
  }
  if (i < n) {
    const f32v q = byte_of(f32v_load_partial(x + i, n - i), inverse, zero);
    sum[0] = f32v_add(sum[0], f32v_first_of(n - i, q, f32v_set1(0)));
    uint8_t last[F32V_LANES];
    put_bytes(last, q);
    memcpy(y + i, last, n - i);
  }
  return f32v_sum(f32v_add(sum[0], sum[1]));
}

static void CK_FN(halves)(size_t n, const float *x, uint16_t *y) {
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) put_halves(y + i, f32v_load(x + i));
  if (i < n) {
    uint16_t last[F32V_LANES];
    put_halves(last, f32v_load_partial(x + i, n - i));
    memcpy(y + i, last, (n - i) * sizeof *y);
  }
}

const ck_rows_kernels CK_FN(rows) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(result, name, arguments) .name = CK_FN(name),
#include "rows.inc"
#undef CK_KERNEL
};
