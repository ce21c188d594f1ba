#include "kernels.h"

#include <string.h>

#define SELECT_ROWS(bits)                                                                                                  \
  static void select_##bits(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,  \
                            const ptrdiff_t *step, char *y) {                                                              \
    const ck_elementwise_kernels *kernels = context;                                                                       \
    kernels->select_##bits(rows, n, (const uint8_t *)operand[0], row[0], step[0], operand[1], row[1], step[1], operand[2], \
                           row[2], step[2], y);                                                                            \
  }
SELECT_ROWS(8)
SELECT_ROWS(16)
SELECT_ROWS(32)
SELECT_ROWS(64)

void ck_select(uint32_t isa, size_t element_bytes, size_t rank, const size_t *size, const uint8_t *condition,
               const ptrdiff_t *condition_stride, const void *a, const ptrdiff_t *a_stride, const void *b,
               const ptrdiff_t *b_stride, void *y, int threads) {
  ck_broadcast plan = {.rank = rank,
                       .operands = 3,
                       .base = {(const char *)condition, a, b},
                       .bytes = {1, element_bytes, element_bytes},
                       .y = y,
                       .y_bytes = element_bytes};
  memcpy(plan.size, size, rank * sizeof *size);
  memcpy(plan.stride[0], condition_stride, rank * sizeof *condition_stride);
  memcpy(plan.stride[1], a_stride, rank * sizeof *a_stride);
  memcpy(plan.stride[2], b_stride, rank * sizeof *b_stride);
  ck_broadcast_simplify(&plan);
  ck_broadcast_rows *body = element_bytes == 1   ? select_8
                            : element_bytes == 2 ? select_16
                            : element_bytes == 4 ? select_32
                                                 : select_64;
  ck_broadcast_run(&plan, 0, 1 << 14, threads, body, CK_BEST_LEVEL(elementwise, isa));
}
