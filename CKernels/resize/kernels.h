// The resize family's table of kernels.
#ifndef CK_RESIZE_KERNELS_H
#define CK_RESIZE_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_resize.h"

typedef struct ck_resize_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "resize.inc"
#undef CK_KERNEL
} ck_resize_kernels;

CK_DECLARE_LEVELS(resize)

#endif
