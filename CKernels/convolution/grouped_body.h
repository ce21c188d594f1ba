// Convolution in narrow groups over any f32_<isa>.h: as a depthwise one, with a sum over the channels of a group.
#include "grouped_kernels.h"

// C: channels of a block, a constant so that the places of neighbouring pixels are.
enum { NR = F32V_LANES, C = F32V_LANES > 1 ? F32V_LANES : 4 };
#include "../gemm/finish.h"

// As many sums, with the weights of three taps, as there are registers.
#if F32V_LANES == 16 || defined(__aarch64__)
enum { PIXELS = 14 };
#else
enum { PIXELS = 8 };
#endif

// Nothing is spread where vectors have one lane.
enum { THREE = F32V_LANES > 1 };

CK_INLINE f32v spread(const float *x, i32v lanes) {
#if F32V_LANES == 1
  return f32v_load(x + lanes);
#else
  return f32v_permute(f32v_load(x), lanes);
#endif
}

// Three neighbouring taps of neighbouring pixels: what is spread serves all results that read it.
CK_INLINE void add_three(const float *x, const float *w, i32v lanes, f32v *sum, const int pixels) {
  const f32v weight[3] = {f32v_load(w), f32v_load(w + C), f32v_load(w + 2 * C)};
#pragma clang loop unroll(full)
  for (int j = 0; j < pixels + 2; ++j) {
    const f32v v = spread(x + j * C, lanes);
#pragma clang loop unroll(full)
    for (int k = 0; k < 3; ++k)
      if (j - k >= 0 && j - k < pixels) sum[j - k] = f32v_fma(v, weight[k], sum[j - k]);
  }
}

// The same for results two pixels apart.
CK_INLINE void add_three_halving(const float *x, const float *w, i32v lanes, f32v *sum, const int pixels) {
  const f32v first = f32v_load(w), second = f32v_load(w + C), third = f32v_load(w + 2 * C);
  f32v left = spread(x, lanes);
#pragma clang loop unroll(full)
  for (int p = 0; p < pixels; ++p) {
    sum[p] = f32v_fma(left, first, sum[p]);
    sum[p] = f32v_fma(spread(x + (2 * p + 1) * C, lanes), second, sum[p]);
    left = spread(x + (2 * p + 2) * C, lanes);
    sum[p] = f32v_fma(left, third, sum[p]);
  }
}

CK_INLINE void add_taps(const ck_grouped_tile *t, const float *x, const float *w, i32v lanes, f32v *sum, const int pixels) {
  for (size_t k = 0; k < t->taps_w; ++k, x += t->x_tap, w += C) {
    const f32v weight = f32v_load(w);
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; ++p) sum[p] = f32v_fma(spread(x + (size_t)p * t->x_step, lanes), weight, sum[p]);
  }
}

CK_INLINE void store(const ck_f32_gemm_tile *r, const f32v *sum, const int pixels, const int adds) {
  const f32v scale = f32v_set1(r->scale), bias = r->bias ? f32v_load(r->bias) : f32v_set1(0);
  const int clips = r->activation.kind == CK_FUNCTION_CLIP, clamps = r->activation.kind != CK_FUNCTION_IDENTITY;
  const f32v low = f32v_set1(clips ? r->activation.p0 : 0), high = f32v_set1(clips ? r->activation.p1 : INFINITY);
#pragma clang loop unroll(full)
  for (int p = 0; p < pixels; ++p) {
    f32v x = f32v_fma(sum[p], scale, bias);
    if (adds) x = f32v_add(x, f32v_load(r->residual + p * C));
    if (clamps) x = f32v_min(high, f32v_max(low, x));
    f32v_store(r->out + p * C, x);
  }
}

