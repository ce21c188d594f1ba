// A 1x1 convolution of some pixels, which the drivers of this family share.
#ifndef CK_POINTWISE_H
#define CK_POINTWISE_H

#include "ckernels_gemm.h"

// All that does not depend on the pixels. `weights` come from ck_f32_gemm_pack, [k, n]; `bias` from ck_f32_channels_pack, or
// NULL.
typedef struct ck_pointwise {
  size_t k, n;
  const float *weights, *bias;
  ck_activation activation;
} ck_pointwise;

// `pixels` pixels of one panel of channels: at most two blocks. Block i of a pixel lies at `x + i * x_block` and `y + i *
// y_block`; `residual`, NULL or addressed as `y` but not `y` itself, is added before the activation.
void ck_run_pointwise(const ck_gemm_config *config, const ck_pointwise *f, size_t panel, size_t pixels, const float *x,
                      size_t x_block, const float *residual, float *y, size_t y_block);

#endif
