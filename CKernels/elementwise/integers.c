#include "kernels.h"

#include <string.h>

// Arithmetic is done in the unsigned type of the same width, which wraps.
#define BINARY_CASES(type, unsigned_type)                                                                         \
  CASE(CK_BINARY_ADD, (type)((unsigned_type)a + (unsigned_type)b))                                                \
  CASE(CK_BINARY_SUB, (type)((unsigned_type)a - (unsigned_type)b))                                                \
  CASE(CK_BINARY_MUL, (type)((unsigned_type)a * (unsigned_type)b))                                                \
  CASE(CK_BINARY_DIV, b == 0 ? 0 : b == (type)-1 ? (type)(0 - (unsigned_type)a) : (type)(a / b))                  \
  CASE(CK_BINARY_MIN, a < b ? a : b)                                                                              \
  CASE(CK_BINARY_MAX, a > b ? a : b)                                                                              \
  CASE(CK_BINARY_SQUARED_DIFFERENCE,                                                                              \
       (type)(((unsigned_type)a - (unsigned_type)b) * ((unsigned_type)a - (unsigned_type)b)))                     \
  CASE(CK_BINARY_PRELU, a < 0 ? (type)((unsigned_type)a * (unsigned_type)b) : a)                                  \
  CASE(CK_BINARY_POW, power_##type(a, b))                                                                         \
  CASE(CK_BINARY_FMOD, b == 0 || b == (type)-1 ? 0 : (type)(a % b))                                               \
  CASE(CK_BINARY_MOD, b == 0 || b == (type)-1 ? 0 : (type)(a % b + (a % b != 0 && (a % b < 0) != (b < 0) ? b : 0))) \
  CASE(CK_BINARY_FLOORDIV, b == 0          ? 0                                                                    \
                           : b == (type)-1 ? (type)(0 - (unsigned_type)a)                                         \
                                           : (type)(a / b - (a % b != 0 && (a % b < 0) != (b < 0))))              \
  CASE(CK_BINARY_AND, (type)(a & b))                                                                              \
  CASE(CK_BINARY_OR, (type)(a | b))                                                                               \
  CASE(CK_BINARY_XOR, (type)(a ^ b))                                                                              \
  CASE(CK_BINARY_SHIFT_LEFT, (uint64_t)b < sizeof(type) * 8 ? (type)((unsigned_type)a << b) : 0)                  \
  CASE(CK_BINARY_SHIFT_RIGHT, (uint64_t)b < sizeof(type) * 8 ? (type)((unsigned_type)a >> b) : 0)

#define COMPARE_CASES       \
  CASE(CK_EQUAL, a == b)    \
  CASE(CK_NOT_EQUAL, a != b) \
  CASE(CK_LESS, a < b)      \
  CASE(CK_LESS_OR_EQUAL, a <= b) \
  CASE(CK_GREATER, a > b)   \
  CASE(CK_GREATER_OR_EQUAL, a >= b)

// The steps 0 and 1 are spelled out so that the compiler vectorises them.
#define ROWS(type, expression)                                                                             \
  for (size_t i = 0; i < rows; ++i, in0 += row[0], in1 += row[1], out += n) {                              \
    if (step[0] == 1 && step[1] == 1) {                                                                    \
      for (size_t k = 0; k < n; ++k) { type a = in0[k], b = in1[k]; out[k] = expression; }                 \
    } else if (step[0] == 1 && step[1] == 0) {                                                             \
      type b = *in1;                                                                                       \
      for (size_t k = 0; k < n; ++k) { type a = in0[k]; out[k] = expression; }                             \
    } else {                                                                                               \
      for (size_t k = 0; k < n; ++k) {                                                                     \
        type a = in0[(ptrdiff_t)k * step[0]], b = in1[(ptrdiff_t)k * step[1]];                             \
        out[k] = expression;                                                                               \
      }                                                                                                    \
    }                                                                                                      \
  }

#define POWER(type, unsigned_type)                                               \
  static type power_##type(type base, type exponent) {                           \
    if (exponent < 0) return base == 1 ? 1 : base == (type)-1 ? (exponent & 1 ? (type)-1 : 1) : 0; \
    unsigned_type result = 1, square = (unsigned_type)base;                      \
    for (; exponent > 0; exponent = (type)(exponent >> 1), square *= square)     \
      if (exponent & 1) result *= square;                                        \
    return (type)result;                                                         \
  }

#define ROW_FUNCTIONS(type, unsigned_type)                                                                                     \
  static void binary_##type(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,      \
                            const ptrdiff_t *step, char *y) {                                                                  \
    const type *in0 = (const type *)operand[0], *in1 = (const type *)operand[1];                                               \
    type *out = (type *)y;                                                                                                     \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wtautological-compare\"")                            \
    switch (*(const ck_binary_kind *)context) {                                                                                \
      BINARY_CASES(type, unsigned_type)                                                                                        \
      default: return;                                                                                                         \
    }                                                                                                                          \
    _Pragma("clang diagnostic pop")                                                                                            \
  }                                                                                                                            \
  static void compare_##type(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,     \
                             const ptrdiff_t *step, char *y) {                                                                 \
    const type *in0 = (const type *)operand[0], *in1 = (const type *)operand[1];                                               \
    uint8_t *out = (uint8_t *)y;                                                                                               \
    switch (*(const ck_compare_kind *)context) { COMPARE_CASES }                                                               \
  }

POWER(int32_t, uint32_t)
POWER(int64_t, uint64_t)

