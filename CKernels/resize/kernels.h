// The resize family's table of kernels.
#ifndef CK_RESIZE_KERNELS_H
#define CK_RESIZE_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_resize.h"

// Columns of two taps, vector by vector: the taps of a vector lie in a window of the row that begins at `base` and is one vector
// long, or two.
typedef struct ck_column_pairs {
  size_t in, count;
  int is_wide;
  const int32_t *base;
  const int32_t *index[2];  // in the window, filled up to whole vectors
  const float *weight[2];
} ck_column_pairs;

// What the bins of one axis read: taps `starts[b] ..< starts[b + 1]`.
typedef struct ck_bin_taps {
  size_t bins;
  size_t *starts;
  int32_t *pixels;
  float *weights;
} ck_bin_taps;

typedef struct ck_resize_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "resize.inc"
#undef CK_KERNEL
} ck_resize_kernels;

CK_DECLARE_LEVELS(resize)

#endif
