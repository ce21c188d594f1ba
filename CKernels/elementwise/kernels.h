// The elementwise family's table of kernels, and what its drivers share.
#ifndef CK_ELEMENTWISE_KERNELS_H
#define CK_ELEMENTWISE_KERNELS_H

#include "../simd/levels.h"
#include "../isa/parallel.h"
#include "ckernels_elementwise.h"
#include "ckernels_layout.h"

typedef struct ck_elementwise_kernels {
#define CK_KERNEL(name, arguments) void(*name) arguments;
#include "elementwise.inc"
#undef CK_KERNEL
} ck_elementwise_kernels;

CK_DECLARE_LEVELS(elementwise)

float ck_f32_unary_libm(ck_function kind, float p0, float x);
float ck_f32_binary_libm(ck_binary_kind kind, float a, float b);

// Elements that make a thread worthwhile for `kind`.
size_t ck_f32_unary_grain(ck_function kind);

enum { CK_OPERANDS = CK_CHAIN_OPERANDS };

// A contiguous result and the operands that are read, perhaps repeatedly, for each of its elements.
typedef struct ck_broadcast {
  size_t rank;
  size_t size[CK_MAX_RANK];
  size_t operands;
  const char *base[CK_OPERANDS];
  size_t bytes[CK_OPERANDS];  // of one element
  ptrdiff_t stride[CK_OPERANDS][CK_MAX_RANK];
  char *y;
  size_t y_bytes;
} ck_broadcast;

// `rows` rows of `n` elements; operand `j` moves by `row[j]` and `step[j]` elements; the result is contiguous.
typedef void ck_broadcast_rows(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,
                               const ptrdiff_t *step, char *y);

// Drops axes of one element and joins those that are contiguous for every operand.
void ck_broadcast_simplify(ck_broadcast *plan);

// Calls `body` for pieces of about `piece` elements (0: as large as can be) on up to `threads` threads.
void ck_broadcast_run(const ck_broadcast *plan, size_t piece, size_t grain, int threads, ck_broadcast_rows *body,
                      const void *context);

#endif
