/// Depthwise convolution of images of bytes `[batch, h, w, channels]`, in exact 32-bit sums. Conventions: `ckernels_gemm8.h`.
#ifndef CKERNELS_DEPTHWISE8_H
#define CKERNELS_DEPTHWISE8_H

#include <stddef.h>
#include <stdint.h>

#include "ckernels_gemm8.h"

#ifdef __cplusplus
extern "C" {
#endif

/// `out = clamp(round((bias + sum of x * weight) * scale + shift) + zero, low, high)` for each channel.
typedef struct ck_u8s8_depthwise_args {
  size_t batch, h, w, oh, ow, kh, kw, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  size_t channels;  ///< a multiple of 16: bytes of a pixel, of the image and of the result
  const uint8_t *input;
  const void *weights;      ///< from ``ck_u8s8_depthwise_pack``
  uint8_t *out;             ///< must not overlap the input
  uint8_t padding;          ///< the value of pixels outside of the image: the zero point
  int32_t zero, low, high;  ///< within 0 ... 255
} ck_u8s8_depthwise_args;

/// Size of packed weights, bias, scale and shift.
size_t ck_u8s8_depthwise_packed_bytes(uint32_t isa, size_t channels, size_t kh, size_t kw);

/// Packs `weights: [channels, kh, kw]` with `bias`, `scale` and `shift`, which have one element per channel; channels up to the
/// next group's end become zero. `packed` must be 64-byte aligned.
void ck_u8s8_depthwise_pack(uint32_t isa, size_t channels, size_t kh, size_t kw, const int8_t *weights, const int32_t *bias,
                            const float *scale, const float *shift, void *packed);

/// Scratch that ``ck_u8s8_depthwise`` needs for these sizes.
size_t ck_u8s8_depthwise_scratch_bytes(const ck_u8s8_depthwise_args *args, int threads);
/// `isa` is that of packing.
void ck_u8s8_depthwise(uint32_t isa, const ck_u8s8_depthwise_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
