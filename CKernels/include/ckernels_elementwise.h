/// Elementwise operations with broadcasting. Conventions: `ckernels_layout.h`.
///
/// Broadcasting functions take `rank <= CK_MAX_RANK` sizes of the result, which is contiguous, and one stride per dimension and
/// operand in elements, 0 where that operand is repeated. Dimensions are merged inside; a scalar is all strides 0; a bias over
/// the last dimension is strides `[0, …, 0, 1]`; squeeze-excitation on blocked tensors is sizes `[N * C / c, H * W, c]`, strides
/// `[c, 0, 1]`. The result may be an operand that has the shape of the result.
#ifndef CKERNELS_ELEMENTWISE_H
#define CKERNELS_ELEMENTWISE_H

#include "ckernels_epilogue.h"
#include "ckernels_layout.h"
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// `y[i] = f(x[i])`. Relative error of exp, expm1, log, log1p, sigmoid, tanh, erf and the activations made of them: at most 1e-6
/// (measured bounds in the tests); the trigonometric and hyperbolic ones, erfc, erfinv and power are the C library's.
/// `y` may be `x`.
void ck_f32_unary(uint32_t isa, ck_function kind, float p0, float p1, size_t n, const float *x, float *y, int threads);

/// Functions of two numbers.
typedef enum ck_binary_kind : int32_t {
  CK_BINARY_ADD = 0,
  CK_BINARY_SUB = 1,
  CK_BINARY_MUL = 2,
  CK_BINARY_DIV = 3,
  CK_BINARY_MIN = 4,  ///< NaN if either is
  CK_BINARY_MAX = 5,  ///< NaN if either is
  CK_BINARY_SQUARED_DIFFERENCE = 6,
  CK_BINARY_PRELU = 7,  ///< a < 0 ? a * b : a
  CK_BINARY_POW = 8,
  CK_BINARY_MOD = 9,        ///< sign of the divisor (Python); integers: 0 if b is 0
  CK_BINARY_FMOD = 10,      ///< sign of the dividend (C); integers: 0 if b is 0
  CK_BINARY_FLOORDIV = 11,  ///< integers: 0 if b is 0
  CK_BINARY_ATAN2 = 12,
  CK_BINARY_AND = 13,  ///< bits; integers only, as the following
  CK_BINARY_OR = 14,
  CK_BINARY_XOR = 15,
  CK_BINARY_SHIFT_LEFT = 16,   ///< 0 if b is not below the width
  CK_BINARY_SHIFT_RIGHT = 17,  ///< of the unsigned value; 0 if b is not below the width
} ck_binary_kind;

/// `y = activation(f(a, b))` with broadcasting.
void ck_f32_binary(uint32_t isa, ck_binary_kind kind, size_t rank, const size_t *size, const float *a, const ptrdiff_t *a_stride,
                   const float *b, const ptrdiff_t *b_stride, float *y, ck_activation activation, int threads);

/// Integer arithmetic wraps; `a / b` goes toward zero and is 0 for `b` = 0.
void ck_i32_binary(uint32_t isa, ck_binary_kind kind, size_t rank, const size_t *size, const int32_t *a,
                   const ptrdiff_t *a_stride, const int32_t *b, const ptrdiff_t *b_stride, int32_t *y, int threads);
void ck_i64_binary(uint32_t isa, ck_binary_kind kind, size_t rank, const size_t *size, const int64_t *a,
                   const ptrdiff_t *a_stride, const int64_t *b, const ptrdiff_t *b_stride, int64_t *y, int threads);
/// On bools: `CK_BINARY_AND`, `_OR`, `_XOR`.
void ck_u8_binary(uint32_t isa, ck_binary_kind kind, size_t rank, const size_t *size, const uint8_t *a, const ptrdiff_t *a_stride,
                  const uint8_t *b, const ptrdiff_t *b_stride, uint8_t *y, int threads);

/// `CK_FUNCTION_ABSOLUTE`, `_NEG`, `_SIGN`, `_SQUARE`, and `_CLAMP` with `p0`, `p1`; anything else copies.
void ck_i32_unary(uint32_t isa, ck_function kind, int32_t p0, int32_t p1, size_t n, const int32_t *x, int32_t *y, int threads);
void ck_i64_unary(uint32_t isa, ck_function kind, int64_t p0, int64_t p1, size_t n, const int64_t *x, int64_t *y, int threads);
/// `y[i] = x[i] == 0`.
void ck_u8_not(uint32_t isa, size_t n, const uint8_t *x, uint8_t *y, int threads);

/// Double precision, as ``ck_f32_unary`` and ``ck_f32_binary``; what is not arithmetic is the C library's.
void ck_f64_unary(uint32_t isa, ck_function kind, double p0, double p1, size_t n, const double *x, double *y, int threads);
void ck_f64_binary(uint32_t isa, ck_binary_kind kind, size_t rank, const size_t *size, const double *a, const ptrdiff_t *a_stride,
                   const double *b, const ptrdiff_t *b_stride, double *y, int threads);

