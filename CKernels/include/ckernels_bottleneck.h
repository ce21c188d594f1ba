/// A 1x1 convolution, a depthwise one and another 1x1 convolution, computed a few rows at a time so that what lies between them
/// never leaves the caches: the inverted residual of mobile networks, and the parts of it.
#ifndef CKERNELS_BOTTLENECK_H
#define CKERNELS_BOTTLENECK_H

#include "ckernels_depthwise.h"
#include "ckernels_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/// `output = project(depthwise(expand(input)))`, all arrays blocked as in `ckernels_convolution.h`; the two outer steps are
/// optional.
typedef struct ck_f32_bottleneck_args {
  size_t input_channels;   ///< of `input`; equal to `depthwise.channels` where there is no expansion
  size_t output_channels;  ///< of `output`; equal to `depthwise.channels` where there is no projection
  ck_depthwise_shape
      depthwise;  ///< its `c` is that of the configuration; `in_h`, `in_w` are the input's, `out_h`, `out_w` the output's
  const float *input;
  const float *expand;       ///< from ``ck_f32_gemm_pack``, [input_channels, channels]; NULL: no expansion
  const float *expand_bias;  ///< this and the other biases from ``ck_f32_channels_pack``, or NULL
  ck_activation expand_activation;
  const float *weights;  ///< of the depthwise convolution, from ``ck_f32_depthwise_pack``
  const float *bias;
  ck_activation activation;
  const float *project;  ///< from ``ck_f32_gemm_pack``, [channels, output_channels]; NULL: no projection
  const float *project_bias;
  ck_activation project_activation;
  const float *residual;  ///< added before the last activation; addressed as the output, not the output itself; or NULL
  float *output;          ///< overlaps nothing
  float *means;           ///< [n, ceil(channels / c) * c]: each channel's mean over the depthwise result, or NULL
} ck_f32_bottleneck_args;

/// Scratch that ``ck_f32_bottleneck`` needs (of the pointers only their being NULL is looked at).
size_t ck_f32_bottleneck_scratch_bytes(const ck_gemm_config *config, const ck_f32_bottleneck_args *args, int threads);

/// `scratch` is 64-byte aligned. The same bits for every number of threads.
void ck_f32_bottleneck(const ck_gemm_config *config, const ck_f32_bottleneck_args *args, void *scratch, int threads);

/// `output = activation(input * weights + bias + residual)` for every pixel of blocked arrays: a 1x1 convolution whose sums are
/// so short that ``ck_f32_gemm`` spends much of its time between tiles.
typedef struct ck_f32_pointwise_args {
  size_t n, pixels;
  size_t input_channels, output_channels;
  const float *input;
  const float *weights;   ///< from ``ck_f32_gemm_pack``, [input_channels, output_channels]
  const float *bias;      ///< from ``ck_f32_channels_pack``, or NULL
  const float *factors;   ///< `[n, ceil(input_channels / c) * c]` numbers that channels are multiplied by, or NULL
  const float *residual;  ///< addressed as the output, not the output itself; or NULL
  ck_activation activation;
  float *output;  ///< overlaps nothing
} ck_f32_pointwise_args;

/// Scratch that ``ck_f32_pointwise`` needs: none without factors (of the pointers only whether there are factors counts).
size_t ck_f32_pointwise_scratch_bytes(const ck_gemm_config *config, const ck_f32_pointwise_args *args, int threads);

/// `scratch` is 64-byte aligned. The same bits for every number of threads.
void ck_f32_pointwise(const ck_gemm_config *config, const ck_f32_pointwise_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
