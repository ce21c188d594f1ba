#include <string.h>

#include "form.h"

size_t ck_narrow_packed_bytes(const ck_narrow_config *config, const ck_narrow_shape *shape) {
  const size_t nr = (size_t)config->nr;
  return (shape->n + nr - 1) / nr * ck_narrow_panel_bytes(config, shape);
}

/// Puts the code of a product at its place within the groups of a block; its bits there are zero.
static void put(const ck_narrow_config *config, uint8_t *groups, size_t product, size_t column, int8_t code) {
  const size_t nr = (size_t)config->nr, kr = (size_t)config->kr, steps = ck_narrow_steps(config->form);
  const size_t step = product / kr, plane = nr * kr, in_group = step % steps;
  uint8_t *at = groups + step / steps * ck_narrow_group_bytes(config) + column * kr + product % kr;
  switch (config->form) {
    case CK_NARROW_4: *at |= (uint8_t)((code + 8) << 4 * in_group); break;
    case CK_NARROW_3:
      at[in_group / 4 * plane] |= (uint8_t)(((code + 4) & 3) << 2 * (in_group % 4));
      at[2 * plane] |= (uint8_t)((code + 4) >> 2 << in_group);
      break;
    case CK_NARROW_2: *at |= (uint8_t)((code + 2) << 2 * in_group); break;
    default: *at = (uint8_t)code;
  }
}

void ck_narrow_pack(const ck_narrow_config *config, const ck_narrow_shape *shape, const int8_t *codes, size_t tap_step,
                    size_t row, size_t column, const float *scale, const float *shift, void *packed) {
  const size_t nr = (size_t)config->nr, blocks = ck_narrow_blocks(shape), head = ck_narrow_block_head(config, shape);
  // Codes of few bits are kept without a sign: what that adds goes to the shifts.
  const int lowest = config->form == CK_NARROW_8 ? 0 : 1 << (ck_narrow_bits(config->form) - 1);
  memset(packed, 0, ck_narrow_packed_bytes(config, shape));
  for (size_t n = 0; n < shape->n; ++n) {
    uint8_t *panel = (uint8_t *)packed + n / nr * ck_narrow_panel_bytes(config, shape);
    uint8_t *at = panel + ck_narrow_panel_head(config);
    double sum = 0;
    for (size_t b = 0; b < blocks; ++b) {
      const float s = scale[n * blocks + b], d = (shift ? shift[n * blocks + b] : 0) - (float)lowest * s;
      ((float *)at)[n % nr] = s;
      if (shape->shifted) ((float *)at)[nr + n % nr] = d;
      const size_t channels = ck_narrow_block_channels(shape, b);
      int64_t total = 0;
      for (size_t tap = 0; tap < shape->taps; ++tap)
        for (size_t i = 0; i < channels; ++i) {
          const int8_t code = codes[tap * tap_step + (b * shape->block + i) * row + n * column];
          put(config, at + head, tap * channels + i, n % nr, code);
          total += code + lowest;
        }
      sum += (double)total * s + (double)(channels * shape->taps) * d;
      at += head + ck_narrow_block_groups(config, shape, b) * ck_narrow_group_bytes(config);
    }
    ((float *)panel)[n % nr] = (float)sum;
  }
}

void ck_narrow_pack_floats(const ck_narrow_config *config, const ck_narrow_shape *shape, const float *weights, size_t tap_step,
                           size_t row, size_t column, void *packed) {
  const size_t nr = (size_t)config->nr, kr = (size_t)config->kr;
  memset(packed, 0, ck_narrow_packed_bytes(config, shape));
  for (size_t n = 0; n < shape->n; ++n) {
    uint16_t *panel = (uint16_t *)((uint8_t *)packed + n / nr * ck_narrow_panel_bytes(config, shape));
    for (size_t tap = 0; tap < shape->taps; ++tap)
      for (size_t k = 0; k < shape->k; ++k) {
        const size_t product = tap * shape->k + k;
        uint32_t bits;
        memcpy(&bits, &weights[tap * tap_step + k * row + n * column], 4);
        panel[(product / kr * nr + n % nr) * kr + product % kr] = ck_bf16(bits);
      }
  }
}