/// Comparisons; false where an operand is NaN, except `NOT_EQUAL`.
typedef enum ck_compare_kind : int32_t {
  CK_EQUAL = 0,
  CK_NOT_EQUAL = 1,
  CK_LESS = 2,
  CK_LESS_OR_EQUAL = 3,
  CK_GREATER = 4,
  CK_GREATER_OR_EQUAL = 5,
} ck_compare_kind;

/// `y` = 1 where the comparison holds, else 0, with broadcasting. `y` must not overlap the operands.
void ck_f32_compare(uint32_t isa, ck_compare_kind kind, size_t rank, const size_t *size, const float *a,
                    const ptrdiff_t *a_stride, const float *b, const ptrdiff_t *b_stride, uint8_t *y, int threads);
void ck_i32_compare(uint32_t isa, ck_compare_kind kind, size_t rank, const size_t *size, const int32_t *a,
                    const ptrdiff_t *a_stride, const int32_t *b, const ptrdiff_t *b_stride, uint8_t *y, int threads);
void ck_i64_compare(uint32_t isa, ck_compare_kind kind, size_t rank, const size_t *size, const int64_t *a,
                    const ptrdiff_t *a_stride, const int64_t *b, const ptrdiff_t *b_stride, uint8_t *y, int threads);

void ck_f64_compare(uint32_t isa, ck_compare_kind kind, size_t rank, const size_t *size, const double *a,
                    const ptrdiff_t *a_stride, const double *b, const ptrdiff_t *b_stride, uint8_t *y, int threads);

/// `y = condition ? a : b` with broadcasting, elements of 1, 2, 4 or 8 bytes; `condition` is true where its byte is not 0.
void ck_select(uint32_t isa, size_t element_bytes, size_t rank, const size_t *size, const uint8_t *condition,
               const ptrdiff_t *condition_stride, const void *a, const ptrdiff_t *a_stride, const void *b,
               const ptrdiff_t *b_stride, void *y, int threads);

/// `y[o, ch, i] = activation(x[o, ch, i] * scale[ch] + shift[ch])` for `x: [outer, channels, inner]`; `scale` (1) or `shift` (0)
/// may be NULL. `y` may be `x`. On blocked tensors use ``ck_f32_scale_shift_blocked``.
void ck_f32_scale_shift(uint32_t isa, size_t outer, size_t channels, size_t inner, const float *x, const float *scale,
                        const float *shift, float *y, ck_activation activation, int threads);

/// The same on blocked `x: [n, ceil(channels / c), spatial, c]`; `scale` and `shift` hold `ceil(channels / c) * c` numbers.
void ck_f32_scale_shift_blocked(uint32_t isa, size_t n, size_t channels, size_t spatial, size_t c, const float *x,
                                const float *scale, const float *shift, float *y, ck_activation activation, int threads);

// MARK: Chains

enum {
  CK_CHAIN_OPERANDS = 8,
  CK_CHAIN_STEPS = 24,
  CK_CHAIN_REGISTERS = 7,  ///< the last one is scratch for conversions: a step's target is below it
  CK_CHAIN_BLOCK = 1024,   ///< elements of a register
};

typedef enum ck_step_op : int32_t {
  CK_STEP_UNARY = 0,    ///< `kind` is a ``ck_function``; of bools: not
  CK_STEP_BINARY = 1,   ///< `kind` is a ``ck_binary_kind``
  CK_STEP_COMPARE = 2,  ///< `kind` is a ``ck_compare_kind``
  CK_STEP_SELECT = 3,   ///< operand 0 is the condition
  CK_STEP_CAST = 4,     ///< from `type` to `result`
} ck_step_op;

/// One function of a chain, applied to a block of elements.
typedef struct ck_step {
  ck_step_op op;
  int32_t kind;
  ck_number type;  ///< of the operands (of the two choices of a select): f32, f64, i32, i64, bool; select and cast: any
  ck_number result;
  int32_t operands;
  int32_t operand[3];  ///< a register, or `~j` for operand `j` of the chain
  int32_t target;      ///< a register, which may be an operand's if the element sizes agree; -1: the result, by the last step
  double p0, p1;       ///< parameters of floating-point functions
  int64_t low, high;   ///< parameters of integer functions
} ck_step;

/// A program of elementwise functions over operands that broadcast.
typedef struct ck_chain {
  size_t operands, steps;
  ck_number type[CK_CHAIN_OPERANDS];
  ck_number result;
  ck_step step[CK_CHAIN_STEPS];
} ck_chain;

/// Runs every step on a block of elements before the next block; the strides of operand `j` are at `stride + j * rank`. Elements
/// are what the functions of single operators give. `y` may be an operand that has its shape and element size.
void ck_run_chain(uint32_t isa, const ck_chain *chain, size_t rank, const size_t *size, const void *const *operand,
                  const ptrdiff_t *stride, void *y, int threads);

#ifdef __cplusplus
}
#endif

#endif
