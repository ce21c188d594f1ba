// The bytes family's table of kernels.
#ifndef CK_BYTES_KERNELS_H
#define CK_BYTES_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_bytes.h"

typedef struct ck_bytes_kernels {
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "bytes.inc"
#undef CK_KERNEL
} ck_bytes_kernels;

CK_DECLARE_LEVELS(bytes)

#endif
