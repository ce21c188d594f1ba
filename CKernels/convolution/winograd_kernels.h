// The table of Winograd transforms.
#ifndef CK_WINOGRAD_KERNELS_H
#define CK_WINOGRAD_KERNELS_H

#include "../simd/levels.h"
#include "ckernels_convolution.h"

// Where the results of one tile go: pixel (y, x) is at `y * row + x * c` of `out` and `residual`, of which the tile has `height`
// rows of `width` pixels.
typedef struct ck_winograd_results {
  float *out;
  const float *residual;  // or NULL
  const float *bias;      // c floats, or NULL
  size_t row, c;
  size_t height, width;
  ck_activation activation;
  float scale;
  int residual_last;
} ck_winograd_results;

typedef struct ck_winograd_kernels {
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "winograd.inc"
#undef CK_KERNEL
} ck_winograd_kernels;

CK_DECLARE_LEVELS(winograd)

#endif
