/// Two-dimensional convolution on channel-blocked arrays `[N, ceil(C/c), H, W, c]`, c from ``ck_gemm_config``.
///
/// Lanes of a blocked input past its channels may hold anything, NaN too; they never reach a result. Lanes of a blocked output
/// past its channels get unspecified values. Scratch and packed weights must be 64-byte aligned. Inputs and outputs need no
/// alignment and must not overlap. Every driver gives the same bits for every number of threads.
#ifndef CKERNELS_CONVOLUTION_H
#define CKERNELS_CONVOLUTION_H

#include "ckernels_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The sizes of a convolution or of a transposed one. Bottom and right padding follow from the output size.
///
/// A transposed convolution adds `x[i] * weight[k]` to the result at `i * stride + k * dilation - pad`, for each of the two
/// dimensions.
typedef struct ck_conv2d_shape {
  size_t batch;
  size_t ic, h, w;
  size_t oc, oh, ow;
  size_t kh, kw;
  size_t stride_h, stride_w;
  size_t dilation_h, dilation_w;
  size_t pad_top, pad_left;
  size_t groups;
} ck_conv2d_shape;

/// How a convolution is computed; each has its own packed weights.
typedef enum ck_conv2d_algorithm : int32_t {
  CK_CONV2D_UNSUPPORTED = 0,
  CK_CONV2D_BLOCKED = 1,  ///< blocked input, implicit matrix product; several groups are whole blocks of channels
  CK_CONV2D_PLANAR = 2,   ///< NCHW input of few channels, one group; blocked output: the first layer of a network
  CK_CONV2D_GENERAL = 3,  ///< NCHW input and output, any groups: works for all shapes, not fast; weights are OIHW as they are
  CK_CONV2D_TRANSPOSED =
      4,  ///< transposed convolution of blocked input; ic/groups and oc/groups multiples of c if there are several
  CK_CONV2D_GENERAL_TRANSPOSED = 5,  ///< transposed convolution, otherwise as CK_CONV2D_GENERAL; weights are IOHW as they are
  CK_CONV2D_WINOGRAD_2 = 6,          ///< 3x3, stride 1, one group, blocked: tiles of 2x2 results, 2.25 times fewer products
  CK_CONV2D_WINOGRAD_4 = 7,          ///< tiles of 4x4 results, 4 times fewer products; errs by at most 1e-4 of the largest result
  CK_CONV2D_GROUPED = 8,             ///< blocked, several groups of any width: a vector of results may belong to several
} ck_conv2d_algorithm;

typedef struct ck_f32_conv2d_args {
  ck_conv2d_shape shape;
  ck_conv2d_algorithm algorithm;
  const float *input;
  const float *factors;  ///< 1x1, stride 1, no padding, one group: `[batch, ceil(ic/c) * c]` numbers that channels are multiplied
                         ///< by; or NULL
  size_t input_image;    ///< floats from one image to the next; 0: dense
  const float *weights;  ///< packed for `algorithm`
  float *output;
  size_t output_image;  ///< floats from one image to the next (and of the residual); 0: dense
  ck_f32_epilogue epilogue;
} ck_f32_conv2d_args;

/// Whether `algorithm` can do this shape with this kernel.
int32_t ck_f32_conv2d_supports(const ck_gemm_config *config, const ck_conv2d_shape *shape, ck_conv2d_algorithm algorithm);

/// An algorithm and what it is expected to take, in cycles of one core.
typedef struct ck_conv2d_choice {
  ck_conv2d_algorithm algorithm;
  double cycles;
} ck_conv2d_choice;

/// The fastest algorithm for blocked inputs, a function of the kernel and the shape alone; CK_CONV2D_UNSUPPORTED if there is
/// none.
ck_conv2d_choice ck_f32_conv2d_choose(const ck_gemm_config *config, const ck_conv2d_shape *shape);

/// Size of the packed weights: `[groups][ceil(oc/groups/nr)][taps][channels per tap][nr]` floats;
/// for Winograd's algorithms `[ceil(oc/nr)][points][ic][nr]`;
/// for CK_CONV2D_GROUPED `[ceil(oc/c)][kh][terms][kw][c]`, each block after what its terms read.
size_t ck_f32_conv2d_packed_bytes(const ck_gemm_config *config, const ck_conv2d_shape *shape, ck_conv2d_algorithm algorithm);

/// Packs `[OC, IC/groups, KH, KW]` weights; for the transposed algorithms `[IC, OC/groups, KH, KW]` weights.
void ck_f32_conv2d_pack(const ck_gemm_config *config, const ck_conv2d_shape *shape, ck_conv2d_algorithm algorithm,
                        const float *weights, float *packed, int threads);

/// Scratch that ``ck_f32_conv2d`` needs (of the pointers only whether there are factors). May be 0.
size_t ck_f32_conv2d_scratch_bytes(const ck_gemm_config *config, const ck_f32_conv2d_args *args, int threads);
void ck_f32_conv2d(const ck_gemm_config *config, const ck_f32_conv2d_args *args, void *scratch, int threads);

#ifdef __cplusplus
}
#endif

#endif
