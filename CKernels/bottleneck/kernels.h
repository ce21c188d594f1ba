// The bottleneck family's table of kernels.
#ifndef CK_BOTTLENECK_KERNELS_H
#define CK_BOTTLENECK_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_bottleneck.h"

typedef struct ck_bottleneck_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "bottleneck.inc"
#undef CK_KERNEL
} ck_bottleneck_kernels;

CK_DECLARE_LEVELS(bottleneck)

#endif
