#include <math.h>
#include <string.h>

#include "../gemm/activation_scalar.h"
#include "form.h"

enum { MR = 4, NR = 8 };

/// The code of a product within the groups of a block, as its planes keep it.
static int32_t code_at(ck_narrow_form form, const uint8_t *groups, size_t product, size_t column) {
  const size_t steps = ck_narrow_steps(form), plane = NR * 4, step = product / 4, in_group = step % steps;
  const uint8_t *at = groups + step / steps * plane * (form == CK_NARROW_3 ? 3 : 1) + column * 4 + product % 4;
  switch (form) {
    case CK_NARROW_4: return *at >> 4 * in_group & 15;
    case CK_NARROW_3: return (at[in_group / 4 * plane] >> 2 * (in_group % 4) & 3) | (at[2 * plane] >> in_group & 1) << 2;
    case CK_NARROW_2: return *at >> 2 * in_group & 3;
    default: return (int8_t)*at;
  }
}

/// From a sum to the result of row m, column n.
static void finish(const ck_narrow_tile *t, size_t m, size_t n, float sum, int integers) {
  float scale = t->scale;
  if (integers) {
    const ck_narrow_row row = t->row[m * t->row_step];
    scale *= row.scale;
    sum = fmaf(-row.zero, ((const float *)t->b)[n], sum);
  }
  float x = fmaf(sum, scale, t->bias ? t->bias[n] : 0);
  const size_t at = m * t->o_row + n / t->c * t->o_block + n % t->c;
  const float residual = t->residual ? t->residual[at] : 0;
  if (!t->residual_last) x += residual;
  x = ck_activate_scalar(x, &t->activation);
  t->out[at] = t->residual_last ? x + residual : x;
}

/// The oracle. The sums of each block are exact; blocks follow each other.
CK_INLINE void integers(const ck_narrow_tile *t, const ck_narrow_form form) {
  const size_t products = 4 * ck_narrow_steps(form), group = NR * 4 * (form == CK_NARROW_3 ? 3 : 1);
  for (size_t m = 0; m < t->rows; ++m)
    for (size_t n = 0; n < t->columns; ++n) {
      const uint8_t *a = t->a + m * t->a_row, *at = t->b + NR * sizeof(float);
      float sum = 0;
      for (size_t block = 0; block < t->blocks; ++block) {
        const size_t steps = block + 1 < t->blocks ? t->steps : t->last_steps;
        const float *head = (const float *)at;
        at += (t->shifted ? 2 : 1) * NR * sizeof(float);
        uint32_t total = 0;
        for (size_t k = 0; k < steps * products; ++k) total += (uint32_t)(a[k] * code_at(form, at, k, n));
        sum = fmaf((float)(int32_t)total, head[n], sum);
        if (t->shifted) sum = fmaf(t->sums[m * t->sums_row + block], head[NR + n], sum);
        a += steps * products;
        at += steps * group;
      }
      finish(t, m, n, sum, 1);
    }
}

void ck_narrow8_4x8__scalar(const ck_narrow_tile *t) { integers(t, CK_NARROW_8); }
void ck_narrow4_4x8__scalar(const ck_narrow_tile *t) { integers(t, CK_NARROW_4); }
void ck_narrow3_4x8__scalar(const ck_narrow_tile *t) { integers(t, CK_NARROW_3); }
void ck_narrow2_4x8__scalar(const ck_narrow_tile *t) { integers(t, CK_NARROW_2); }

static float widened(uint16_t half) {
  const uint32_t bits = (uint32_t)half << 16;
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

void ck_bf16_4x8__scalar(const ck_narrow_tile *t) {
  for (size_t m = 0; m < t->rows; ++m)
    for (size_t n = 0; n < t->columns; ++n) {
      const uint16_t *a = (const uint16_t *)(t->a + m * t->a_row), *b = (const uint16_t *)t->b + 2 * n;
      float sum = 0;
      // As the processor's instruction: of two products that of the higher is added first, each with one rounding.
      for (size_t step = 0; step < t->last_steps; ++step, a += 2, b += 2 * NR) {
        sum = fmaf(widened(a[1]), widened(b[1]), sum);
        sum = fmaf(widened(a[0]), widened(b[0]), sum);
      }
      finish(t, m, n, sum, 0);
    }
}
