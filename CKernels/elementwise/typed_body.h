// The functions of the other number types, as plain loops that the compiler vectorizes for the level of the including file.
#include "meaning.h"
#include "typed.h"

// Some levels lack some of the vector instructions.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpass-failed"

// Operands and result are either apart or the same, element for element.
#define EACH(n) _Pragma("clang loop vectorize(assume_safety)") for (size_t k = 0; k < (n); ++k)

// The steps 0 and 1 are spelled out, as only they are fast.
#define TYPED_LOOPS(EACH, type, expression)                                  \
  for (size_t i = 0; i < rows; ++i, in0 += a_row, in1 += b_row, y += n) {    \
    if (a_step == 1 && b_step == 1) {                                        \
      EACH(n) {                                                              \
        type a = in0[k], b = in1[k];                                         \
        y[k] = expression;                                                   \
      }                                                                      \
    } else if (a_step == 1 && b_step == 0) {                                 \
      type b = *in1;                                                         \
      EACH(n) {                                                              \
        type a = in0[k];                                                     \
        y[k] = expression;                                                   \
      }                                                                      \
    } else if (a_step == 0 && b_step == 1) {                                 \
      type a = *in0;                                                         \
      EACH(n) {                                                              \
        type b = in1[k];                                                     \
        y[k] = expression;                                                   \
      }                                                                      \
    } else {                                                                 \
      for (size_t k = 0; k < n; ++k) {                                       \
        type a = in0[(ptrdiff_t)k * a_step], b = in1[(ptrdiff_t)k * b_step]; \
        y[k] = expression;                                                   \
      }                                                                      \
    }                                                                        \
  }

#define TYPED_ROWS(type, expression) TYPED_LOOPS(EACH, type, expression)
// For what has no vector form.
#define ONE_BY_ONE(n) for (size_t k = 0; k < (n); ++k)
#define SLOW_ROWS(type, expression) TYPED_LOOPS(ONE_BY_ONE, type, expression)

#define TYPED_ARGUMENTS(type, result)                                                                                            \
  size_t rows, size_t n, const type *in0, ptrdiff_t a_row, ptrdiff_t a_step, const type *in1, ptrdiff_t b_row, ptrdiff_t b_step, \
      result *y

