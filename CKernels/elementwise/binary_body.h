// Functions of two numbers over any f32_<isa>.h.

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef f32v ck_binary_function(f32v, f32v);

ALWAYS_INLINE f32v squared_difference(f32v a, f32v b) {
  f32v d = f32v_sub(a, b);
  return f32v_mul(d, d);
}
ALWAYS_INLINE f32v prelu(f32v a, f32v b) { return f32v_select(f32v_lt(a, ZERO), f32v_mul(a, b), a); }

// Each variant loops with what does not change held in a register.
ALWAYS_INLINE void binary_rows(ck_binary_function *f, size_t rows, size_t n, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                               const float *b, ptrdiff_t b_row, ptrdiff_t b_step, float *y) {
  if (a_step == 1 && b_step == 1 && n <= 4 * F32V_LANES && rows > 4 && (a_row == 0 || b_row == 0)) {
    // Short rows against one repeated row: a column of vectors at a time.
    for (size_t k = 0; k < n; k += F32V_LANES) {
      size_t width = n - k < F32V_LANES ? n - k : F32V_LANES;
      f32v fixed = f32v_load_partial((a_row == 0 ? a : b) + k, width);
      if (width == F32V_LANES && b_row == 0) {
        for (size_t i = 0; i < rows; ++i) f32v_store(y + i * n + k, f(f32v_load(a + (ptrdiff_t)i * a_row + k), fixed));
      } else if (width == F32V_LANES) {
        for (size_t i = 0; i < rows; ++i) f32v_store(y + i * n + k, f(fixed, f32v_load(b + (ptrdiff_t)i * b_row + k)));
      } else if (b_row == 0) {
        for (size_t i = 0; i < rows; ++i)
          f32v_store_partial(y + i * n + k, f(f32v_load_partial(a + (ptrdiff_t)i * a_row + k, width), fixed), width);
      } else {
        for (size_t i = 0; i < rows; ++i)
          f32v_store_partial(y + i * n + k, f(fixed, f32v_load_partial(b + (ptrdiff_t)i * b_row + k, width)), width);
      }
    }
    return;
  }
  for (size_t i = 0; i < rows; ++i, a += a_row, b += b_row, y += n) {
    size_t k = 0;
    if (a_step == 1 && b_step == 1) {
      for (; k + F32V_LANES <= n; k += F32V_LANES) f32v_store(y + k, f(f32v_load(a + k), f32v_load(b + k)));
      if (k < n) f32v_store_partial(y + k, f(f32v_load_partial(a + k, n - k), f32v_load_partial(b + k, n - k)), n - k);
    } else if (a_step == 1 && b_step == 0) {
      f32v fixed = f32v_set1(*b);
      for (; k + F32V_LANES <= n; k += F32V_LANES) f32v_store(y + k, f(f32v_load(a + k), fixed));
      if (k < n) f32v_store_partial(y + k, f(f32v_load_partial(a + k, n - k), fixed), n - k);
    } else if (a_step == 0 && b_step == 1) {
      f32v fixed = f32v_set1(*a);
      for (; k + F32V_LANES <= n; k += F32V_LANES) f32v_store(y + k, f(fixed, f32v_load(b + k)));
      if (k < n) f32v_store_partial(y + k, f(fixed, f32v_load_partial(b + k, n - k)), n - k);
    } else {
      for (; k < n; ++k)
        f32v_store_partial(y + k, f(f32v_set1(a[(ptrdiff_t)k * a_step]), f32v_set1(b[(ptrdiff_t)k * b_step])), 1);
    }
  }
}

ALWAYS_INLINE f32v power_square(f32v a, f32v b) {
  (void)b;
  return f32v_mul(a, a);
}
ALWAYS_INLINE f32v power_cube(f32v a, f32v b) {
  (void)b;
  return f32v_mul(f32v_mul(a, a), a);
}
ALWAYS_INLINE f32v power_root(f32v a, f32v b) {
  (void)b;
  f32v infinity = f32v_set1(INFINITY);
  return f32v_select(f32v_eq(a, f32v_neg(infinity)), infinity, f32v_add(f32v_sqrt(a), ZERO));
}

#define APPLY(function) binary_rows(function, rows, n, a, a_row, a_step, b, b_row, b_step, y)

