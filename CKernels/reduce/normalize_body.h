// Normalizations over any f32_<isa>.h.

ALWAYS_INLINE float squares_around(size_t n, const float *x, f32v mean) {
  f32v zero = f32v_set1(0.0f), a = zero, b = zero;
  size_t i = 0;
  for (; i + 2 * F32V_LANES <= n; i += 2 * F32V_LANES) {
    f32v p = f32v_sub(f32v_load(x + i), mean), q = f32v_sub(f32v_load(x + i + F32V_LANES), mean);
    a = f32v_fma(p, p, a);
    b = f32v_fma(q, q, b);
  }
  for (; i + F32V_LANES <= n; i += F32V_LANES) {
    f32v p = f32v_sub(f32v_load(x + i), mean);
    a = f32v_fma(p, p, a);
  }
  if (i < n) {
    size_t lanes = n - i;
    f32v p = f32v_first_of(lanes, f32v_sub(f32v_load_partial(x + i, lanes), mean), zero);
    a = f32v_fma(p, p, a);
  }
  return f32v_sum(f32v_add(a, b));
}

static void CK_FN(f32_moments)(size_t n, const float *x, float *mean, float *variance) {
  *mean = reduce_row(CK_REDUCE_SUM, n, x) / (float)n;
  f32v m = f32v_set1(*mean);
  double total = 0;
  for (size_t i = 0; i < n; i += span) total += squares_around(n - i < span ? n - i : span, x + i, m);
  *variance = (float)(total / (double)n);
}

static void CK_FN(f32_add_rows)(size_t n, const float *x, const float *residual, float *sum) {
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) f32v_store(sum + i, f32v_add(f32v_load(x + i), f32v_load(residual + i)));
  if (i < n)
    f32v_store_partial(sum + i, f32v_add(f32v_load_partial(x + i, n - i), f32v_load_partial(residual + i, n - i)), n - i);
}

ALWAYS_INLINE void normalize_row(size_t n, const float *x, f32v mean, f32v factor, const float *gamma, const float *beta,
                                 float *y) {
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) {
    f32v v = f32v_mul(f32v_sub(f32v_load(x + i), mean), factor);
    if (gamma) v = f32v_mul(v, f32v_load(gamma + i));
    if (beta) v = f32v_add(v, f32v_load(beta + i));
    f32v_store(y + i, v);
  }
  if (i < n) {
    f32v v = f32v_mul(f32v_sub(f32v_load_partial(x + i, n - i), mean), factor);
    if (gamma) v = f32v_mul(v, f32v_load_partial(gamma + i, n - i));
    if (beta) v = f32v_add(v, f32v_load_partial(beta + i, n - i));
    f32v_store_partial(y + i, v, n - i);
  }
}

static void CK_FN(f32_normalize_row)(size_t n, const float *x, float mean, float factor, const float *gamma, const float *beta,
                                     float *y) {
  f32v m = f32v_set1(mean), f = f32v_set1(factor);
  if (gamma && beta) normalize_row(n, x, m, f, gamma, beta, y);
  else if (gamma) normalize_row(n, x, m, f, gamma, NULL, y);
  else normalize_row(n, x, m, f, NULL, beta, y);
}

// The vectors of one pixel: body sees `at`, an offset into `gamma`, and `lanes`.
#define FOR_LANES(block)                                       \
  for (size_t k = 0, block = 0; k < channels; k += c, ++block) \
    for (size_t i = 0, lanes; i < c && k + i < channels && (lanes = lanes_left(c - i, channels - k - i)) > 0; i += F32V_LANES)

ALWAYS_INLINE size_t lanes_left(size_t in_block, size_t in_row) {
  size_t left = in_block < in_row ? in_block : in_row;
  return left < F32V_LANES ? left : F32V_LANES;
}

ALWAYS_INLINE f32v load_lanes(const float *x, size_t lanes) {
  return lanes == F32V_LANES ? f32v_load(x) : f32v_load_partial(x, lanes);
}

ALWAYS_INLINE void normalize_pixel(size_t channels, size_t c, float epsilon, const float *x, size_t x_block, const float *gamma,
                                   const float *beta, float *y, size_t y_block) {
  f32v zero = f32v_set1(0.0f), total = zero;
  FOR_LANES(b) total = f32v_add(total, load_lanes(x + b * x_block + i, lanes));
  f32v mean = f32v_set1(f32v_sum(total) / (float)channels), squares = zero;
  FOR_LANES(b) {
    f32v d = f32v_sub(load_lanes(x + b * x_block + i, lanes), mean);
    if (lanes < F32V_LANES) d = f32v_first_of(lanes, d, zero);
    squares = f32v_fma(d, d, squares);
  }
  f32v factor = f32v_set1(1 / sqrtf(f32v_sum(squares) / (float)channels + epsilon));
  FOR_LANES(b) {
    f32v v = f32v_mul(f32v_sub(load_lanes(x + b * x_block + i, lanes), mean), factor);
    if (gamma) v = f32v_mul(v, load_lanes(gamma + k + i, lanes));
    if (beta) v = f32v_add(v, load_lanes(beta + k + i, lanes));
    if (lanes == F32V_LANES) f32v_store(y + b * y_block + i, v);
    else f32v_store_partial(y + b * y_block + i, v, lanes);
  }
}

static void CK_FN(f32_normalize_pixels)(size_t pixels, size_t channels, size_t c, float epsilon, const float *x, size_t x_pixel,
                                        size_t x_block, const float *gamma, const float *beta, float *y, size_t y_pixel,
                                        size_t y_block) {
  for (size_t p = 0; p < pixels; ++p) {
    // Whole vectors, the usual case, are a loop of its own.
    if (c == F32V_LANES && channels % F32V_LANES == 0)
      normalize_pixel(channels / F32V_LANES * F32V_LANES, F32V_LANES, epsilon, x + p * x_pixel, x_block, gamma, beta,
                      y + p * y_pixel, y_block);
    else normalize_pixel(channels, c, epsilon, x + p * x_pixel, x_block, gamma, beta, y + p * y_pixel, y_block);
  }
}
