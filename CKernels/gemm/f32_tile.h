/// The register tile of a float matrix product, written once for all vector widths.
///
/// Included after simd/f32_<isa>.h by a file that has defined MR and NR (two vectors).
#include "finish.h"

enum {
  GROUPS = (MR + 2) / 3,
  /// Cache lines of weights that F32V_LANES products read beyond those which ``sum`` fetches one step after the other.
  LINES_AHEAD = F32V_LANES * NR / 16 - F32V_LANES / 2,
};

/// Rows are reached from one pointer per three rows: row 3g + i is at `row[g] + i * step`; k counts from there.
CK_INLINE void multiply(f32v acc[MR][2], const float *const row[GROUPS], size_t step, const int k, const float *b, const int rows,
                        const int vectors) {
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
#define MULTIPLY_LANE(u)                                                                                      \
  for (int v = 0; v < vectors; ++v) {                                                                         \
    const f32v bv = f32v_load(b + u * NR + v * F32V_LANES);                                                   \
    for (int m = 0; m < rows; ++m) acc[u % split][m][v] = vfmaq_laneq_f32(acc[u % split][m][v], bv, a[m], u); \
  }
  (void)unroll;
  MULTIPLY_LANE(0) MULTIPLY_LANE(1) MULTIPLY_LANE(2) MULTIPLY_LANE(3)
#else
#pragma clang loop unroll(full)
  for (int u = 0; u < unroll; ++u) multiply(acc[u % split], row, step, u, b + u * NR, rows, vectors);
#endif
}

/// Fetches the same rows of the next tile, one line each.
CK_INLINE void fetch_rows(const float *const row[GROUPS], size_t step, size_t distance, const int rows) {
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) __builtin_prefetch(row[m / 3] + (size_t)(m % 3) * step + distance, 0, 3);
}

/// Fetches row `m` of the result, and of the residual.
CK_INLINE void fetch_result(const ck_f32_gemm_tile *t, size_t m, const int vectors) {
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) {
    __builtin_prefetch(t->out + m * t->o_row + (size_t)v * t->o_block, 1, 3);
    if (t->residual) __builtin_prefetch(t->residual + m * t->r_row + (size_t)v * t->r_block, 0, 3);
  }
}

CK_INLINE void fetch_lines(const float *next) {
#pragma clang loop unroll(full)
  for (int i = 0; i < LINES_AHEAD; ++i) __builtin_prefetch(next + 16 * i, 0, 2);
}

/// `split` chains of sums per result hide the latency of f32v_fma in low tiles.
CK_INLINE void sum(const ck_f32_gemm_tile *t, f32v acc[8][MR][2], const int rows, const int vectors, const int split) {
#pragma clang loop unroll(full)
  for (int u = 0; u < split; ++u)
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; ++v) acc[u][m][v] = f32v_set1(0);

  // Results and residuals arrive while the sums are made: a row with every run of products, what is left at once.
  const size_t runs = t->tap_count * (t->k / F32V_LANES);
  size_t wanted = runs < (size_t)rows ? (size_t)rows - runs : 0;
  for (size_t m = 0; m < wanted; ++m) fetch_result(t, m, vectors);

  const int unroll = split < 4 ? 4 : split;
  const size_t step = t->a_row, block = t->a_block;
  const float *next = t->next_b ? t->next_b : t->b;
  const size_t next_step = t->next_b ? 32 : 0;
  const ck_f32_tap *tap = t->taps;
  for (size_t taps = t->tap_count; taps > 0; --taps, ++tap) {
    const float *b = t->b + tap->b;
    const float *row[GROUPS];
#pragma clang loop unroll(full)
    for (int g = 0; 3 * g < rows; ++g) row[g] = t->a + tap->a + (size_t)(3 * g) * step;
    size_t k = t->k;
    for (; k >= F32V_LANES; k -= F32V_LANES) {
      if (t->next_rows) fetch_rows(row, step, t->next_rows, rows);
      if (t->next_whole) fetch_lines(next + F32V_LANES * 8);
      for (int i = 0; i < 2 && wanted < (size_t)rows; ++i) fetch_result(t, wanted++, vectors);
#pragma clang loop unroll(disable)
      for (int i = 0; i < F32V_LANES; i += unroll) {
        // Keeps one pointer per group of rows: left alone, the compiler makes one per row and spills them.
#pragma clang loop unroll(full)
        for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));
        multiply_run(acc, row, step, b, rows, vectors, split, unroll);
        // Without a branch: with one, the compiler keeps the sums in memory.
        __builtin_prefetch(next, 0, 2);
        __builtin_prefetch(next + 16, 0, 2);
        next += next_step;
#pragma clang loop unroll(full)
        for (int g = 0; 3 * g < rows; ++g) row[g] += unroll;
        b += unroll * NR;
      }
      if (t->next_whole) next += LINES_AHEAD * 16;
#pragma clang loop unroll(full)
      for (int g = 0; 3 * g < rows; ++g) row[g] += block - F32V_LANES;
    }
#pragma clang loop unroll(disable)
    for (; k > 0; --k) {
#pragma clang loop unroll(full)
      for (int g = 0; 3 * g < rows; ++g) __asm__("" : "+r"(row[g]));
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
}

