// Pooling over any f32_<isa>.h.
#include "../simd/f32_math.h"
#include "kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { tile = 4 };

ALWAYS_INLINE f32v join(int maximum, f32v total, f32v v) { return maximum ? f32v_max_nan(total, v) : f32v_add(total, v); }

// Four windows of `kernel` columns next to each other that lie inside; a kernel of 0 stands for `kernel_w`.
ALWAYS_INLINE void pool_tile(const int maximum, const int kernel, size_t kernel_w, size_t rows, const float *x, size_t x_row,
                             size_t tap, size_t step, float factor, float *y, size_t c) {
  f32v start = f32v_set1(maximum ? -INFINITY : 0), total[tile];
  UNROLL for (int t = 0; t < tile; ++t) total[t] = start;
  size_t columns = kernel ? (size_t)kernel : kernel_w;
  for (size_t i = 0; i < rows; ++i, x += x_row)
    for (size_t j = 0; j < columns; ++j)
      UNROLL for (int t = 0; t < tile; ++t) total[t] = join(maximum, total[t], f32v_load(x + (size_t)t * step + j * tap));
  f32v f = f32v_set1(factor);
  UNROLL for (int t = 0; t < tile; ++t) f32v_store(y + (size_t)t * c, maximum ? total[t] : f32v_mul(total[t], f));
}

ALWAYS_INLINE void pool_plane(const int maximum, ck_pool_kind kind, const ck_pool_shape *s, size_t c, const float *x, float *y) {
  size_t tap = s->dilation_w * c, step = s->stride_w * c, x_row = s->dilation_h * s->in_w * c;
  for (size_t row = 0; row < s->out_h; ++row, y += s->out_w * c) {
    ck_window v = ck_window_of(kind, row, s->kernel_h, s->stride_h, s->dilation_h, s->pad_top, s->pad_bottom, s->in_h);
    size_t rows = v.end - v.begin;
    const float *from_row = x + (rows ? (size_t)(v.start + (ptrdiff_t)(v.begin * s->dilation_h)) * s->in_w * c : 0);
    for (size_t out = 0; out < s->out_w;) {
      ptrdiff_t left = (ptrdiff_t)(out * s->stride_w) - (ptrdiff_t)s->pad_left;
      if (left >= 0 && out + tile <= s->out_w &&
          (size_t)left + (tile - 1) * s->stride_w + (s->kernel_w - 1) * s->dilation_w < s->in_w) {
        float factor = ck_window_factor(v.counted * s->kernel_w);
        for (size_t lane = 0; lane < c; lane += F32V_LANES) {
          const float *from = from_row + (size_t)left * c + lane;
          float *to = y + out * c + lane;
          if (s->kernel_w == 3) pool_tile(maximum, 3, 3, rows, from, x_row, tap, step, factor, to, c);
          else if (s->kernel_w == 2) pool_tile(maximum, 2, 2, rows, from, x_row, tap, step, factor, to, c);
          else pool_tile(maximum, 0, s->kernel_w, rows, from, x_row, tap, step, factor, to, c);
        }
        out += tile;
        continue;
      }
      ck_window h = ck_window_of(kind, out, s->kernel_w, s->stride_w, s->dilation_w, s->pad_left, s->pad_right, s->in_w);
      f32v factor = f32v_set1(ck_window_factor(v.counted * h.counted));
      for (size_t lane = 0; lane < c; lane += F32V_LANES) {
        f32v total = f32v_set1(maximum ? -INFINITY : 0);
        for (size_t i = 0; i < rows; ++i)
          for (size_t j = h.begin; j < h.end; ++j)
            total = join(maximum, total,
                         f32v_load(from_row + i * x_row + (size_t)(h.start + (ptrdiff_t)(j * s->dilation_w)) * c + lane));
        f32v_store(y + out * c + lane, maximum ? total : f32v_mul(total, factor));
      }
      ++out;
    }
  }
}

static void CK_FN(f32_pool_blocked)(ck_pool_kind kind, const ck_pool_shape *shape, size_t c, const float *x, float *y) {
  if (kind == CK_POOL_MAX) pool_plane(1, kind, shape, c, x, y);
  else pool_plane(0, kind, shape, c, x, y);
}

// Neighboring results in lanes. At stride 2 two vectors are read and their even elements kept.
ALWAYS_INLINE f32v even_lanes(const float *x) {
#if F32V_LANES == 16
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  return _mm512_permutex2var_ps(_mm512_loadu_ps(x), even, _mm512_maskz_loadu_ps(0x7fff, x + 16));
#elif F32V_LANES == 8
  __m256 a = _mm256_loadu_ps(x), b = _mm256_maskload_ps(x + 8, f32v_first(7));
  return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88)), 0xd8));
#elif F32V_LANES == 4
  float32x4_t a = vld1q_f32(x), b = vcombine_f32(vld1_f32(x + 4), vdup_n_f32(x[6]));
  return vuzp1q_f32(a, b);
#else
  return f32v_load(x);
#endif
}

ALWAYS_INLINE void pool_row(const int maximum, const int stride, size_t count, size_t kernel_w, size_t taps, const float *x,
                            size_t x_row, float *y) {
  size_t o = 0;
  for (; o + F32V_LANES <= count; o += F32V_LANES) {
    f32v total = f32v_set1(maximum ? -INFINITY : 0);
    for (size_t i = 0; i < taps; ++i)
      for (size_t j = 0; j < kernel_w; ++j) {
        const float *from = x + i * x_row + o * (size_t)stride + j;
        total = join(maximum, total, stride == 1 ? f32v_load(from) : even_lanes(from));
      }
    f32v_store(y + o, total);
  }
  for (; o < count; ++o) {
    f32v total = f32v_set1(maximum ? -INFINITY : 0);
    for (size_t i = 0; i < taps; ++i)
      for (size_t j = 0; j < kernel_w; ++j) total = join(maximum, total, f32v_set1(x[i * x_row + o * (size_t)stride + j]));
    f32v_store_partial(y + o, total, 1);
  }
}

static void CK_FN(f32_pool_row)(int maximum, size_t count, size_t kernel_w, size_t stride_w, size_t taps, const float *x,
                                size_t x_row, float *y) {
  if (stride_w == 1 && maximum) pool_row(1, 1, count, kernel_w, taps, x, x_row, y);
  else if (stride_w == 1) pool_row(0, 1, count, kernel_w, taps, x, x_row, y);
  else if (maximum) pool_row(1, 2, count, kernel_w, taps, x, x_row, y);
  else pool_row(0, 2, count, kernel_w, taps, x, x_row, y);
}

const ck_pooling_kernels CK_FN(pooling) = {
    .lanes = F32V_LANES,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "pooling.inc"
#undef CK_KERNEL
};
