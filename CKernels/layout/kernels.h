// The layout family's table of kernels.
#include "../simd/levels.h"
#include "../simd/parallel.h"
#include <stddef.h>
#include <stdint.h>

typedef struct ck_layout_kernels {
  size_t lanes;
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "layout.inc"
#undef CK_KERNEL
} ck_layout_kernels;

CK_DECLARE_LEVELS(layout)
