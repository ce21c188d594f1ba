// The quantize family's table of kernels.
#ifndef CK_QUANTIZE_KERNELS_H
#define CK_QUANTIZE_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_quantize.h"

typedef struct ck_quantize_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "quantize.inc"
#undef CK_KERNEL
} ck_quantize_kernels;

CK_DECLARE_LEVELS(quantize)

#endif
