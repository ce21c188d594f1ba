/// The activation that a kernel applies to its result before storing it.
#ifndef CKERNELS_EPILOGUE_H
#define CKERNELS_EPILOGUE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// `p0` and `p1` are the fields of ``ck_activation``. NaN stays NaN in all of them.
typedef enum ck_activation_kind : int32_t {
  CK_ACT_NONE = 0,
  CK_ACT_RELU = 1,         ///< max(x, 0)
  CK_ACT_CLAMP = 2,        ///< min(max(x, p0), p1); ReLU6 is 0, 6
  CK_ACT_LEAKY_RELU = 3,   ///< x < 0 ? p0 * x : x
  CK_ACT_HARDSIGMOID = 4,  ///< min(max(p0 * x + p1, 0), 1); ONNX defaults 0.2, 0.5; MobileNetV3 1/6, 0.5
  CK_ACT_HARDSWISH = 5,    ///< x * min(max(x / 6 + 0.5, 0), 1)
  CK_ACT_SIGMOID = 6,      ///< 1 / (1 + exp(-x))
  CK_ACT_SILU = 7,         ///< x * sigmoid(x)
  CK_ACT_TANH = 8,
  CK_ACT_GELU_ERF = 9,     ///< x / 2 * (1 + erf(x / sqrt(2)))
  CK_ACT_GELU_TANH = 10,   ///< x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
  CK_ACT_ELU = 11,         ///< x < 0 ? p0 * (exp(x) - 1) : x
  CK_ACT_SOFTPLUS = 12,    ///< log(1 + exp(x))
  CK_ACT_MISH = 13,        ///< x * tanh(softplus(x))
} ck_activation_kind;

/// An activation and its parameters. All zero bytes mean none.
typedef struct ck_activation {
  ck_activation_kind kind;
  float p0;
  float p1;
} ck_activation;

/// ``ck_f32_epilogue/flags``.
enum {
  CK_EPILOGUE_RESIDUAL_LAST = 1u << 0,  ///< add the residual after the activation instead of before it
};

/// What a matrix product or a convolution does to each result while it is still in a register:
/// `activation(scale * product + bias + residual)`. All zero bytes mean nothing at all.
typedef struct ck_f32_epilogue {
  const float *bias;      ///< one float per output column (channel), exactly N are read; NULL: none
  const float *residual;  ///< addressed as the result is unless the function says otherwise; may be the result itself; NULL: none
  ck_activation activation;
  float scale;            ///< 0 stands for 1
  uint32_t flags;
} ck_f32_epilogue;

#ifdef __cplusplus
}
#endif

#endif
