/// Maximum and average pooling, on blocked and on plain tensors. Conventions: `ckernels_layout.h`.
#ifndef CKERNELS_POOLING_H
#define CKERNELS_POOLING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ck_pool_kind : int32_t {
  CK_POOL_MAX = 0,                   ///< padding never wins; a window of padding only gives -inf
  CK_POOL_AVERAGE = 1,               ///< divides by the number of elements that are not padding; 0 if there is none
  CK_POOL_AVERAGE_WITH_PADDING = 2,  ///< divides by the number of elements inside the padded input
} ck_pool_kind;

/// Sizes of one pooling. `out_h` and `out_w` are the caller's (ceil mode is a larger `out`); windows may reach past the padding.
typedef struct ck_pool_shape {
  size_t in_h, in_w;
  size_t out_h, out_w;
  size_t kernel_h, kernel_w;
  size_t stride_h, stride_w;
  size_t dilation_h, dilation_w;
  size_t pad_top, pad_left;
  size_t pad_bottom, pad_right;  ///< used only by ``CK_POOL_AVERAGE_WITH_PADDING``, which counts up to them
} ck_pool_shape;

/// Blocked `x: [blocks, in_h, in_w, c]` to `y: [blocks, out_h, out_w, c]`, `blocks` = N * ceil(C / c).
void ck_f32_pool_blocked(uint32_t isa, ck_pool_kind kind, const ck_pool_shape *shape, size_t blocks, size_t c, const float *x,
                         float *y, int threads);

/// Plain `x: [planes, in_h, in_w]` to `y: [planes, out_h, out_w]`, `planes` = N * C.
void ck_f32_pool_plain(uint32_t isa, ck_pool_kind kind, const ck_pool_shape *shape, size_t planes, const float *x, float *y,
                       int threads);

#ifdef __cplusplus
}
#endif

#endif
