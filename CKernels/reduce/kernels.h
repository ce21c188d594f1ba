// The reduction family's table of kernels.
#ifndef CK_REDUCE_KERNELS_H
#define CK_REDUCE_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_reduce.h"

typedef struct ck_reduce_kernels {
#define CK_KERNEL(result, name, arguments) result(*name) arguments;
#include "reduce.inc"
#undef CK_KERNEL
} ck_reduce_kernels;

CK_DECLARE_LEVELS(reduce)

#endif
