#include "pack.h"

#include <string.h>

size_t ck_u8s8_gemm_packed_bytes(const ck_u8s8_gemm_config *config, size_t taps, size_t k, size_t n) {
  return (n + (size_t)config->nr - 1) / (size_t)config->nr * ck_panel_bytes(config, taps * ck_fours(k));
}

void ck_u8s8_gemm_pack(const ck_u8s8_gemm_config *config, size_t taps, size_t k, size_t n, const int8_t *b, size_t b_tap,
                       size_t b_row, size_t b_column, int8_t *packed) {
  const size_t nr = (size_t)config->nr, kr = (size_t)config->kr, step = ck_fours(k);
  const size_t bytes = ck_panel_bytes(config, taps * step), head = ck_panel_head(config);
  memset(packed, 0, ck_u8s8_gemm_packed_bytes(config, taps, k, n));
  for (size_t column = 0; column < n; ++column) {
    int8_t *panel = packed + column / nr * bytes, *body = panel + head;
    int32_t sum = 0;
    for (size_t tap = 0; tap < taps; ++tap)
      for (size_t i = 0; i < k; ++i) {
        const int8_t weight = b[tap * b_tap + i * b_row + column * b_column];
        const size_t at = tap * step + i;
        body[(at / kr * nr + column % nr) * kr + at % kr] = weight;
        sum += weight;
      }
    if (head > 0) ((int32_t *)panel)[column % nr] = config->offset * sum;
  }
}