CK_INLINE void add_term(const ck_grouped_tile *t, size_t i, const float *row, const float *w, size_t v, f32v *sum,
                        const int pixels, const int stride) {
  const float *x = row + (size_t)t->blocks[i] * t->x_block;
  i32v lanes;
  memcpy(&lanes, t->spread + i * C + v, sizeof lanes);
  if (stride == 1) add_three(x, w, lanes, sum, pixels);
  else if (stride == 2) add_three_halving(x, w, lanes, sum, pixels);
  else add_taps(t, x, w, lanes, sum, pixels);
}

// `stride`: of three neighbouring taps; 0 for any others. Few sums wait for each other: they are made in two parts.
CK_INLINE void grouped(const ck_grouped_tile *t, const int pixels, const int stride) {
  const int parts = 2 * pixels <= PIXELS ? 2 : 1;
  const size_t term_floats = t->taps_w * C;
  f32v sum[PIXELS], other[PIXELS];
  // Vectors of a block: the scalar level's blocks have several.
  for (size_t v = 0; v < C; v += F32V_LANES) {
#pragma clang loop unroll(full)
    for (int p = 0; p < pixels; ++p) sum[p] = other[p] = f32v_set1(0);
    const float *row = t->x, *w = t->weights + v;
    for (size_t ky = 0; ky < t->taps_h; ++ky, row += t->x_row) {
      size_t i = 0;
      for (; parts == 2 && i + 1 < t->terms; i += 2, w += 2 * term_floats) {
        add_term(t, i, row, w, v, sum, pixels, stride);
        add_term(t, i + 1, row, w + term_floats, v, other, pixels, stride);
      }
      for (; i < t->terms; ++i, w += term_floats) add_term(t, i, row, w, v, sum, pixels, stride);
    }
#pragma clang loop unroll(full)
    for (int p = 0; parts == 2 && p < pixels; ++p) sum[p] = f32v_add(sum[p], other[p]);
    ck_f32_gemm_tile results = t->results;
    results.columns = F32V_LANES;
    results.out += v;
    if (results.bias) results.bias += v;
    if (results.residual) results.residual += v;
    if (stores_directly(&results)) {
      if (results.residual) store(&results, sum, pixels, 1);
      else store(&results, sum, pixels, 0);
    } else {
      float sums[PIXELS * F32V_LANES];
#pragma clang loop unroll(full)
      for (int p = 0; p < pixels; ++p) f32v_store(sums + p * F32V_LANES, sum[p]);
      finish(&results, sums);
    }
  }
}

#define TILE(pixels)                                                                  \
  static void taps_##pixels(const ck_grouped_tile *t) { grouped(t, pixels, 0); }      \
  static void three_##pixels(const ck_grouped_tile *t) { grouped(t, pixels, THREE); } \
  static void halving_##pixels(const ck_grouped_tile *t) { grouped(t, pixels, 2 * THREE); }
TILE(1)
TILE(2)
TILE(3)
TILE(4)
TILE(5)
TILE(6)
TILE(7)
TILE(8)
#if F32V_LANES == 16 || defined(__aarch64__)
TILE(9)
TILE(10)
TILE(11)
TILE(12)
TILE(13)
TILE(14)
#endif
#undef TILE

static void CK_FN(f32_grouped)(const ck_grouped_tile *t) {
#define TILE(pixels) {taps_##pixels, three_##pixels, halving_##pixels},
  static void (*const tiles[PIXELS][3])(const ck_grouped_tile *) = {TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7)
                                                                        TILE(8)
#if F32V_LANES == 16 || defined(__aarch64__)
                                                                            TILE(9) TILE(10) TILE(11) TILE(12) TILE(13) TILE(14)
#endif
  };
#undef TILE
  const size_t stride = t->x_step / C;
  tiles[t->results.rows - 1][t->taps_w == 3 && t->x_tap == C && stride <= 2 ? stride : 0](t);
}

const ck_grouped_kernels CK_FN(grouped) = {
    .c = C,
    .pixels = PIXELS,
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "grouped.inc"
#undef CK_KERNEL
};