#define CASE(kind, expression) case kind: ROWS(int32_t, expression) return;
ROW_FUNCTIONS(int32_t, uint32_t)
#undef CASE
#define CASE(kind, expression) case kind: ROWS(int64_t, expression) return;
ROW_FUNCTIONS(int64_t, uint64_t)
#undef CASE

#define CASE(kind, expression) case kind: ROWS(uint8_t, expression) return;
static void binary_uint8_t(const void *context, size_t rows, size_t n, const char *const *operand, const ptrdiff_t *row,
                           const ptrdiff_t *step, char *y) {
  const uint8_t *in0 = (const uint8_t *)operand[0], *in1 = (const uint8_t *)operand[1];
  uint8_t *out = (uint8_t *)y;
  switch (*(const ck_binary_kind *)context) {
    CASE(CK_BINARY_AND, (a & b))
    CASE(CK_BINARY_OR, (a | b))
    CASE(CK_BINARY_XOR, (a ^ b))
    default: return;
  }
}
#undef CASE

static void run(size_t bytes, size_t y_bytes, ck_broadcast_rows *body, const void *kind, size_t rank, const size_t *size, const void *a,
                const ptrdiff_t *a_stride, const void *b, const ptrdiff_t *b_stride, void *y, int threads) {
  ck_broadcast plan = {.rank = rank, .operands = 2, .base = {a, b}, .bytes = {bytes, bytes}, .y = y, .y_bytes = y_bytes};
  memcpy(plan.size, size, rank * sizeof *size);
  memcpy(plan.stride[0], a_stride, rank * sizeof *a_stride);
  memcpy(plan.stride[1], b_stride, rank * sizeof *b_stride);
  ck_broadcast_simplify(&plan);
  ck_broadcast_run(&plan, 0, 1 << 14, threads, body, kind);
}

#define BINARY_DRIVER(name, type)                                                                                                       \
  void ck_##name##_binary(uint32_t isa, ck_binary_kind kind, size_t rank, const size_t *size, const type *a,                          \
                          const ptrdiff_t *a_stride, const type *b, const ptrdiff_t *b_stride, type *y, int threads) {                \
    (void)isa;                                                                                                                        \
    run(sizeof(type), sizeof(type), binary_##type, &kind, rank, size, a, a_stride, b, b_stride, y, threads);                          \
  }
#define COMPARE_DRIVER(name, type)                                                                                                    \
  void ck_##name##_compare(uint32_t isa, ck_compare_kind kind, size_t rank, const size_t *size, const type *a,                        \
                           const ptrdiff_t *a_stride, const type *b, const ptrdiff_t *b_stride, uint8_t *y, int threads) {            \
    (void)isa;                                                                                                                        \
    run(sizeof(type), 1, compare_##type, &kind, rank, size, a, a_stride, b, b_stride, y, threads);                                    \
  }
BINARY_DRIVER(i32, int32_t)
BINARY_DRIVER(i64, int64_t)
BINARY_DRIVER(u8, uint8_t)
COMPARE_DRIVER(i32, int32_t)
COMPARE_DRIVER(i64, int64_t)

#define UNARY(name, type, unsigned_type)                                                                                   \
  void ck_##name##_unary(ck_unary_kind kind, type p0, type p1, size_t n, const type *x, type *y, int threads) {            \
    int team = ck_team(threads, n, 1 << 15);                                                                               \
    CK_PARALLEL(part, team, {                                                                                              \
      size_t begin = ck_part64(n, team, part), end = ck_part64(n, team, part + 1);                                         \
      switch (kind) {                                                                                                      \
        case CK_UNARY_ABS:                                                                                                 \
          for (size_t i = begin; i < end; ++i) y[i] = x[i] < 0 ? (type)(0 - (unsigned_type)x[i]) : x[i];                   \
          break;                                                                                                           \
        case CK_UNARY_NEG:                                                                                                 \
          for (size_t i = begin; i < end; ++i) y[i] = (type)(0 - (unsigned_type)x[i]);                                     \
          break;                                                                                                           \
        case CK_UNARY_SIGN:                                                                                                \
          for (size_t i = begin; i < end; ++i) y[i] = (x[i] > 0) - (x[i] < 0);                                             \
          break;                                                                                                           \
        case CK_UNARY_SQUARE:                                                                                              \
          for (size_t i = begin; i < end; ++i) y[i] = (type)((unsigned_type)x[i] * (unsigned_type)x[i]);                   \
          break;                                                                                                           \
        case CK_UNARY_CLAMP:                                                                                               \
          for (size_t i = begin; i < end; ++i) {                                                                           \
            type v = x[i] > p0 ? x[i] : p0;                                                                                \
            y[i] = v < p1 ? v : p1;                                                                                        \
          }                                                                                                                \
          break;                                                                                                           \
        default:                                                                                                           \
          if (x != y) memmove(y + begin, x + begin, (end - begin) * sizeof *y);                                            \
      }                                                                                                                    \
    });                                                                                                                     \
  }
UNARY(i32, int32_t, uint32_t)
UNARY(i64, int64_t, uint64_t)

void ck_u8_not(size_t n, const uint8_t *x, uint8_t *y, int threads) {
  int team = ck_team(threads, n, 1 << 17);
  CK_PARALLEL(part, team, {
    for (size_t i = ck_part64(n, team, part), end = ck_part64(n, team, part + 1); i < end; ++i) y[i] = x[i] == 0;
  });
}
