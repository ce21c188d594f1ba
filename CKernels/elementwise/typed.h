// What the other number types do to one element, where that is more than an operator of C.
#ifndef CK_ELEMENTWISE_TYPED_H
#define CK_ELEMENTWISE_TYPED_H

#include "ckernels_elementwise.h"
#include <string.h>

double ck_f64_unary_libm(ck_function kind, double p0, double p1, double x);
double ck_f64_binary_libm(ck_binary_kind kind, double a, double b);

#define INTEGER_DIVISION(name, type, wrapping)                                                                                \
  static inline type name##_divide(type a, type b) { return b == 0 ? 0 : b == -1 ? (type)(0 - (wrapping)a) : (type)(a / b); } \
  static inline type name##_remainder(type a, type b) { return b == 0 || b == -1 ? 0 : (type)(a % b); }                       \
  static inline type name##_modulo(type a, type b) {                                                                          \
    type r = name##_remainder(a, b);                                                                                          \
    return r != 0 && (r < 0) != (b < 0) ? (type)(r + b) : r;                                                                  \
  }                                                                                                                           \
  static inline type name##_floor_divide(type a, type b) {                                                                    \
    type q = name##_divide(a, b), r = name##_remainder(a, b);                                                                 \
    return r != 0 && (r < 0) != (b < 0) ? (type)(q - 1) : q;                                                                  \
  }                                                                                                                           \
  static inline type name##_power(type base, type exponent) {                                                                 \
    if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent & 1 ? (type) - 1 : 1) : 0;                                \
    wrapping result = 1, square = (wrapping)base;                                                                             \
    for (; exponent > 0; exponent = (type)(exponent >> 1), square *= square)                                                  \
      if (exponent & 1) result *= square;                                                                                     \
    return (type)result;                                                                                                      \
  }
INTEGER_DIVISION(i32, int32_t, uint32_t)
INTEGER_DIVISION(i64, int64_t, uint64_t)

#endif
