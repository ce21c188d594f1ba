/// The register tile of a float matrix product, written once for all vector widths.
///
/// Included after simd/f32_<isa>.h by a file that has defined MR and NR (two vectors).
#include "activation.h"

enum { GROUPS = (MR + 2) / 3 };

/// Rows are reached from one pointer per three rows: row 3g + i is at `row[g] + i * step`; k counts from there.
CK_INLINE void multiply(f32v acc[MR][2], const float *const row[GROUPS], size_t step, const int k,
                        const float *b, const int rows, const int vectors) {
  f32v bv[2];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) bv[v] = f32v_load(b + v * F32V_LANES);
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) {
    f32v a = f32v_set1(row[m / 3][(size_t)(m % 3) * step + (size_t)k]);
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) acc[m][v] = f32v_fma(a, bv[v], acc[m][v]);
  }
}

/// Multiplies `unroll` consecutive k; sum k goes to chain k % split.
CK_INLINE void multiply_run(f32v acc[8][MR][2], const float *const row[GROUPS], size_t step, const float *b, const int rows,
                            const int vectors, const int split, const int unroll) {
#if defined(__aarch64__)
  f32v a[MR];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) a[m] = f32v_load(row[m / 3] + (size_t)(m % 3) * step);
#define MULTIPLY_LANE(u)                                                                                         \
  for (int v = 0; v < vectors; ++v) {                                                                            \
    const f32v bv = f32v_load(b + u * NR + v * F32V_LANES);                                                      \
    for (int m = 0; m < rows; ++m) acc[u % split][m][v] = vfmaq_laneq_f32(acc[u % split][m][v], bv, a[m], u);    \
  }
  MULTIPLY_LANE(0) MULTIPLY_LANE(1) MULTIPLY_LANE(2) MULTIPLY_LANE(3)
  (void)unroll;
#else
#pragma clang loop unroll(full)
  for (int u = 0; u < unroll; ++u) multiply(acc[u % split], row, step, u, b + u * NR, rows, vectors);
#endif
}

/// `split` chains of sums per result hide the latency of f32v_fma in low tiles.
CK_INLINE void tile(const ck_f32_gemm_tile *t, const int rows, const int vectors, const int split) {
  f32v acc[8][MR][2];
#pragma clang loop unroll(full)
  for (int u = 0; u < split; ++u)
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; ++v) acc[u][m][v] = f32v_set1(0);

  const int unroll = split < 4 ? 4 : split;
  const size_t step = t->a_row, block = t->a_block;
  const ck_f32_tap *tap = t->taps;
  for (size_t taps = t->tap_count; taps > 0; --taps, ++tap) {
    const float *b = t->b + tap->b;
    const float *row[GROUPS];
#pragma clang loop unroll(full)
    for (int g = 0; 3 * g < rows; ++g) row[g] = t->a + tap->a + (size_t)(3 * g) * step;
    size_t k = t->k;
    for (; k >= F32V_LANES; k -= F32V_LANES) {
#pragma clang loop unroll(disable)
      for (int i = 0; i < F32V_LANES; i += unroll) {
        // Keeps one pointer per group of rows: left alone, the compiler makes one per row and spills them.
#pragma clang loop unroll(full)
        for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));
        multiply_run(acc, row, step, b, rows, vectors, split, unroll);
#pragma clang loop unroll(full)
        for (int g = 0; 3 * g < rows; ++g) row[g] += unroll;
        b += unroll * NR;
      }
#pragma clang loop unroll(full)
      for (int g = 0; 3 * g < rows; ++g) row[g] += block - F32V_LANES;
    }
#pragma clang loop unroll(disable)
    for (; k > 0; --k) {
      multiply(acc[0], row, step, 0, b, rows, vectors);
#pragma clang loop unroll(full)
      for (int g = 0; 3 * g < rows; ++g) row[g] += 1;
      b += NR;
    }
  }
#pragma clang loop unroll(full)
  for (int u = 1; u < split; ++u)
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; ++v) acc[0][m][v] = f32v_add(acc[0][m][v], acc[u][m][v]);

  f32v scale = f32v_set1(t->scale);
  f32v bias[2];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) bias[v] = t->bias ? f32v_load(t->bias + v * F32V_LANES) : f32v_set1(0);
  // Only the last vector of a tile may be partial.
  const size_t last = t->columns - (size_t)(vectors - 1) * F32V_LANES;
  const float *residual = t->residual;
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) {
      const size_t n = v + 1 < vectors ? F32V_LANES : last;
      float *out = t->out + (size_t)m * t->o_row + (size_t)v * t->o_block;
      f32v x = acc[0][m][v];
      x = f32v_fma(x, scale, bias[v]);
      f32v r = f32v_set1(0);
      if (residual) {
        const float *from = residual + (size_t)m * t->r_row + (size_t)v * t->r_block;
        r = n == F32V_LANES ? f32v_load(from) : f32v_load_partial(from, n);
        if (!t->residual_last) x = f32v_add(x, r);
      }
      x = activate(x, &t->activation);
      if (t->residual_last) x = f32v_add(x, r);
      if (n == F32V_LANES) f32v_store(out, x);
      else f32v_store_partial(out, x, n);
    }
  }
}

#define SPLIT(rows, vectors) ((rows) * (vectors) <= 1 && F32V_LANES >= 8 ? 8 : (rows) * (vectors) <= 3 ? 4 : (rows) * (vectors) <= 6 ? 2 : 1)
#define TILE(rows)                                                                                               \
  static void tile_##rows##x1(const ck_f32_gemm_tile *t) { tile(t, rows, 1, SPLIT(rows, 1)); }                   \
  static void tile_##rows##x2(const ck_f32_gemm_tile *t) { tile(t, rows, 2, SPLIT(rows, 2)); }
#define TILE_PAIR(rows) {tile_##rows##x1, tile_##rows##x2}

CK_INLINE void run_tile(const ck_f32_gemm_tile *t, ck_f32_gemm_kernel *kernel) {
  if (!needs_finish(&t->activation)) {
    kernel(t);
    return;
  }
  // The sum goes to a buffer: the residual, which is still needed, may be the result itself.
  float buffer[MR * NR];
  ck_f32_gemm_tile sum = *t;
  sum.out = buffer;
  sum.o_row = NR;
  sum.o_block = F32V_LANES;
  if (t->residual_last) sum.residual = NULL;
  kernel(&sum);
  finish(t, buffer);
}
