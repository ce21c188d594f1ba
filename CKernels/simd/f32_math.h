// Elementary functions over any f32_<isa>.h. The polynomials are least-maximum fits of the stated quotients on the stated ranges;
// the errors against double precision are measured, and bounded, in UnaryTests.
//
// NaN gives NaN. Infinities give the limit, except where a formula has x times a factor that vanishes.

static inline f32v f32v_abs(f32v x) { return f32v_and(x, f32v_from_bits(i32v_set1(0x7fffffff))); }
static inline f32v f32v_neg(f32v x) { return f32v_xor(x, f32v_set1(-0.0f)); }
static inline f32v f32v_copysign(f32v magnitude, f32v sign) {
  f32v bit = f32v_set1(-0.0f);
  return f32v_or(magnitude, f32v_and(sign, bit));  // magnitude is not negative
}

// NaN if either is NaN.
static inline f32v f32v_max_nan(f32v a, f32v b) { return f32v_select(f32v_ne(a, a), a, f32v_max(a, b)); }
static inline f32v f32v_min_nan(f32v a, f32v b) { return f32v_select(f32v_ne(a, a), a, f32v_min(a, b)); }

// v * 2^n for an integer n in -252 ... 254.
static inline f32v f32v_scale2(f32v v, f32v n) {
#if F32V_LANES == 16
  return _mm512_scalef_ps(v, n);
#else
  i32v whole = i32v_from_f32(n), half = i32v_sra(whole, 1), bias = i32v_set1(127);
  f32v a = f32v_from_bits(i32v_shl(i32v_add(half, bias), 23));
  f32v b = f32v_from_bits(i32v_shl(i32v_add(i32v_sub(whole, half), bias), 23));
  return f32v_mul(f32v_mul(v, a), b);
#endif
}

// 2^n for an integer n in -126 ... 127.
static inline f32v f32v_pow2(f32v n) {
#if F32V_LANES == 16
  return _mm512_scalef_ps(_mm512_set1_ps(1.0f), n);
#else
  return f32v_from_bits(i32v_shl(i32v_add(i32v_from_f32(n), i32v_set1(127)), 23));
#endif
}

// Reduces x to n * ln 2 + r with |r| <= ln 2 / 2 and returns e^r - 1.
static inline f32v f32v_exp_reduced(f32v x, f32v *n) {
  *n = f32v_round(f32v_mul(x, f32v_set1(0x1.715476p+0f)));
  f32v r = f32v_fnma(*n, f32v_set1(0x1.62e400p-1f), x);  // 15 bits: the product is exact
  r = f32v_fnma(*n, f32v_set1(0x1.7f7d1cp-20f), r);
  f32v q = f32v_set1(1.395170344e-03f);
  q = f32v_fma(q, r, f32v_set1(8.369590156e-03f));
  q = f32v_fma(q, r, f32v_set1(4.166618735e-02f));
  q = f32v_fma(q, r, f32v_set1(1.666651368e-01f));
  q = f32v_fma(q, r, f32v_set1(0.5f));
  return f32v_fma(f32v_mul(q, r), r, r);
}

static inline f32v f32v_exp(f32v x) {
  x = f32v_min(f32v_set1(89.0f), f32v_max(f32v_set1(-104.0f), x));
  f32v n, e = f32v_exp_reduced(x, &n);
  return f32v_scale2(f32v_add(e, f32v_set1(1.0f)), n);
}

static inline f32v f32v_expm1(f32v x) {
  f32v n, e = f32v_exp_reduced(f32v_min(f32v_set1(89.0f), f32v_max(f32v_set1(-18.0f), x)), &n);
  f32v half = f32v_scale2(f32v_set1(0.5f), n);  // halves keep 2^128 - 1 finite
  f32v y = f32v_fma(e, half, f32v_sub(half, f32v_set1(0.5f)));
  y = f32v_add(y, y);
  return f32v_select(f32v_eq(x, f32v_set1(0.0f)), x, y);  // keeps -0
}

static inline f32v f32v_log(f32v x) {
  f32m tiny = f32v_lt(x, f32v_set1(0x1p-126f));
  f32v scaled = f32v_select(tiny, f32v_mul(x, f32v_set1(0x1p23f)), x);
  i32v bits = i32v_sub(f32v_bits(scaled), i32v_set1(0x3f3504f3));  // exponent so that the mantissa is in sqrt(1/2) ... sqrt(2)
  f32v e = f32v_sub(i32v_to_f32(i32v_sra(bits, 23)), f32v_select(tiny, f32v_set1(23.0f), f32v_set1(0.0f)));
  f32v f = f32v_from_bits(i32v_add(i32v_and(bits, i32v_set1(0x007fffff)), i32v_set1(0x3f3504f3)));
  f = f32v_sub(f, f32v_set1(1.0f));
  f32v p = f32v_set1(-7.634437829e-02f);
  p = f32v_fma(p, f, f32v_set1(1.276156306e-01f));
  p = f32v_fma(p, f, f32v_set1(-1.316019744e-01f));
  p = f32v_fma(p, f, f32v_set1(1.420176029e-01f));
  p = f32v_fma(p, f, f32v_set1(-1.662335545e-01f));
  p = f32v_fma(p, f, f32v_set1(2.000122666e-01f));
  p = f32v_fma(p, f, f32v_set1(-2.500082254e-01f));
  p = f32v_fma(p, f, f32v_set1(3.333333135e-01f));
  f32v square = f32v_mul(f, f);
  f32v low = f32v_fma(e, f32v_set1(0x1.7f7d1cp-20f), f32v_mul(f32v_mul(p, f), square));
  f32v y = f32v_add(f32v_fnma(square, f32v_set1(0.5f), low), f);
  y = f32v_fma(e, f32v_set1(0x1.62e400p-1f), y);
  y = f32v_select(f32v_eq(x, f32v_set1(0.0f)), f32v_set1(-INFINITY), y);
  y = f32v_select(f32v_eq(x, f32v_set1(INFINITY)), x, y);
  return f32v_select(f32v_le(f32v_set1(0.0f), x), y, f32v_set1(NAN));
}

