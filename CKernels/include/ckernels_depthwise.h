/// Depthwise convolution on blocked tensors. Conventions: `ckernels_layout.h`.
#ifndef CKERNELS_DEPTHWISE_H
#define CKERNELS_DEPTHWISE_H

#include "ckernels_epilogue.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Sizes of one depthwise convolution; the padding at the bottom and right follows from the output size.
typedef struct ck_depthwise_shape {
  size_t n;
  size_t channels;
  size_t c;  ///< channel block: 16, 8 or 4 for the AVX-512, AVX2 and NEON kernels, or a multiple of that; anything else is scalar
  size_t in_h, in_w;
  size_t out_h, out_w;
  size_t kernel_h, kernel_w;
  size_t stride_h, stride_w;
  size_t dilation_h, dilation_w;
  size_t pad_top, pad_left;
} ck_depthwise_shape;

/// Packs `weights: [channels, kernel_h * kernel_w]` into `[ceil(channels / c)][kernel_h * kernel_w][c]`, zeros past `channels`.
void ck_f32_depthwise_pack(size_t channels, size_t kernel_area, size_t c, const float *weights, float *packed);

/// Packs `values: [channels]` into `[ceil(channels / c) * c]`, zeros past `channels`; NULL packs zeros.
void ck_f32_channels_pack(size_t channels, size_t c, const float *values, float *packed);

/// `y = activation(depthwise(x, weights) + bias)`: blocked `x: [n, ceil(channels / c), in_h, in_w, c]` to
/// `y: [n, ceil(channels / c), out_h, out_w, c]`; `weights` and `bias` packed as above, `bias` may be NULL.
/// Hand-tuned for 3x3, 5x5 and 7x7 at strides 1 and 2; any other kernel, stride, dilation and padding works.
void ck_f32_depthwise(uint32_t isa, const ck_depthwise_shape *shape, const float *x, const float *weights, const float *bias,
                      float *y, ck_activation activation, int threads);

/// Rows `row_begin ..< row_end` of one channel block of one image, on the calling thread, for fusing with what follows:
/// `x: [in_h, in_w, c]`, `weights: [kernel_h * kernel_w, c]`, `bias: [c]` or NULL, `y` = the address of row `row_begin`.
void ck_f32_depthwise_rows(uint32_t isa, const ck_depthwise_shape *shape, size_t row_begin, size_t row_end, const float *x,
                           const float *weights, const float *bias, float *y, ck_activation activation);

#ifdef __cplusplus
}
#endif

#endif
