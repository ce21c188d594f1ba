#include "ckernels_narrow.h"

void ck_narrow_unpack(int bits, int is_signed, const uint8_t *codes, size_t first, size_t n, float scale, float shift, float *y) {
  if (bits == 8) {
    if (is_signed)
      for (size_t i = 0; i < n; ++i) y[i] = (float)((const int8_t *)codes)[first + i] * scale + shift;
    else
      for (size_t i = 0; i < n; ++i) y[i] = (float)codes[first + i] * scale + shift;
    return;
  }
  const int mask = (1 << bits) - 1, sign = is_signed ? 1 << (bits - 1) : 0;
  size_t at = first * (size_t)bits;
  for (size_t i = 0; i < n; ++i, at += (size_t)bits) {
    int code = codes[at / 8] >> at % 8;
    // Nothing is read past the byte in which the code ends.
    if (at % 8 + (size_t)bits > 8) code |= codes[at / 8 + 1] << (8 - at % 8);
    y[i] = (float)(((code & mask) ^ sign) - sign) * scale + shift;
  }
}
