/// The activation that a kernel applies to its result before storing it.
#ifndef CKERNELS_EPILOGUE_H
#define CKERNELS_EPILOGUE_H

#include "ckernels_function.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A fusable function and its parameters. All zero bytes mean none.
typedef struct ck_activation {
  ck_function kind;
  float p0;
  float p1;
} ck_activation;

/// ``ck_f32_epilogue/flags``.
enum {
  CK_EPILOGUE_RESIDUAL_LAST = 1u << 0,  ///< add the residual after the activation instead of before it
};

/// What a matrix product or a convolution does to each result while it is still in a register:
/// `activation(scale * product + bias + residual)`. All zero bytes mean nothing at all.
typedef struct ck_f32_epilogue {
  const float *bias;      ///< one float per output column (channel), exactly N are read; NULL: none
  const float *residual;  ///< addressed as the result is unless the function says otherwise; may be the result itself; NULL: none
  ck_activation activation;
  float scale;  ///< 0 stands for 1
  uint32_t flags;
} ck_f32_epilogue;

#ifdef __cplusplus
}
#endif

#endif
