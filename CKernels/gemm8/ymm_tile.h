// The register tile of 256-bit kernels, written once. Included inside the target of a file that has defined MR and NR,
// STEPS_PER_FOUR: steps per four products, each of which takes 32 bits of every row, and STEP_BYTES: weights per step,
//   CK_INLINE void load_weights(const int8_t *b, __m256i bv[2]);      eight columns each
//   CK_INLINE __m256i multiply(__m256i acc, __m256i a, __m256i b);

CK_INLINE __m256i rescaled(__m256i sum, __m256 scale, __m256 shift) {
  return _mm256_cvtps_epi32(_mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), scale, shift));
}

CK_INLINE void store_bytes(const ck_u8s8_gemm_tile *t, __m256i acc[MR][2], const int rows) {
  const ck_sum_epilogue *e = &t->epilogue;
  const __m256i zero = _mm256_set1_epi16((short)e->zero);
  const __m128i low = _mm_set1_epi8((char)e->low), high = _mm_set1_epi8((char)e->high);
  const __m256 scale0 = _mm256_loadu_ps(e->scale), scale1 = _mm256_loadu_ps(e->scale + 8);
  const __m256 shift0 = _mm256_loadu_ps(e->shift), shift1 = _mm256_loadu_ps(e->shift + 8);
  uint8_t *out = t->out;
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m, out += t->o_row) {
    __m256i words = _mm256_packs_epi32(rescaled(acc[m][0], scale0, shift0), rescaled(acc[m][1], scale1, shift1));
    words = _mm256_adds_epi16(_mm256_permute4x64_epi64(words, 0xD8), zero);
    __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    bytes = _mm_min_epu8(_mm_max_epu8(bytes, low), high);
    if (t->columns == NR) {
      _mm_storeu_si128((__m128i *)out, bytes);
    } else {
      uint8_t row[NR];
      _mm_storeu_si128((__m128i *)row, bytes);
      memcpy(out, row, t->columns);
    }
  }
}

CK_INLINE void store_words(const ck_u8s8_gemm_tile *t, __m256i acc[MR][2], const int rows) {
  const ck_sum_epilogue *e = &t->epilogue;
  uint8_t *out = t->out;
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m, out += t->o_row) {
    __m256i y[2] = {acc[m][0], acc[m][1]};
    if (e->result == CK_SUM_F32) {
      const __m256 least = _mm256_set1_ps(e->least), most = _mm256_set1_ps(e->most);
#pragma clang loop unroll(full)
      for (int v = 0; v < 2; ++v) {
        const __m256 scale = _mm256_loadu_ps(e->scale + 8 * v), shift = _mm256_loadu_ps(e->shift + 8 * v);
        const __m256 value = _mm256_fmadd_ps(_mm256_cvtepi32_ps(y[v]), scale, shift);
        y[v] = _mm256_castps_si256(_mm256_min_ps(most, _mm256_max_ps(least, value)));
      }
    }
    if (t->columns == NR) {
      _mm256_storeu_si256((__m256i *)out, y[0]);
      _mm256_storeu_si256((__m256i *)(out + 32), y[1]);
    } else {
      int32_t row[NR];
      _mm256_storeu_si256((__m256i *)row, y[0]);
      _mm256_storeu_si256((__m256i *)(row + 8), y[1]);
      memcpy(out, row, 4 * t->columns);
    }
  }
}

CK_INLINE void tile(const ck_u8s8_gemm_tile *t, const int rows) {
  __m256i acc[MR][2];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) acc[m][v] = _mm256_loadu_si256((const __m256i *)(t->epilogue.bias + 8 * v));
  const size_t step = t->a_row;
  const uint8_t *row[2] = {t->a, (const uint8_t *)t->a + 3 * step};
  const int8_t *b = t->b;
#pragma clang loop unroll(disable)
  for (size_t k = t->k4 * STEPS_PER_FOUR; k > 0; --k) {
    __asm__("" : "+r"(row[0]), "+r"(row[1]));
    __m256i bv[2];
    load_weights(b, bv);
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) {
      int32_t bits;
      memcpy(&bits, row[m / 3] + (size_t)(m % 3) * step, 4);
      const __m256i a = _mm256_set1_epi32(bits);
      acc[m][0] = multiply(acc[m][0], a, bv[0]);
      acc[m][1] = multiply(acc[m][1], a, bv[1]);
    }
    row[0] += 4;
    row[1] += 4;
    b += STEP_BYTES;
  }
  if (t->epilogue.result == CK_SUM_U8) store_bytes(t, acc, rows);
  else store_words(t, acc, rows);
}

CK_INLINE void tile_of_rows(const ck_u8s8_gemm_tile *t) {
  switch (t->rows) {
    case 1: return tile(t, 1);
    case 2: return tile(t, 2);
    case 3: return tile(t, 3);
    case 4: return tile(t, 4);
    case 5: return tile(t, 5);
    default: return tile(t, 6);
  }
}
