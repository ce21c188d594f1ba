// Narrowing of numbers that follow each other: a table of kernels per level.
#ifndef CK_NARROW_ROWS_H
#define CK_NARROW_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "../simd/levels.h"
#include "form.h"

typedef struct ck_rows_kernels {
  size_t lanes;
#define CK_KERNEL(result, name, arguments) result(*name) arguments;
#include "rows.inc"
#undef CK_KERNEL
} ck_rows_kernels;

CK_DECLARE_LEVELS(rows)

#endif
