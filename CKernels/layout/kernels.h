// The layout family's table of kernels.
#ifndef CK_LAYOUT_KERNELS_H
#define CK_LAYOUT_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include <stddef.h>
#include <stdint.h>

// Lanes of one block that go to a block of a result.
typedef struct ck_lane_move {
  const float *x;
  int32_t lane[16];
  float takes[16];
} ck_lane_move;

typedef struct ck_layout_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "layout.inc"
#undef CK_KERNEL
} ck_layout_kernels;

CK_DECLARE_LEVELS(layout)

#endif