/// Results of whole vectors, straight from the registers.
CK_INLINE void store(const ck_f32_gemm_tile *t, f32v acc[MR][2], const int rows, const int vectors, const int adds,
                     const int clamps) {
  const f32v scale = f32v_set1(t->scale);
  const f32v low = f32v_set1(t->activation.kind == CK_FUNCTION_CLIP ? t->activation.p0 : 0);
  const f32v high = f32v_set1(t->activation.kind == CK_FUNCTION_CLIP ? t->activation.p1 : INFINITY);
  f32v bias[2];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) bias[v] = t->bias ? f32v_load(t->bias + v * F32V_LANES) : f32v_set1(0);
  float *out = t->out;
  const float *residual = t->residual;
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m, out += t->o_row) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) {
      f32v x = f32v_fma(acc[m][v], scale, bias[v]);
      if (adds) x = f32v_add(x, f32v_load(residual + (size_t)v * t->r_block));
      if (clamps) x = f32v_min(high, f32v_max(low, x));
      f32v_store(out + (size_t)v * t->o_block, x);
    }
    if (adds) residual += t->r_row;
  }
}

CK_INLINE void store_sums(const ck_f32_gemm_tile *t, f32v acc[MR][2], const int rows, const int vectors) {
  if (stores_directly(t)) {
    const int adds = t->residual != NULL, clamps = t->activation.kind != CK_FUNCTION_IDENTITY;
    if (!adds && !clamps) store(t, acc, rows, vectors, 0, 0);
    else if (!adds) store(t, acc, rows, vectors, 0, 1);
    else if (!clamps) store(t, acc, rows, vectors, 1, 0);
    else store(t, acc, rows, vectors, 1, 1);
    return;
  }
  float sums[MR * NR];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; ++v) f32v_store(sums + m * NR + v * F32V_LANES, acc[m][v]);
  finish(t, sums);
}

CK_INLINE void tile(const ck_f32_gemm_tile *t, const int rows, const int vectors, const int split) {
  f32v acc[8][MR][2];
  sum(t, acc, rows, vectors, split);
  store_sums(t, acc[0], rows, vectors);
}

/// Sums of a single row with `panels` panels. The weights are read once, so that only reading them takes time: as many panels at
/// a time as there are registers, two products deep.
CK_INLINE void row_sums(const ck_f32_gemm_tile *t, f32v acc[ROW_PANELS][2], const int panels) {
  f32v odd[ROW_PANELS][2];
#pragma clang loop unroll(full)
  for (int p = 0; p < panels; ++p)
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) acc[p][v] = odd[p][v] = f32v_set1(0);
  const size_t panel = t->panel_floats;
  for (size_t tap = 0; tap < t->tap_count; ++tap) {
    const float *a = t->a + t->taps[tap].a, *b = t->b + t->taps[tap].b;
    for (size_t k = t->k; k > 0; a += t->a_block - F32V_LANES) {
      const size_t block = k < F32V_LANES ? k : F32V_LANES;
      size_t i = block;
#pragma clang loop unroll(disable)
      for (; i >= 2; i -= 2, a += 2, b += 2 * NR) {
        const f32v a0 = f32v_set1(a[0]), a1 = f32v_set1(a[1]);
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; ++p)
#pragma clang loop unroll(full)
          for (int v = 0; v < 2; ++v) {
            acc[p][v] = f32v_fma(a0, f32v_load(b + (size_t)p * panel + v * F32V_LANES), acc[p][v]);
            odd[p][v] = f32v_fma(a1, f32v_load(b + (size_t)p * panel + NR + v * F32V_LANES), odd[p][v]);
          }
      }
      if (i > 0) {
        const f32v a0 = f32v_set1(a[0]);
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; ++p)
#pragma clang loop unroll(full)
          for (int v = 0; v < 2; ++v) acc[p][v] = f32v_fma(a0, f32v_load(b + (size_t)p * panel + v * F32V_LANES), acc[p][v]);
        a += 1;
        b += NR;
      }
      k -= block;
    }
  }
#pragma clang loop unroll(full)
  for (int p = 0; p < panels; ++p)
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) acc[p][v] = f32v_add(acc[p][v], odd[p][v]);
}

CK_INLINE void row_tile(const ck_f32_gemm_tile *t, const int panels) {
  f32v acc[ROW_PANELS][2];
  row_sums(t, acc, panels);
  if (panels == 1) {
    if (t->columns > F32V_LANES) store_sums(t, acc, 1, 2);
    else store_sums(t, acc, 1, 1);
    return;
  }
  ck_f32_gemm_tile one = *t;
#pragma clang loop unroll(full)
  for (int p = 0; p < panels; ++p) {
    store_sums(&one, &acc[p], 1, 2);
    one.out += 2 * t->o_block;
    if (t->bias) one.bias += NR;
    if (t->residual) one.residual += 2 * t->r_block;
  }
}

static void row_of_panels(const ck_f32_gemm_tile *t) {
  if (ROW_PANELS >= 4 && t->panels == 4) row_tile(t, 4);
  else if (t->panels == 2) row_tile(t, 2);
  else row_tile(t, 1);
}

#define SPLIT(rows, vectors) \
  ((rows) * (vectors) <= 1 && F32V_LANES >= 8 ? 8 : (rows) * (vectors) <= 3 ? 4 : (rows) * (vectors) <= 6 ? 2 : 1)
#define TILE(rows)                                                                             \
  static void tile_##rows##x1(const ck_f32_gemm_tile *t) { tile(t, rows, 1, SPLIT(rows, 1)); } \
  static void tile_##rows##x2(const ck_f32_gemm_tile *t) { tile(t, rows, 2, SPLIT(rows, 2)); }
#define TILE_PAIR(rows) {tile_##rows##x1, tile_##rows##x2}
