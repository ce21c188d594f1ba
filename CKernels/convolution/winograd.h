/// How Winograd's convolution is cut up, for its driver and the packing of its weights.
///
/// An output tile of `size * size` pixels comes from `(size + 2)^2` products of transformed inputs and weights, summed over
/// channels: as many matrix products, whose rows are tiles and whose columns are output channels.
#ifndef CKERNELS_WINOGRAD_H
#define CKERNELS_WINOGRAD_H

#include "conv2d.h"

/// Outputs along one side of a tile; 0 if `algorithm` is another.
static inline size_t ck_winograd_size(ck_conv2d_algorithm algorithm) {
  return algorithm == CK_CONV2D_WINOGRAD_2 ? 2 : algorithm == CK_CONV2D_WINOGRAD_4 ? 4 : 0;
}

/// 3x3 with stride 1, not dilated, one group.
int ck_winograd_supports(const ck_conv2d_shape *shape);

size_t ck_f32_winograd_scratch_bytes(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads);
void ck_f32_winograd(const ck_gemm_config *config, const ck_f32_conv2d_args *args, void *scratch, int threads);

/// `[ceil(oc/nr)][(size + 2)^2][ic][nr]` floats.
size_t ck_f32_winograd_packed_floats(const ck_gemm_config *config, const ck_conv2d_shape *shape, size_t size);
void ck_f32_winograd_pack(const ck_gemm_config *config, const ck_conv2d_shape *shape, size_t size, const float *weights,
                          float *packed, int threads);

#endif
