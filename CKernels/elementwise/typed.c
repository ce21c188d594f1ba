#include "kernels.h"

#include <string.h>

// The drivers of the number types other than float32.

typedef struct typed_context {
  const ck_elementwise_kernels *kernels;
  int32_t kind;
} typed_context;

static void run(uint32_t isa, int32_t kind, size_t bytes, size_t y_bytes, ck_broadcast_rows *body, size_t rank,
                const size_t *size, const void *a, const ptrdiff_t *a_stride, const void *b, const ptrdiff_t *b_stride, void *y,
                int threads) {
  ck_broadcast plan = {.rank = rank, .operands = 2, .base = {a, b}, .bytes = {bytes, bytes}, .y = y, .y_bytes = y_bytes};
  memcpy(plan.size, size, rank * sizeof *size);
  memcpy(plan.stride[0], a_stride, rank * sizeof *a_stride);
  memcpy(plan.stride[1], b_stride, rank * sizeof *b_stride);
  ck_broadcast_simplify(&plan);
  const typed_context context = {CK_BEST_LEVEL(elementwise, isa), kind};
  ck_broadcast_run(&plan, 0, 1 << 14, threads, body, &context);
}

#define DRIVER(name, function, kinds, type, result)                                                                             \
  static void name##_##function##_rows(const void *context, size_t rows, size_t n, const char *const *operand,                  \
                                       const ptrdiff_t *row, const ptrdiff_t *step, char *y) {                                  \
    const typed_context *c = context;                                                                                           \
    c->kernels->name##_##function((kinds)c->kind, rows, n, (const type *)operand[0], row[0], step[0], (const type *)operand[1], \
                                  row[1], step[1], (result *)y);                                                                \
  }                                                                                                                             \
  void ck_##name##_##function(uint32_t isa, kinds kind, size_t rank, const size_t *size, const type *a,                         \
                              const ptrdiff_t *a_stride, const type *b, const ptrdiff_t *b_stride, result *y, int threads) {    \
    run(isa, kind, sizeof(type), sizeof(result), name##_##function##_rows, rank, size, a, a_stride, b, b_stride, y, threads);   \
  }
DRIVER(i32, binary, ck_binary_kind, int32_t, int32_t)
DRIVER(i64, binary, ck_binary_kind, int64_t, int64_t)
DRIVER(f64, binary, ck_binary_kind, double, double)
DRIVER(u8, binary, ck_binary_kind, uint8_t, uint8_t)
DRIVER(i32, compare, ck_compare_kind, int32_t, uint8_t)
DRIVER(i64, compare, ck_compare_kind, int64_t, uint8_t)
DRIVER(f64, compare, ck_compare_kind, double, uint8_t)

#define UNARY(name, type, grain)                                                                                            \
  void ck_##name##_unary(uint32_t isa, ck_function kind, type p0, type p1, size_t n, const type *x, type *y, int threads) { \
    const ck_elementwise_kernels *kernels = CK_BEST_LEVEL(elementwise, isa);                                                \
    int team = ck_team(threads, n, grain);                                                                                  \
    CK_PARALLEL(part, team, {                                                                                               \
      size_t begin = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);                                          \
      kernels->name##_unary(kind, p0, p1, end - begin, x + begin, y + begin);                                               \
    });                                                                                                                     \
  }
UNARY(i32, int32_t, 1 << 15)
UNARY(i64, int64_t, 1 << 15)
UNARY(f64, double, ck_f32_unary_grain(kind))

void ck_u8_not(uint32_t isa, size_t n, const uint8_t *x, uint8_t *y, int threads) {
  const ck_elementwise_kernels *kernels = CK_BEST_LEVEL(elementwise, isa);
  int team = ck_team(threads, n, 1 << 17);
  CK_PARALLEL(part, team, {
    size_t begin = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);
    kernels->u8_not(end - begin, x + begin, y + begin);
  });
}