// log(u) + (x - (u - 1)) / u for u = fl(1 + x): the second term is what rounding u lost.
static inline f32v f32v_log1p(f32v x) {
  f32v one = f32v_set1(1.0f), u = f32v_add(x, one);
  f32v lost = f32v_div(f32v_sub(x, f32v_sub(u, one)), u);
  f32v y = f32v_add(f32v_log(u), f32v_select(f32v_lt(u, f32v_set1(0x1p60f)), lost, f32v_set1(0.0f)));
  y = f32v_select(f32v_eq(u, f32v_set1(0.0f)), f32v_set1(-INFINITY), y);
  return f32v_select(f32v_eq(x, f32v_set1(0.0f)), x, y);
}

// 1 / x within 1 ulp for x >= 1, infinity included.
static inline f32v f32v_reciprocal(f32v x) {
#if F32V_LANES == 16
  // A division of sixteen lanes takes as long as sixteen multiplications.
  f32v r = _mm512_rcp14_ps(x), error = f32v_fnma(x, r, f32v_set1(1.0f));
  return _mm512_mask_fmadd_ps(r, f32v_lt(x, f32v_set1(INFINITY)), error, r);
#else
  return f32v_div(f32v_set1(1.0f), x);
#endif
}

static inline f32v f32v_sigmoid(f32v x) { return f32v_reciprocal(f32v_add(f32v_set1(1.0f), f32v_exp(f32v_neg(x)))); }

// t / (t + 2) for t = e^(2 |x|) - 1.
static inline f32v f32v_tanh(f32v x) {
  f32v n, a = f32v_min(f32v_set1(18.5f), f32v_abs(f32v_add(x, x)));
  f32v e = f32v_exp_reduced(a, &n), power = f32v_pow2(n);
  f32v t = f32v_fma(e, power, f32v_sub(power, f32v_set1(1.0f)));
  return f32v_copysign(f32v_abs(f32v_div(t, f32v_add(t, f32v_set1(2.0f)))), x);
}

// x + x P(x^2) below 0.9; 1 - exp(-Q(|x|)) above, where Q fits -log(erfc).
static inline f32v f32v_erf(f32v x) {
  f32v a = f32v_min(f32v_set1(4.0f), f32v_abs(x)), s = f32v_mul(a, a);
  f32v p = f32v_set1(-6.097939331e-04f);
  p = f32v_fma(p, s, f32v_set1(5.013663787e-03f));
  p = f32v_fma(p, s, f32v_set1(-2.678029984e-02f));
  p = f32v_fma(p, s, f32v_set1(1.128219068e-01f));
  p = f32v_fma(p, s, f32v_set1(-3.761253059e-01f));
  p = f32v_fma(p, s, f32v_set1(1.283791512e-01f));
  f32v q = f32v_set1(-1.982209651e-04f);
  q = f32v_fma(q, a, f32v_set1(3.065502271e-03f));
  q = f32v_fma(q, a, f32v_set1(-2.231525816e-02f));
  q = f32v_fma(q, a, f32v_set1(1.041137651e-01f));
  q = f32v_fma(q, a, f32v_set1(6.369760036e-01f));
  q = f32v_fma(q, a, f32v_set1(1.127797246e+00f));
  q = f32v_fma(q, a, f32v_set1(1.664358133e-04f));
  f32v n, e = f32v_exp_reduced(f32v_neg(q), &n), power = f32v_pow2(n);
  f32v large = f32v_sub(f32v_sub(f32v_set1(1.0f), power), f32v_mul(e, power));
  f32v y = f32v_select(f32v_lt(a, f32v_set1(0.9f)), f32v_fma(p, a, a), large);
  return f32v_copysign(y, x);
}

static inline f32v f32v_softplus(f32v x) {
  f32v zero = f32v_set1(0.0f);
  return f32v_add(f32v_max(zero, x), f32v_log1p(f32v_exp(f32v_neg(f32v_abs(x)))));
}

static inline f32v f32v_gelu_erf(f32v x) {
  f32v half = f32v_mul(x, f32v_set1(0.5f));
  return f32v_fma(half, f32v_erf(f32v_mul(x, f32v_set1(0.70710678118f))), half);
}

static inline f32v f32v_gelu_tanh(f32v x) {
  f32v inner = f32v_fma(f32v_mul(x, x), f32v_set1(0.044715f * 0.79788456080f), f32v_set1(0.79788456080f));
  f32v half = f32v_mul(x, f32v_set1(0.5f));
  return f32v_fma(half, f32v_tanh(f32v_mul(x, inner)), half);
}

// x * t / (t + 2) for t = e^x (e^x + 2), which is tanh(log(1 + e^x)).
static inline f32v f32v_mish(f32v x) {
  f32v e = f32v_exp(f32v_min(f32v_set1(20.0f), x)), t = f32v_mul(e, f32v_add(e, f32v_set1(2.0f)));
  return f32v_mul(f32v_max(f32v_set1(-200.0f), x), f32v_div(t, f32v_add(t, f32v_set1(2.0f))));
}
