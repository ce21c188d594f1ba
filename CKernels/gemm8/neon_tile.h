// The register tile of NEON kernels, written once. Included by a file that has defined MR and NR (8) and
//   CK_INLINE void sum(const ck_u8s8_gemm_tile *t, int32x4_t acc[MR][2], const int rows);
#include <arm_neon.h>
#include <string.h>

CK_INLINE void store_bytes(const ck_u8s8_gemm_tile *t, int32x4_t acc[MR][2], const int rows) {
  const ck_sum_epilogue *e = &t->epilogue;
  const int16x8_t zero = vdupq_n_s16((int16_t)e->zero);
  const uint8x8_t low = vdup_n_u8((uint8_t)e->low), high = vdup_n_u8((uint8_t)e->high);
  const float32x4_t scale[2] = {vld1q_f32(e->scale), vld1q_f32(e->scale + 4)};
  const float32x4_t shift[2] = {vld1q_f32(e->shift), vld1q_f32(e->shift + 4)};
  uint8_t *out = t->out;
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m, out += t->o_row) {
    int16x4_t words[2];
#pragma clang loop unroll(full)
    for (int v = 0; v < 2; ++v) words[v] = vqmovn_s32(vcvtnq_s32_f32(vfmaq_f32(shift[v], vcvtq_f32_s32(acc[m][v]), scale[v])));
    const uint8x8_t bytes = vmin_u8(vmax_u8(vqmovun_s16(vqaddq_s16(vcombine_s16(words[0], words[1]), zero)), low), high);
    if (t->columns == NR) {
      vst1_u8(out, bytes);
    } else {
      uint8_t row[NR];
      vst1_u8(row, bytes);
      memcpy(out, row, t->columns);
    }
  }
}

CK_INLINE void store_words(const ck_u8s8_gemm_tile *t, int32x4_t acc[MR][2], const int rows) {
  const ck_sum_epilogue *e = &t->epilogue;
  uint8_t *out = t->out;
#pragma clang loop unroll(full)
  for (int m = 0; m < rows; ++m, out += t->o_row) {
    int32x4_t y[2] = {acc[m][0], acc[m][1]};
    if (e->result == CK_SUM_F32) {
      const float32x4_t least = vdupq_n_f32(e->least), most = vdupq_n_f32(e->most);
#pragma clang loop unroll(full)
      for (int v = 0; v < 2; ++v) {
        const float32x4_t value = vfmaq_f32(vld1q_f32(e->shift + 4 * v), vcvtq_f32_s32(y[v]), vld1q_f32(e->scale + 4 * v));
        y[v] = vreinterpretq_s32_f32(vminq_f32(most, vmaxq_f32(least, value)));
      }
    }
    int32_t row[NR];
    vst1q_s32(row, y[0]);
    vst1q_s32(row + 4, y[1]);
    memcpy(out, row, 4 * t->columns);
  }
}

CK_INLINE void tile(const ck_u8s8_gemm_tile *t, const int rows) {
  int32x4_t acc[MR][2];
#pragma clang loop unroll(full)
  for (int v = 0; v < 2; ++v) {
    const int32x4_t bias = vld1q_s32(t->epilogue.bias + 4 * v);
#pragma clang loop unroll(full)
    for (int m = 0; m < rows; ++m) acc[m][v] = bias;
  }
  sum(t, acc, rows);
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
    case 6: return tile(t, 6);
    case 7: return tile(t, 7);
    default: return tile(t, 8);
  }
}
