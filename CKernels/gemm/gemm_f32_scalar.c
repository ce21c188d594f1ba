#include "../isa/isa.h"
#include "activation_scalar.h"
#include "ckernels_gemm.h"

enum { MR = 4, NR = 8, C = 4 };

/// The oracle. Each sum runs tap by tap, k upwards, one rounding per product and one per sum.
void ck_f32_gemm_4x8__scalar(const ck_f32_gemm_tile *t) {
  float sum[MR][NR] = {{0}};
  for (size_t i = 0; i < t->tap_count; ++i) {
    const float *a = t->a + t->taps[i].a, *b = t->b + t->taps[i].b;
    for (size_t k = 0; k < t->k; ++k)
      for (size_t m = 0; m < t->rows; ++m)
        for (size_t n = 0; n < NR; ++n) sum[m][n] += a[m * t->a_row + (k / C) * t->a_block + k % C] * b[k * NR + n];
  }
  for (size_t m = 0; m < t->rows; ++m)
    for (size_t n = 0; n < t->columns; ++n) {
      float *out = t->out + m * t->o_row + (n / C) * t->o_block + n % C;
      float residual = t->residual ? t->residual[m * t->r_row + (n / C) * t->r_block + n % C] : 0;
      float x = sum[m][n] * t->scale + (t->bias ? t->bias[n] : 0);
      if (!t->residual_last) x += residual;
      x = ck_activate_scalar(x, &t->activation);
      *out = t->residual_last ? x + residual : x;
    }
}
