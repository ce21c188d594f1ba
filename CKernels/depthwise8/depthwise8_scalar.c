#include "../gemm8/epilogue_scalar.h"
#include "kernels.h"

enum { GROUP = 16 };

size_t ck_depthwise8_place__scalar(size_t channel) { return channel; }

void ck_depthwise8_put__scalar(void *weights, size_t kh, size_t kw, size_t channel, size_t ky, size_t kx, int8_t weight) {
  (void)kh;
  ((int8_t *)weights)[(ky * kw + kx) * GROUP + channel] = weight;
}

void ck_depthwise8_row__scalar(const ck_depthwise8_row *row) {
  const ck_u8s8_depthwise_args *a = row->args;
  const size_t taps = a->kh * a->kw, bytes = GROUP * CK_DEPTHWISE8_HEAD + GROUP * taps;
  for (size_t ox = 0; ox < a->ow; ++ox) {
    const uint8_t *const *window = ck_depthwise8_window(row, ox);
    for (size_t c = 0; c < a->channels; ++c) {
      const uint8_t *group = (const uint8_t *)a->weights + c / GROUP * bytes;
      const int8_t *weights = (const int8_t *)group + GROUP * CK_DEPTHWISE8_HEAD + c % GROUP;
      int32_t sum = ((const int32_t *)group)[c % GROUP];
      for (size_t tap = 0; tap < taps; ++tap) sum = (int32_t)((uint32_t)sum + (uint32_t)(window[tap][c] * weights[tap * GROUP]));
      const float *scale = (const float *)group + GROUP;
      const ck_sum_epilogue epilogue = {.scale = scale, .shift = scale + GROUP, .zero = a->zero, .low = a->low, .high = a->high};
      row->out[ox * a->channels + c] = ck_requantized(&epilogue, c % GROUP, sum);
    }
  }
}
