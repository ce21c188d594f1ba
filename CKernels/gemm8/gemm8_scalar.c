#include "epilogue_scalar.h"

void ck_u8s8_gemm_4x8c4__scalar(const ck_u8s8_gemm_tile *t) {
  for (size_t m = 0; m < t->rows; ++m) {
    const uint8_t *a = (const uint8_t *)t->a + m * t->a_row;
    for (size_t n = 0; n < t->columns; ++n) {
      uint32_t sum = (uint32_t)t->epilogue.bias[n];
      for (size_t k = 0; k < 4 * t->k4; ++k) sum += (uint32_t)(a[k] * t->b[(k / 4 * 8 + n) * 4 + k % 4]);
      ck_store_sum(&t->epilogue, n, (int32_t)sum, (uint8_t *)t->out + m * t->o_row);
    }
  }
}
