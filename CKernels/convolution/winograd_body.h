// Winograd's transforms for 3x3 filters, written once for all vector widths: interpolation at 0, 1, -1 and infinity for 2x2
// outputs, at 2 and -2 as well for 4x4 (Lavin and Gray, 2015).
#include "../gemm/activation.h"

// One row or column of a tile. `size` is 2 or 4.
CK_INLINE void transform_input(const f32v d[6], f32v r[6], const int size) {
  if (size == 2) {
    r[0] = f32v_sub(d[0], d[2]);
    r[1] = f32v_add(d[1], d[2]);
    r[2] = f32v_sub(d[2], d[1]);
    r[3] = f32v_sub(d[3], d[1]);
    return;
  }
  const f32v two = f32v_set1(2), four = f32v_set1(4), five = f32v_set1(5);
  const f32v even = f32v_fnma(four, d[2], d[4]), odd = f32v_fnma(four, d[1], d[3]);
  const f32v even2 = f32v_sub(d[4], d[2]), odd2 = f32v_mul(two, f32v_sub(d[3], d[1]));
  r[0] = f32v_fma(four, d[0], f32v_fnma(five, d[2], d[4]));
  r[1] = f32v_add(even, odd);
  r[2] = f32v_sub(even, odd);
  r[3] = f32v_add(even2, odd2);
  r[4] = f32v_sub(even2, odd2);
  r[5] = f32v_fma(four, d[1], f32v_fnma(five, d[3], d[5]));
}

CK_INLINE void transform_output(const f32v m[6], f32v y[4], const int size) {
  const f32v sum = f32v_add(m[1], m[2]), difference = f32v_sub(m[1], m[2]);
  if (size == 2) {
    y[0] = f32v_add(m[0], sum);
    y[1] = f32v_add(difference, m[3]);
    return;
  }
  const f32v sum2 = f32v_add(m[3], m[4]), difference2 = f32v_sub(m[3], m[4]);
  y[0] = f32v_add(m[0], f32v_add(sum, sum2));
  y[1] = f32v_fma(f32v_set1(2), difference2, difference);
  y[2] = f32v_fma(f32v_set1(4), sum2, sum);
  y[3] = f32v_add(f32v_fma(f32v_set1(8), difference2, difference), m[5]);
}

CK_INLINE void input(const float *patch, size_t row, size_t c, float *to, size_t step, const int size) {
  for (size_t lane = 0; lane < c; lane += F32V_LANES, patch += F32V_LANES, to += F32V_LANES) {
    f32v columns[6][6];
#pragma clang loop unroll(full)
    for (int x = 0; x < size + 2; ++x) {
      f32v d[6];
#pragma clang loop unroll(full)
      for (int y = 0; y < size + 2; ++y) d[y] = f32v_load(patch + (size_t)y * row + (size_t)x * c);
      transform_input(d, columns[x], size);
    }
#pragma clang loop unroll(full)
    for (int y = 0; y < size + 2; ++y) {
      f32v d[6], r[6];
#pragma clang loop unroll(full)
      for (int x = 0; x < size + 2; ++x) d[x] = columns[x][y];
      transform_input(d, r, size);
#pragma clang loop unroll(full)
      for (int x = 0; x < size + 2; ++x) f32v_store(to + (size_t)(y * (size + 2) + x) * step, r[x]);
    }
  }
}

// Transforms columns, then rows; row y of the result is `rows[y]`.
CK_INLINE void results_of(const float *sums, size_t step, f32v rows[4][4], const int size) {
  f32v columns[6][4];
#pragma clang loop unroll(full)
  for (int x = 0; x < size + 2; ++x) {
    f32v m[6];
#pragma clang loop unroll(full)
    for (int y = 0; y < size + 2; ++y) m[y] = f32v_load(sums + (size_t)(y * (size + 2) + x) * step);
    transform_output(m, columns[x], size);
  }
#pragma clang loop unroll(full)
  for (int y = 0; y < size; ++y) {
    f32v m[6];
#pragma clang loop unroll(full)
    for (int x = 0; x < size + 2; ++x) m[x] = columns[x][y];
    transform_output(m, rows[y], size);
  }
}

