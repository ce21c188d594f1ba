// The register tiles of 256-bit kernels, written once. Included inside the target of a file that has defined MR, NR, MR_BLOCKS
// and
//   KR: products that lie side by side; a step of a row takes 32 bits
//   CK_INLINE __m256i weights(__m128i or __m256i …): see below
//   CK_INLINE __m256i multiply(__m256i acc, __m256i a, __m256i b);
// STEP_BYTES is NR * KR; `step_codes(b, form, u, bv)` gives the two vectors of step `u` of a group.

CK_INLINE void multiply_step(__m256i acc[MR][2], const uint8_t *const row[2], size_t step, const uint8_t *b,
                             const ck_narrow_form form, const int u, const int rows) {
  __m256i bv[2];
  step_codes(b, form, u, bv);
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) {
    int32_t bits;
    memcpy(&bits, row[m / 3] + (size_t)(m % 3) * step + 4 * u, 4);
    const __m256i a = _mm256_set1_epi32(bits);
    acc[m][0] = multiply(acc[m][0], a, bv[0]);
    acc[m][1] = multiply(acc[m][1], a, bv[1]);
  }
}

CK_INLINE void tile(const ck_narrow_tile *t, const ck_narrow_form form, const int rows, const int shifted) {
  const int steps = form == CK_NARROW_8 ? 1 : form == CK_NARROW_4 ? 2 : form == CK_NARROW_2 ? 4 : 8;
  const int group = (form == CK_NARROW_3 ? 3 : 1) * NR * KR;
  __m256 total[MR][2];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) total[m][0] = total[m][1] = _mm256_setzero_ps();
  const size_t step = t->a_row;
  const uint8_t *row[2] = {t->a, t->a + 3 * step}, *b = t->b + NR * sizeof(float);
  for (size_t block = 0; block < t->blocks; ++block) {
    const float *head = (const float *)b;
    b += (shifted ? 2 : 1) * NR * sizeof(float);
    __m256i acc[MR][2];
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) acc[m][0] = acc[m][1] = _mm256_setzero_si256();
#pragma clang loop unroll(disable)
    for (size_t k = block + 1 < t->blocks ? t->steps : t->last_steps; k > 0; --k) {
      __asm__("" : "+r"(row[0]), "+r"(row[1]));
#pragma clang loop unroll(full)
      for (int u = 0; u < steps; ++u) multiply_step(acc, row, step, b, form, u, rows);
      row[0] += 4 * steps;
      row[1] += 4 * steps;
      b += group;
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) {
      const __m256 scale = _mm256_loadu_ps(head + 8 * v), shift = _mm256_loadu_ps(head + (shifted ? NR : 0) + 8 * v);
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; ++m) {
        total[m][v] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(acc[m][v]), scale, total[m][v]);
        if (shifted) total[m][v] = _mm256_fmadd_ps(_mm256_set1_ps(t->sums[(size_t)m * t->sums_row + block]), shift, total[m][v]);
      }
    }
  }
  float sums[MR * NR];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) _mm256_storeu_ps(sums + m * NR + 8 * v, total[m][v]);
  finish(t, sums, 1);
}

CK_INLINE void tile_of_rows(const ck_narrow_tile *t, const ck_narrow_form form) {
#define ROWS(count)                               \
  if (t->shifted) return tile(t, form, count, 1); \
  return tile(t, form, count, 0);
  switch (t->rows) {
    case 1: ROWS(1)
    case 2: ROWS(2)
    case 3: ROWS(3)
#if MOST_ROWS > 4
    case 4: ROWS(4)
    case 5: ROWS(5)
#endif
    default: ROWS(MR)
  }
#undef ROWS
}
