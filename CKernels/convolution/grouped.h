/// Convolution in groups of any width, of which several may share a vector.
#ifndef CKERNELS_GROUPED_H
#define CKERNELS_GROUPED_H

#include "conv2d.h"

int ck_conv2d_grouped_supports(const ck_gemm_config *config, const ck_conv2d_shape *shape);
/// Products of a result and a tap, idle ones included: at least a group's channels. A term is a channel of the groups that meets
/// the results of a vector within one block of the input.
size_t ck_conv2d_grouped_terms(const ck_gemm_config *config, const ck_conv2d_shape *shape);

size_t ck_f32_grouped_scratch_bytes(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads);
void ck_f32_grouped(const ck_gemm_config *config, const ck_f32_conv2d_args *args, void *scratch, int threads);

size_t ck_f32_grouped_packed_floats(const ck_gemm_config *config, const ck_conv2d_shape *shape);
void ck_f32_grouped_pack(const ck_gemm_config *config, const ck_conv2d_shape *shape, const float *weights, float *packed);

#endif
