// The register tile of NEON kernels, written once. Included inside the target of a file that has defined MR (8) and
//   CK_INLINE int32x4_t dot(int32x4_t sum, uint8x16_t a, uint8x16_t b, ck_narrow_form form);   codes are signed for CK_NARROW_8
//   CK_INLINE void take(int32x4_t taken[2], const uint8x16_t b[2]);   what dot gives too much, for CK_NARROW_8

/// The two vectors of codes of step `u` of a group.
CK_INLINE void step_codes(const uint8_t *b, const ck_narrow_form form, const int u, uint8x16_t bv[2]) {
#pragma clang loop unroll(full)
  for (int v = 0; v < 2; ++v) {
    const uint8x16_t x = vld1q_u8(b + (form == CK_NARROW_3 ? u / 4 * 4 * NR : 0) + 16 * v);
    if (form == CK_NARROW_8) {
      bv[v] = x;
    } else if (form == CK_NARROW_4) {
      bv[v] = u ? vshrq_n_u8(x, 4) : vandq_u8(x, vdupq_n_u8(15));
    } else {
      bv[v] = vandq_u8(vshlq_u8(x, vdupq_n_s8((int8_t)(-2 * (u % 4)))), vdupq_n_u8(3));
      if (form == CK_NARROW_3) {
        const uint8x16_t y = vshlq_u8(vld1q_u8(b + 2 * 4 * NR + 16 * v), vdupq_n_s8((int8_t)(2 - u)));
        bv[v] = vorrq_u8(bv[v], vandq_u8(y, vdupq_n_u8(4)));
      }
    }
  }
}

CK_INLINE void tile(const ck_narrow_tile *t, const ck_narrow_form form, const int rows) {
  const int steps = form == CK_NARROW_8 ? 1 : form == CK_NARROW_4 ? 2 : form == CK_NARROW_2 ? 4 : 8;
  const size_t group = (form == CK_NARROW_3 ? 3 : 1) * 4 * NR;
  const int shifted = t->shifted;
  float32x4_t total[MR][2];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m) total[m][0] = total[m][1] = vdupq_n_f32(0);
  const uint8_t *row = t->a, *b = t->b + NR * sizeof(float);
  for (size_t block = 0; block < t->blocks; ++block) {
    const float *head = (const float *)b;
    b += (shifted ? 2 : 1) * NR * sizeof(float);
    int32x4_t acc[MR][2], taken[2] = {vdupq_n_s32(0), vdupq_n_s32(0)};
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) acc[m][0] = acc[m][1] = vdupq_n_s32(0);
    for (size_t k = block + 1 < t->blocks ? t->steps : t->last_steps; k > 0; --k, b += group) {
#pragma clang loop unroll(full)
      for (int u = 0; u < steps; ++u, row += 4) {
        uint8x16_t bv[2];
        step_codes(b, form, u, bv);
        if (form == CK_NARROW_8) take(taken, bv);
#pragma clang loop unroll(full)
        for (int m = 0; m < rows; ++m) {
          uint32_t four;
          memcpy(&four, row + (size_t)m * t->a_row, 4);
          const uint8x16_t a = vreinterpretq_u8_u32(vdupq_n_u32(four));
          acc[m][0] = dot(acc[m][0], a, bv[0], form);
          acc[m][1] = dot(acc[m][1], a, bv[1], form);
        }
      }
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) {
      const float32x4_t scale = vld1q_f32(head + 4 * v), shift = vld1q_f32(head + (shifted ? NR : 0) + 4 * v);
#pragma clang loop unroll(full)
      for (int m = 0; m < rows; ++m) {
        total[m][v] = vfmaq_f32(total[m][v], vcvtq_f32_s32(vsubq_s32(acc[m][v], taken[v])), scale);
        if (shifted) total[m][v] = vfmaq_f32(total[m][v], vdupq_n_f32(t->sums[(size_t)m * t->sums_row + block]), shift);
      }
    }
  }
  float sums[MR * NR];
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m)
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) vst1q_f32(sums + m * NR + 4 * v, total[m][v]);
  finish(t, sums, 1);
}

CK_INLINE void tile_of_rows(const ck_narrow_tile *t, const ck_narrow_form form) {
  switch (t->rows) {
    case 1: return tile(t, form, 1);
    case 2: return tile(t, form, 2);
    case 3: return tile(t, form, 3);
    case 4: return tile(t, form, 4);
    case 5: return tile(t, form, 5);
    case 6: return tile(t, form, 6);
    case 7: return tile(t, form, 7);
    default: return tile(t, form, 8);
  }
}
