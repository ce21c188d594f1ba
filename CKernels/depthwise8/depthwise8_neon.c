#if defined(__aarch64__)
#include <arm_neon.h>

#include "../isa/isa.h"
#include "kernels.h"

enum { GROUP = 16 };

size_t ck_depthwise8_place__neon(size_t channel) { return channel; }

void ck_depthwise8_put__neon(void *weights, size_t kh, size_t kw, size_t channel, size_t ky, size_t kx, int8_t weight) {
  (void)kh;
  ((int8_t *)weights)[(ky * kw + kx) * GROUP + channel] = weight;
}

CK_INLINE int16x4_t rescaled(int32x4_t sum, const float *scale) {
  return vqmovn_s32(vcvtnq_s32_f32(vfmaq_f32(vld1q_f32(scale + GROUP), vcvtq_f32_s32(sum), vld1q_f32(scale))));
}

void ck_depthwise8_row__neon(const ck_depthwise8_row *row) {
  const ck_u8s8_depthwise_args *a = row->args;
  const size_t bytes = GROUP * CK_DEPTHWISE8_HEAD + GROUP * a->kh * a->kw;
  const int16x8_t zero = vdupq_n_s16((int16_t)a->zero);
  const uint8x16_t low = vdupq_n_u8((uint8_t)a->low), high = vdupq_n_u8((uint8_t)a->high);
  for (size_t ox = 0; ox < a->ow; ++ox) {
    const uint8_t *const *window = ck_depthwise8_window(row, ox);
    const uint8_t *group = a->weights;
    for (size_t c = 0; c < a->channels; c += GROUP, group += bytes) {
      const float *scale = (const float *)(group + GROUP * 4);
      int32x4_t sum[4];
      for (int i = 0; i < 4; ++i) sum[i] = vld1q_s32((const int32_t *)group + 4 * i);
      const int8_t *weights = (const int8_t *)group + GROUP * CK_DEPTHWISE8_HEAD;
      for (size_t tap = 0; tap < a->kh * a->kw; ++tap, weights += GROUP) {
        const uint8x16_t x = vld1q_u8(window[tap] + c);
        const int8x16_t w = vld1q_s8(weights);
        const int16x8_t x0 = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(x))),
                        x1 = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(x)));
        const int16x8_t w0 = vmovl_s8(vget_low_s8(w)), w1 = vmovl_s8(vget_high_s8(w));
        sum[0] = vmlal_s16(sum[0], vget_low_s16(x0), vget_low_s16(w0));
        sum[1] = vmlal_high_s16(sum[1], x0, w0);
        sum[2] = vmlal_s16(sum[2], vget_low_s16(x1), vget_low_s16(w1));
        sum[3] = vmlal_high_s16(sum[3], x1, w1);
      }
      const int16x8_t y0 = vqaddq_s16(vcombine_s16(rescaled(sum[0], scale), rescaled(sum[1], scale + 4)), zero);
      const int16x8_t y1 = vqaddq_s16(vcombine_s16(rescaled(sum[2], scale + 8), rescaled(sum[3], scale + 12)), zero);
      const uint8x16_t y = vcombine_u8(vqmovun_s16(y0), vqmovun_s16(y1));
      vst1q_u8(row->out + ox * a->channels + c, vminq_u8(vmaxq_u8(y, low), high));
    }
  }
}
#endif
