// What becomes of the sums of a tile, in registers. Included inside the target of the kernel.

/// Sums as whole numbers of result steps, before the zero point; what 16 bits cannot hold is cut off by packing.
CK_INLINE __m512i rescaled(__m512i sum, __m512 scale, __m512 shift) {
  return _mm512_cvtps_epi32(_mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, shift));
}

/// Two vectors of sixteen-bit numbers, zero point not yet added, as bytes.
CK_INLINE __m512i bytes_of(__m512i a, __m512i b, __m512i zero, __m512i low, __m512i high, const int clamps) {
  if (!clamps) return _mm512_packus_epi16(a, b);
  const __m512i bytes = _mm512_packus_epi16(_mm512_adds_epi16(a, zero), _mm512_adds_epi16(b, zero));
  return _mm512_min_epu8(_mm512_max_epu8(bytes, low), high);
}

/// - Parameter clamps: zero if the zero point is zero and the bounds are those of a byte.
CK_INLINE void store_bytes(const ck_u8s8_gemm_tile *t, const int stride, __m512i acc[stride][2], const int rows,
                           const int vectors, const int clamps) {
  const ck_sum_epilogue *e = &t->epilogue;
  const __m512i zero = _mm512_set1_epi16((short)e->zero), low = _mm512_set1_epi8((char)e->low),
                high = _mm512_set1_epi8((char)e->high);
  __m512 scale[2], shift[2];
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) {
    scale[v] = _mm512_loadu_ps(e->scale + 16 * v);
    shift[v] = _mm512_loadu_ps(e->shift + 16 * v);
  }
  uint8_t *out = t->out;
  const size_t step = t->o_row;
  if (vectors == 2) {
    // Packing interleaves, in each lane: four of the first vector, four of the second; of one row, then of the other.
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __mmask32 mask = t->columns >= 32 ? ~0u : (1u << t->columns) - 1;
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m += 2) {
      const int other = m + 1 < rows ? m + 1 : m;
      const __m512i a = _mm512_packs_epi32(rescaled(acc[m][0], scale[0], shift[0]), rescaled(acc[m][1], scale[1], shift[1]));
      const __m512i b = other == m ? a
                                   : _mm512_packs_epi32(rescaled(acc[other][0], scale[0], shift[0]),
                                                        rescaled(acc[other][1], scale[1], shift[1]));
      const __m512i bytes = _mm512_permutexvar_epi32(order, bytes_of(a, b, zero, low, high, clamps));
      _mm256_mask_storeu_epi8(out, mask, _mm512_castsi512_si256(bytes));
      if (other != m) _mm256_mask_storeu_epi8(out + step, mask, _mm512_extracti64x4_epi64(bytes, 1));
      out += 2 * step;
    }
  } else {
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __mmask16 mask = t->columns >= 16 ? (__mmask16)~0u : (__mmask16)((1u << t->columns) - 1);
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; m += 4) {
      __m512i sums[4];
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; ++i) sums[i] = m + i < rows ? rescaled(acc[m + i][0], scale[0], shift[0]) : _mm512_setzero_si512();
      const __m512i a = _mm512_packs_epi32(sums[0], sums[1]), b = _mm512_packs_epi32(sums[2], sums[3]);
      const __m512i bytes = _mm512_permutexvar_epi32(order, bytes_of(a, b, zero, low, high, clamps));
      _mm_mask_storeu_epi8(out, mask, _mm512_castsi512_si128(bytes));
      if (m + 1 < rows) _mm_mask_storeu_epi8(out + step, mask, _mm512_extracti32x4_epi32(bytes, 1));
      if (m + 2 < rows) _mm_mask_storeu_epi8(out + 2 * step, mask, _mm512_extracti32x4_epi32(bytes, 2));
      if (m + 3 < rows) _mm_mask_storeu_epi8(out + 3 * step, mask, _mm512_extracti32x4_epi32(bytes, 3));
      out += 4 * step;
    }
  }
}

CK_INLINE void store_words(const ck_u8s8_gemm_tile *t, const int stride, __m512i acc[stride][2], const int rows,
                           const int vectors) {
  const ck_sum_epilogue *e = &t->epilogue;
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; ++v) {
    const size_t columns = t->columns - 16 * (size_t)v;
    const __mmask16 mask = columns >= 16 ? (__mmask16)~0u : (__mmask16)((1u << columns) - 1);
    uint8_t *out = (uint8_t *)t->out + 64 * v;
    if (e->result == CK_SUM_S32) {
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; ++m, out += t->o_row) _mm512_mask_storeu_epi32(out, mask, acc[m][v]);
      continue;
    }
    const __m512 scale = _mm512_loadu_ps(e->scale + 16 * v), shift = _mm512_loadu_ps(e->shift + 16 * v);
    const __m512 least = _mm512_set1_ps(e->least), most = _mm512_set1_ps(e->most);
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m, out += t->o_row) {
      const __m512 y = _mm512_fmadd_ps(_mm512_cvtepi32_ps(acc[m][v]), scale, shift);
      _mm512_mask_storeu_ps(out, mask, _mm512_min_ps(most, _mm512_max_ps(least, y)));
    }
  }
}