// Arithmetic of integers is done in the unsigned type of the same width, which wraps.
#define INTEGER_FUNCTIONS(name, type, wrapping)                                                                           \
  static void CK_FN(name##_binary)(ck_binary_kind kind, TYPED_ARGUMENTS(type, type)) {                                    \
    switch (kind) {                                                                                                       \
      case CK_BINARY_ADD: TYPED_ROWS(type, (type)((wrapping)a + (wrapping)b)) return;                                     \
      case CK_BINARY_SUB: TYPED_ROWS(type, (type)((wrapping)a - (wrapping)b)) return;                                     \
      case CK_BINARY_MUL: TYPED_ROWS(type, (type)((wrapping)a * (wrapping)b)) return;                                     \
      case CK_BINARY_DIV: SLOW_ROWS(type, name##_divide(a, b)) return;                                                    \
      case CK_BINARY_MIN: TYPED_ROWS(type, a < b ? a : b) return;                                                         \
      case CK_BINARY_MAX: TYPED_ROWS(type, a > b ? a : b) return;                                                         \
      case CK_BINARY_SQUARED_DIFFERENCE:                                                                                  \
        TYPED_ROWS(type, (type)(((wrapping)a - (wrapping)b) * ((wrapping)a - (wrapping)b))) return;                       \
      case CK_BINARY_PRELU: TYPED_ROWS(type, a < 0 ? (type)((wrapping)a * (wrapping)b) : a) return;                       \
      case CK_BINARY_POW: SLOW_ROWS(type, name##_power(a, b)) return;                                                     \
      case CK_BINARY_FMOD: SLOW_ROWS(type, name##_remainder(a, b)) return;                                                \
      case CK_BINARY_MOD: SLOW_ROWS(type, name##_modulo(a, b)) return;                                                    \
      case CK_BINARY_FLOORDIV: SLOW_ROWS(type, name##_floor_divide(a, b)) return;                                         \
      case CK_BINARY_AND: TYPED_ROWS(type, (type)(a & b)) return;                                                         \
      case CK_BINARY_OR: TYPED_ROWS(type, (type)(a | b)) return;                                                          \
      case CK_BINARY_XOR: TYPED_ROWS(type, (type)(a ^ b)) return;                                                         \
      case CK_BINARY_SHIFT_LEFT: TYPED_ROWS(type, (wrapping)b < sizeof(type) * 8 ? (type)((wrapping)a << b) : 0) return;  \
      case CK_BINARY_SHIFT_RIGHT: TYPED_ROWS(type, (wrapping)b < sizeof(type) * 8 ? (type)((wrapping)a >> b) : 0) return; \
      default: return;                                                                                                    \
    }                                                                                                                     \
  }                                                                                                                       \
  static void CK_FN(name##_unary)(ck_function kind, type p0, type p1, size_t n, const type *x, type *y) {                 \
    switch (kind) {                                                                                                       \
      case CK_FUNCTION_ABSOLUTE: EACH(n) y[k] = x[k] < 0 ? (type)(0 - (wrapping)x[k]) : x[k]; return;                     \
      case CK_FUNCTION_NEGATE: EACH(n) y[k] = (type)(0 - (wrapping)x[k]); return;                                         \
      case CK_FUNCTION_SIGN: EACH(n) y[k] = (x[k] > 0) - (x[k] < 0); return;                                              \
      case CK_FUNCTION_SQUARE: EACH(n) y[k] = (type)((wrapping)x[k] * (wrapping)x[k]); return;                            \
      case CK_FUNCTION_CLIP:                                                                                              \
        EACH(n) {                                                                                                         \
          type v = x[k] > p0 ? x[k] : p0;                                                                                 \
          y[k] = v < p1 ? v : p1;                                                                                         \
        }                                                                                                                 \
        return;                                                                                                           \
      default:                                                                                                            \
        if (x != y) memmove(y, x, n * sizeof *y);                                                                         \
    }                                                                                                                     \
  }

#define COMPARE_FUNCTION(name, type)                                                        \
  static void CK_FN(name##_compare)(ck_compare_kind kind, TYPED_ARGUMENTS(type, uint8_t)) { \
    switch (kind) {                                                                         \
      case CK_EQUAL: TYPED_ROWS(type, a == b) return;                                       \
      case CK_NOT_EQUAL: TYPED_ROWS(type, a != b) return;                                   \
      case CK_LESS: TYPED_ROWS(type, a < b) return;                                         \
      case CK_LESS_OR_EQUAL: TYPED_ROWS(type, a <= b) return;                               \
      case CK_GREATER: TYPED_ROWS(type, a > b) return;                                      \
      case CK_GREATER_OR_EQUAL: TYPED_ROWS(type, a >= b) return;                            \
    }                                                                                       \
  }

INTEGER_FUNCTIONS(i32, int32_t, uint32_t)
INTEGER_FUNCTIONS(i64, int64_t, uint64_t)
COMPARE_FUNCTION(i32, int32_t)
COMPARE_FUNCTION(i64, int64_t)
COMPARE_FUNCTION(f64, double)

static void CK_FN(u8_binary)(ck_binary_kind kind, TYPED_ARGUMENTS(uint8_t, uint8_t)) {
  switch (kind) {
    case CK_BINARY_AND: TYPED_ROWS(uint8_t, (uint8_t)(a & b)) return;
    case CK_BINARY_OR: TYPED_ROWS(uint8_t, (uint8_t)(a | b)) return;
    case CK_BINARY_XOR: TYPED_ROWS(uint8_t, (uint8_t)(a ^ b)) return;
    default: return;
  }
}

static void CK_FN(u8_not)(size_t n, const uint8_t *x, uint8_t *y) { EACH(n) y[k] = x[k] == 0; }

static void CK_FN(f64_binary)(ck_binary_kind kind, TYPED_ARGUMENTS(double, double)) {
  switch (kind) {
    case CK_BINARY_ADD: TYPED_ROWS(double, a + b) return;
    case CK_BINARY_SUB: TYPED_ROWS(double, a - b) return;
    case CK_BINARY_MUL: TYPED_ROWS(double, a *b) return;
    case CK_BINARY_DIV: TYPED_ROWS(double, a / b) return;
    // The first operand if it is NaN, the second if that is.
    case CK_BINARY_MIN: TYPED_ROWS(double, a < b || a != a ? a : b) return;
    case CK_BINARY_MAX: TYPED_ROWS(double, a > b || a != a ? a : b) return;
    case CK_BINARY_SQUARED_DIFFERENCE: TYPED_ROWS(double, (a - b) * (a - b)) return;
    case CK_BINARY_PRELU: TYPED_ROWS(double, a < 0 ? a * b : a) return;
    case CK_BINARY_POW:
      if (b_step == 0 && b_row == 0 && *in1 == 2) {
        TYPED_ROWS(double, ((void)b, a * a))
        return;
      }
      break;
    default: break;
  }
  for (size_t i = 0; i < rows; ++i)
    for (size_t k = 0; k < n; ++k)
      y[i * n + k] = ck_f64_binary_libm(kind, in0[(ptrdiff_t)i * a_row + (ptrdiff_t)k * a_step],
                                        in1[(ptrdiff_t)i * b_row + (ptrdiff_t)k * b_step]);
}

static void CK_FN(f64_unary)(ck_function kind, double p0, double p1, size_t n, const double *in, double *y) {
  switch (kind) {
    case CK_FUNCTION_IDENTITY:
      if (in != y) memmove(y, in, n * sizeof *y);
      return;
// Loops that become vectors. The others call the C library, and need no code for each level.
#define CHEAP(NAME, scalar)   \
  case CK_FUNCTION_##NAME:    \
    EACH(n) {                 \
      const double x = in[k]; \
      y[k] = scalar;          \
    }                         \
    return;
#define MODERATE(NAME, scalar)
#define CK_FUSABLE(cost, NAME, name, vector, scalar) cost(NAME, scalar)
#define CK_VECTOR(cost, NAME, name, vector, scalar) cost(NAME, scalar)
      CK_FUNCTIONS(CK_FUSABLE, CK_VECTOR, CK_NOTHING)
#undef CK_FUSABLE
#undef CK_VECTOR
#undef CHEAP
#undef MODERATE
    default: break;
  }
  for (size_t k = 0; k < n; ++k) y[k] = ck_f64_unary_libm(kind, p0, p1, in[k]);
}

#define SELECT_FUNCTION(bits)                                                                                          \
  static void CK_FN(select_##bits)(size_t rows, size_t n, const uint8_t *condition, ptrdiff_t c_row, ptrdiff_t c_step, \
                                   const void *a, ptrdiff_t a_row, ptrdiff_t a_step, const void *b, ptrdiff_t b_row,   \
                                   ptrdiff_t b_step, void *y) {                                                        \
    const uint##bits##_t *in0 = a, *in1 = b;                                                                           \
    uint##bits##_t *out = y;                                                                                           \
    for (size_t i = 0; i < rows; ++i, condition += c_row, in0 += a_row, in1 += b_row, out += n) {                      \
      if (c_step == 1 && a_step == 1 && b_step == 1) {                                                                 \
        EACH(n) out[k] = condition[k] ? in0[k] : in1[k];                                                               \
      } else if (c_step == 1 && a_step == 0 && b_step == 1) {                                                          \
        uint##bits##_t fixed = *in0;                                                                                   \
        EACH(n) out[k] = condition[k] ? fixed : in1[k];                                                                \
      } else if (c_step == 1 && a_step == 1 && b_step == 0) {                                                          \
        uint##bits##_t fixed = *in1;                                                                                   \
        EACH(n) out[k] = condition[k] ? in0[k] : fixed;                                                                \
      } else {                                                                                                         \
        for (size_t k = 0; k < n; ++k) {                                                                               \
          ptrdiff_t at = (ptrdiff_t)k;                                                                                 \
          out[k] = condition[at * c_step] ? in0[at * a_step] : in1[at * b_step];                                       \
        }                                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
  }
SELECT_FUNCTION(8)
SELECT_FUNCTION(16)
SELECT_FUNCTION(32)
SELECT_FUNCTION(64)

#pragma clang diagnostic pop

const ck_elementwise_kernels CK_FN(elementwise) = {
#define CK_KERNEL(name, arguments) .name = CK_FN(name),
#include "elementwise.inc"
#undef CK_KERNEL
};
