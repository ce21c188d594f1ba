/// What becomes of a sum, in plain C: the oracle of the vector versions.
#ifndef CK_EPILOGUE_SCALAR_H
#define CK_EPILOGUE_SCALAR_H

#include <math.h>

#include "ckernels_gemm8.h"

/// Rounded, kept within what 16 bits hold.
static inline int32_t ck_rounded(float x) { return (int32_t)rintf(x < -32768 ? -32768 : x > 32767 ? 32767 : x); }

static inline uint8_t ck_requantized(const ck_sum_epilogue *e, size_t column, int32_t sum) {
  const int32_t q = ck_rounded(fmaf((float)sum, e->scale[column], e->shift[column])) + e->zero;
  return (uint8_t)(q < e->low ? e->low : q > e->high ? e->high : q);
}

/// Stores the result of column `column` in a row of results.
static inline void ck_store_sum(const ck_sum_epilogue *e, size_t column, int32_t sum, void *row) {
  if (e->result == CK_SUM_S32) {
    ((int32_t *)row)[column] = sum;
  } else if (e->result == CK_SUM_U8) {
    ((uint8_t *)row)[column] = ck_requantized(e, column, sum);
  } else {
    const float y = fmaf((float)sum, e->scale[column], e->shift[column]);
    ((float *)row)[column] = y < e->least ? e->least : y > e->most ? e->most : y;
  }
}

#endif
