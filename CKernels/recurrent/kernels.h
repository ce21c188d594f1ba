// The recurrent family's table of kernels.
#ifndef CK_RECURRENT_KERNELS_H
#define CK_RECURRENT_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_recurrent.h"

typedef struct ck_recurrent_kernels {
#define CK_KERNEL(result, name, arguments) result(*name) arguments;
#include "recurrent.inc"
#undef CK_KERNEL
} ck_recurrent_kernels;

CK_DECLARE_LEVELS(recurrent)

#endif