static void CK_FN(f32_binary)(ck_binary_kind kind, size_t rows, size_t n, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                              const float *b, ptrdiff_t b_row, ptrdiff_t b_step, float *y) {
  switch (kind) {
    case CK_BINARY_ADD: APPLY(f32v_add); return;
    case CK_BINARY_SUB: APPLY(f32v_sub); return;
    case CK_BINARY_MUL: APPLY(f32v_mul); return;
    case CK_BINARY_DIV: APPLY(f32v_div); return;
    case CK_BINARY_MIN: APPLY(f32v_min_nan); return;
    case CK_BINARY_MAX: APPLY(f32v_max_nan); return;
    case CK_BINARY_SQUARED_DIFFERENCE: APPLY(squared_difference); return;
    case CK_BINARY_PRELU: APPLY(prelu); return;
    case CK_BINARY_POW:
      if (b_step == 0 && b_row == 0) {
        if (*b == 2.0f) {
          APPLY(power_square);
          return;
        }
        if (*b == 3.0f) {
          APPLY(power_cube);
          return;
        }
        if (*b == 0.5f) {
          APPLY(power_root);
          return;
        }
      }
      break;
    default: break;
  }
  for (size_t i = 0; i < rows; ++i)
    for (size_t k = 0; k < n; ++k)
      y[i * n + k] = ck_f32_binary_libm(kind, a[(ptrdiff_t)i * a_row + (ptrdiff_t)k * a_step],
                                        b[(ptrdiff_t)i * b_row + (ptrdiff_t)k * b_step]);
}

typedef f32m ck_compare_function(f32v, f32v);

ALWAYS_INLINE f32v load_step(const float *p, ptrdiff_t step, size_t k, size_t width) {
  return step == 0 ? f32v_set1(*p) : f32v_load_partial(p + k, width);
}

ALWAYS_INLINE void compare_rows(ck_compare_function *f, size_t rows, size_t n, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                                const float *b, ptrdiff_t b_row, ptrdiff_t b_step, uint8_t *y) {
  for (size_t i = 0; i < rows; ++i, a += a_row, b += b_row, y += n) {
    uint8_t rest[F32V_LANES];
    size_t k = 0;
    if ((a_step | b_step) >> 1 != 0) {
      for (; k < n; ++k) {
        f32m_store_u8(rest, f(f32v_set1(a[(ptrdiff_t)k * a_step]), f32v_set1(b[(ptrdiff_t)k * b_step])));
        y[k] = rest[0];
      }
      continue;
    }
    for (; k + F32V_LANES <= n; k += F32V_LANES)
      f32m_store_u8(y + k, f(load_step(a, a_step, k, F32V_LANES), load_step(b, b_step, k, F32V_LANES)));
    if (k < n) {
      f32m_store_u8(rest, f(load_step(a, a_step, k, n - k), load_step(b, b_step, k, n - k)));
      memcpy(y + k, rest, n - k);
    }
  }
}

#define COMPARE(function, p, q) compare_rows(function, rows, n, p, p##_row, p##_step, q, q##_row, q##_step, y)

static void CK_FN(f32_compare)(ck_compare_kind kind, size_t rows, size_t n, const float *a, ptrdiff_t a_row, ptrdiff_t a_step,
                               const float *b, ptrdiff_t b_row, ptrdiff_t b_step, uint8_t *y) {
  switch (kind) {
    case CK_EQUAL: COMPARE(f32v_eq, a, b); return;
    case CK_NOT_EQUAL: COMPARE(f32v_ne, a, b); return;
    case CK_LESS: COMPARE(f32v_lt, a, b); return;
    case CK_LESS_OR_EQUAL: COMPARE(f32v_le, a, b); return;
    case CK_GREATER: COMPARE(f32v_lt, b, a); return;
    case CK_GREATER_OR_EQUAL: COMPARE(f32v_le, b, a); return;
  }
}

static void CK_FN(f32_scale_shift_rows)(size_t rows, size_t c, const float *x, const float *scale, const float *shift, float *y) {
  for (size_t k = 0; k < c; k += F32V_LANES) {
    size_t width = c - k < F32V_LANES ? c - k : F32V_LANES;
    f32v s = scale ? f32v_load_partial(scale + k, width) : ONE, t = shift ? f32v_load_partial(shift + k, width) : ZERO;
    if (width == F32V_LANES) {
      for (size_t i = 0; i < rows; ++i) f32v_store(y + i * c + k, f32v_fma(f32v_load(x + i * c + k), s, t));
    } else {
      for (size_t i = 0; i < rows; ++i)
        f32v_store_partial(y + i * c + k, f32v_fma(f32v_load_partial(x + i * c + k, width), s, t), width);
    }
  }
}
