#include "kernels.h"

#include <string.h>

#define SELECT_ROWS(type)                                                                                                      \
  static void select_##type(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,      \
                            const ptrdiff_t *step, char *y) {                                                                  \
    (void)context;                                                                                                             \
    const uint8_t *condition = (const uint8_t *)operand[0];                                                                    \
    const type *a = (const type *)operand[1], *b = (const type *)operand[2];                                                   \
    type *out = (type *)y;                                                                                                     \
    for (size_t i = 0; i < rows; ++i, condition += row[0], a += row[1], b += row[2], out += n) {                               \
      if (step[0] == 1 && step[1] == 1 && step[2] == 1) {                                                                      \
        for (size_t k = 0; k < n; ++k) out[k] = condition[k] ? a[k] : b[k];                                                    \
      } else if (step[0] == 1 && step[1] == 0 && step[2] == 1) {                                                               \
        type fixed = *a;                                                                                                       \
        for (size_t k = 0; k < n; ++k) out[k] = condition[k] ? fixed : b[k];                                                   \
      } else if (step[0] == 1 && step[1] == 1 && step[2] == 0) {                                                               \
        type fixed = *b;                                                                                                       \
        for (size_t k = 0; k < n; ++k) out[k] = condition[k] ? a[k] : fixed;                                                   \
      } else {                                                                                                                 \
        for (size_t k = 0; k < n; ++k) {                                                                                       \
          ptrdiff_t at = (ptrdiff_t)k;                                                                                         \
          out[k] = condition[at * step[0]] ? a[at * step[1]] : b[at * step[2]];                                                \
        }                                                                                                                      \
      }                                                                                                                        \
    }                                                                                                                          \
  }
SELECT_ROWS(uint8_t)
SELECT_ROWS(uint16_t)
SELECT_ROWS(uint32_t)
SELECT_ROWS(uint64_t)

void ck_select(uint32_t isa, size_t element_bytes, size_t rank, const size_t *size, const uint8_t *condition,
               const ptrdiff_t *condition_stride, const void *a, const ptrdiff_t *a_stride, const void *b, const ptrdiff_t *b_stride,
               void *y, int threads) {
  (void)isa;
  ck_broadcast plan = {.rank = rank, .operands = 3, .base = {(const char *)condition, a, b},
                       .bytes = {1, element_bytes, element_bytes}, .y = y, .y_bytes = element_bytes};
  memcpy(plan.size, size, rank * sizeof *size);
  memcpy(plan.stride[0], condition_stride, rank * sizeof *condition_stride);
  memcpy(plan.stride[1], a_stride, rank * sizeof *a_stride);
  memcpy(plan.stride[2], b_stride, rank * sizeof *b_stride);
  ck_broadcast_simplify(&plan);
  ck_broadcast_rows *body = element_bytes == 1 ? select_uint8_t : element_bytes == 2 ? select_uint16_t
                          : element_bytes == 4 ? select_uint32_t : select_uint64_t;
  ck_broadcast_run(&plan, 0, 1 << 14, threads, body, NULL);
}
