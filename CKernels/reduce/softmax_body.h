// Softmax over any f32_<isa>.h.

ALWAYS_INLINE f32v softmax_input(const float *x, f32v scale, const float *mask, size_t at, size_t lanes) {
  if (lanes == F32V_LANES) {
    f32v v = f32v_load(x + at);
    return mask ? f32v_fma(v, scale, f32v_load(mask + at)) : f32v_mul(v, scale);
  }
  f32v v = f32v_load_partial(x + at, lanes);
  return mask ? f32v_fma(v, scale, f32v_load_partial(mask + at, lanes)) : f32v_mul(v, scale);
}

// The sum of exp(scale * x + mask - origin), in lanes for `span` elements and in double precision beyond; stored to `y` if there.
ALWAYS_INLINE float sum_exp(size_t n, const float *x, f32v scale, const float *mask, f32v origin, float *y) {
  double sum = 0;
  for (size_t begin = 0; begin < n; begin += span) {
    size_t end = n - begin < span ? n : begin + span, i = begin;
    f32v total = f32v_set1(0.0f);
    for (; i + F32V_LANES <= end; i += F32V_LANES) {
      f32v e = f32v_exp(f32v_sub(softmax_input(x, scale, mask, i, F32V_LANES), origin));
      if (y) f32v_store(y + i, e);
      total = f32v_add(total, e);
    }
    if (i < end) {
      f32v e = f32v_exp(f32v_sub(softmax_input(x, scale, mask, i, end - i), origin));
      if (y) f32v_store_partial(y + i, e, end - i);
      total = f32v_add(total, f32v_first_of(end - i, e, f32v_set1(0.0f)));
    }
    sum += f32v_sum(total);
  }
  return (float)sum;
}

static float CK_FN(f32_sum_exp)(size_t n, const float *x, float origin) {
  return sum_exp(n, x, f32v_set1(1.0f), NULL, f32v_set1(origin), NULL);
}

ALWAYS_INLINE void softmax_row(size_t n, const float *x, f32v scale, const float *mask, int forgiving, float *y) {
  f32v least = f32v_set1(-INFINITY), top = least, second = least;
  size_t i = 0;
  for (; i + 2 * F32V_LANES <= n; i += 2 * F32V_LANES) {
    top = f32v_max_nan(top, softmax_input(x, scale, mask, i, F32V_LANES));
    second = f32v_max_nan(second, softmax_input(x, scale, mask, i + F32V_LANES, F32V_LANES));
  }
  for (; i < n; i += F32V_LANES) {
    size_t lanes = n - i < F32V_LANES ? n - i : F32V_LANES;
    top = f32v_max_nan(top, f32v_first_of(lanes, softmax_input(x, scale, mask, i, lanes), least));
  }
  float origin = join_lanes(CK_REDUCE_MAX, f32v_max_nan(top, second));
  if (forgiving && origin == -INFINITY) origin = 0;
  float sum = sum_exp(n, x, scale, mask, f32v_set1(origin), y);
  f32v factor = f32v_set1(forgiving && sum == 0 ? 0 : 1 / sum);
  for (i = 0; i + F32V_LANES <= n; i += F32V_LANES) f32v_store(y + i, f32v_mul(f32v_load(y + i), factor));
  if (i < n) f32v_store_partial(y + i, f32v_mul(f32v_load_partial(y + i, n - i), factor), n - i);
}

static float CK_FN(f32_exp_row)(size_t n, const float *x, float *y) {
  float origin = reduce_span(CK_REDUCE_MAX, n, x);
  return sum_exp(n, x, f32v_set1(1.0f), NULL, f32v_set1(origin), y);
}

static void CK_FN(f32_softmax_row)(size_t n, const float *x, float scale, const float *mask, int forgiving, float *y) {
  f32v s = f32v_set1(scale);
  if (mask) softmax_row(n, x, s, mask, forgiving, y);
  else softmax_row(n, x, s, NULL, forgiving, y);
}

static void CK_FN(f32_log_softmax_row)(size_t n, const float *x, float *y) {
  float origin = reduce_row(CK_REDUCE_MAX, n, x);
  f32v o = f32v_set1(origin), l = f32v_log(f32v_set1(CK_FN(f32_sum_exp)(n, x, origin)));
  size_t i = 0;
  for (; i + F32V_LANES <= n; i += F32V_LANES) f32v_store(y + i, f32v_sub(f32v_sub(f32v_load(x + i), o), l));
  if (i < n) f32v_store_partial(y + i, f32v_sub(f32v_sub(f32v_load_partial(x + i, n - i), o), l), n - i);
}

// One vector of columns, all of its lanes or the first `lanes` of them.
ALWAYS_INLINE f32v column(const float *x, int whole, size_t lanes) { return whole ? f32v_load(x) : f32v_load_partial(x, lanes); }
ALWAYS_INLINE void store_column(float *y, f32v v, int whole, size_t lanes) {
  if (whole) f32v_store(y, v);
  else f32v_store_partial(y, v, lanes);
}

ALWAYS_INLINE void softmax_column(int logarithm, size_t n, const float *x, size_t stride, float *y, int whole, size_t lanes) {
  f32v top = f32v_set1(-INFINITY), total = f32v_set1(0.0f);
  for (size_t i = 0; i < n; ++i) top = f32v_max_nan(top, column(x + i * stride, whole, lanes));
  for (size_t i = 0; i < n; ++i) {
    f32v e = f32v_exp(f32v_sub(column(x + i * stride, whole, lanes), top));
    if (!logarithm) store_column(y + i * stride, e, whole, lanes);
    total = f32v_add(total, e);
  }
  f32v last = logarithm ? f32v_log(total) : f32v_div(f32v_set1(1.0f), total);
  for (size_t i = 0; i < n; ++i) {
    f32v v = logarithm ? f32v_sub(f32v_sub(column(x + i * stride, whole, lanes), top), last)
                       : f32v_mul(column(y + i * stride, whole, lanes), last);
    store_column(y + i * stride, v, whole, lanes);
  }
}

static void CK_FN(f32_softmax_columns)(int logarithm, size_t n, size_t width, const float *x, size_t stride, float *y) {
  size_t k = 0;
  for (; k + F32V_LANES <= width; k += F32V_LANES) softmax_column(logarithm, n, x + k, stride, y + k, 1, F32V_LANES);
  if (k < width) softmax_column(logarithm, n, x + k, stride, y + k, 0, width - k);
}
