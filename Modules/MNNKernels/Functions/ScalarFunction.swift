package import CKernels
package import MNNGraph

/// A function of one number as CKernels names it, with its parameters; also what a product or a convolution can apply to its results.
package struct ScalarFunction: Hashable, Sendable {
  package var kind: Int32
  package var p0: Float = 0
  package var p1: Float = 0

  package static let identity = ScalarFunction(CK_UNARY_IDENTITY)
  /// Toward zero.
  package static let truncation = ScalarFunction(CK_UNARY_TRUNC)

  package init(_ kind: ck_unary_kind, _ p0: Float = 0, _ p1: Float = 0) {
    self.kind = kind.rawValue
    self.p0 = p0
    self.p1 = p1
  }

  package var unaryKind: ck_unary_kind { ck_unary_kind(rawValue: kind) }

  /// True if kernels can apply it before they store a result.
  package var isFusable: Bool { kind <= CK_ACT_MISH.rawValue }

  /// As the argument of a kernel; meaningful if ``isFusable``.
  package var activation: ck_activation { ck_activation(kind: ck_activation_kind(rawValue: kind), p0: p0, p1: p1) }

  package var isIdentity: Bool { kind == CK_UNARY_IDENTITY.rawValue }

  /// The function of an elementwise operator on float32, or nil.
  package init?(of op: any Operator) {
    switch op {
    case let op as Unary:
      guard let kind = ScalarFunction.kind(op.function) else { return nil }
      self.init(kind)
    case let op as Clip: self.init(CK_UNARY_CLAMP, op.minimum, op.maximum)
    case let op as Activation: self.init(op.function)
    default: return nil
    }
  }

  /// A function without parameters; nil if it has no kernel for floats.
  package init?(_ function: Unary.Function) {
    guard let kind = ScalarFunction.kind(function) else { return nil }
    self.init(kind)
  }

  package init?(_ function: Activation.Function) {
    switch function {
    case .leakyRelu(let slope): self.init(CK_UNARY_LEAKY_RELU, slope)
    case .elu(let alpha): self.init(CK_UNARY_ELU, alpha)
    case .selu(let alpha, let gamma): self.init(CK_UNARY_SELU, alpha, gamma)
    case .celu(let alpha): self.init(CK_UNARY_CELU, alpha)
    case .hardSigmoid(let alpha, let beta): self.init(CK_UNARY_HARDSIGMOID, alpha, beta)
    case .thresholdedRelu(let alpha): self.init(CK_UNARY_THRESHOLDED_RELU, alpha)
    case .shrink(let lambda, let bias): self.init(CK_UNARY_SHRINK, lambda, bias)
    case .swish(let alpha):
      guard alpha == 1 else { return nil }
      self.init(CK_UNARY_SILU)
    }
  }

  /// The kernel of a function without parameters; nil where another kernel computes it.
  package static func kind(_ function: Unary.Function) -> ck_unary_kind? {
    switch function {
    case .absolute: CK_UNARY_ABS
    case .acos: CK_UNARY_ACOS
    case .acosh: CK_UNARY_ACOSH
    case .asin: CK_UNARY_ASIN
    case .asinh: CK_UNARY_ASINH
    case .atan: CK_UNARY_ATAN
    case .atanh: CK_UNARY_ATANH
    case .ceil: CK_UNARY_CEIL
    case .cos: CK_UNARY_COS
    case .cosh: CK_UNARY_COSH
    case .erf: CK_UNARY_ERF
    case .erfc: CK_UNARY_ERFC
    case .erfinv: CK_UNARY_ERFINV
    case .exp: CK_UNARY_EXP
    case .expm1: CK_UNARY_EXPM1
    case .floor: CK_UNARY_FLOOR
    case .gelu: CK_UNARY_GELU_ERF
    case .geluTanh: CK_UNARY_GELU_TANH
    case .hardSwish: CK_UNARY_HARDSWISH
    case .log: CK_UNARY_LOG
    case .log1p: CK_UNARY_LOG1P
    case .mish: CK_UNARY_MISH
    case .negate: CK_UNARY_NEG
    case .reciprocal: CK_UNARY_RECIPROCAL
    case .relu: CK_UNARY_RELU
    case .round: CK_UNARY_ROUND
    case .rsqrt: CK_UNARY_RSQRT
    case .sigmoid: CK_UNARY_SIGMOID
    case .sign: CK_UNARY_SIGN
    case .silu: CK_UNARY_SILU
    case .sin: CK_UNARY_SIN
    case .sinh: CK_UNARY_SINH
    case .softplus: CK_UNARY_SOFTPLUS
    case .softsign: CK_UNARY_SOFTSIGN
    case .sqrt: CK_UNARY_SQRT
    case .square: CK_UNARY_SQUARE
    case .tan: CK_UNARY_TAN
    case .tanh: CK_UNARY_TANH
    case .bitwiseNot, .isNaN, .not: nil
    }
  }
}
