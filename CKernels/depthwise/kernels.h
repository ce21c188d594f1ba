// The depthwise family's table of kernels.
#ifndef CK_DEPTHWISE_KERNELS_H
#define CK_DEPTHWISE_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_depthwise.h"

typedef struct ck_depthwise_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "depthwise.inc"
#undef CK_KERNEL
} ck_depthwise_kernels;

CK_DECLARE_LEVELS(depthwise)

#endif