CK_INLINE void finish_pixel(const ck_winograd_results *r, f32v x, f32v bias, size_t place, const ck_function kind) {
  x = f32v_fma(x, f32v_set1(r->scale), bias);
  const f32v residual = r->residual ? f32v_load(r->residual + place) : f32v_set1(0);
  if (!r->residual_last) x = f32v_add(x, residual);
  x = activate(x, &r->activation, kind);
  if (r->residual_last) x = f32v_add(x, residual);
  f32v_store(r->out + place, x);
}

CK_INLINE void finish_with(const ck_winograd_results *r, const f32v *values, f32v bias, size_t lane, const int size,
                           const ck_function kind) {
  for (size_t y = 0; y < r->height; ++y)
    for (size_t x = 0; x < r->width; ++x) finish_pixel(r, values[y * (size_t)size + x], bias, y * r->row + x * r->c + lane, kind);
}

// Values of any activation, and tiles that reach past the image.
CK_INLINE void finish_any(const ck_winograd_results *r, const f32v *values, f32v bias, size_t lane, const int size) {
  switch (r->activation.kind) {
// A loop of its own for each is faster than a choice within the loop.
#define CK_FUSABLE(cost, NAME, name, vector, scalar) \
  case CK_FUNCTION_##NAME: finish_with(r, values, bias, lane, size, CK_FUNCTION_##NAME); break;
    CK_FUNCTIONS(CK_FUSABLE, CK_NOTHING, CK_NOTHING)
#undef CK_FUSABLE
    default: finish_with(r, values, bias, lane, size, CK_FUNCTION_IDENTITY);
  }
}

CK_INLINE void output(const float *sums, size_t step, const ck_winograd_results *r, const int size) {
  const int is_whole = r->height == (size_t)size && r->width == (size_t)size;
  for (size_t lane = 0; lane < r->c; lane += F32V_LANES) {
    const f32v bias = r->bias ? f32v_load(r->bias + lane) : f32v_set1(0);
    f32v rows[4][4];
    results_of(sums + lane, step, rows, size);
    if (is_whole && (r->activation.kind == CK_FUNCTION_IDENTITY || r->activation.kind == CK_FUNCTION_RELU) && !r->residual_last) {
      const f32v low = f32v_set1(r->activation.kind == CK_FUNCTION_RELU ? 0 : -INFINITY), scale = f32v_set1(r->scale);
#pragma clang loop unroll(full)
      for (int y = 0; y < size; ++y)
#pragma clang loop unroll(full)
        for (int x = 0; x < size; ++x) {
          const size_t place = (size_t)y * r->row + (size_t)x * r->c + lane;
          f32v value = f32v_fma(rows[y][x], scale, bias);
          if (r->residual) value = f32v_add(value, f32v_load(r->residual + place));
          f32v_store(r->out + place, f32v_max(low, value));
        }
      continue;
    }
    f32v values[16];
#pragma clang loop unroll(full)
    for (int y = 0; y < size; ++y)
#pragma clang loop unroll(full)
      for (int x = 0; x < size; ++x) values[y * size + x] = rows[y][x];
    finish_any(r, values, bias, lane, size);
  }
}

static void CK_FN(f32_winograd2_input)(const float *patch, size_t row, size_t c, float *to, size_t step) {
  input(patch, row, c, to, step, 2);
}
static void CK_FN(f32_winograd4_input)(const float *patch, size_t row, size_t c, float *to, size_t step) {
  input(patch, row, c, to, step, 4);
}
static void CK_FN(f32_winograd2_output)(const float *sums, size_t step, const ck_winograd_results *results) {
  output(sums, step, results, 2);
}
static void CK_FN(f32_winograd4_output)(const float *sums, size_t step, const ck_winograd_results *results) {
  output(sums, step, results, 4);
}

const ck_winograd_kernels CK_FN(winograd) = {
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "winograd.inc"
#undef CK_KERNEL
};
