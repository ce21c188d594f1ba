import CKernels
import MNNGraph

/// A function of one number as CKernels names it, with its parameters; also what a product or a convolution can apply to its results.
struct ScalarFunction: Hashable, Sendable {
  var kind: Int32
  var p0: Float = 0
  var p1: Float = 0

  static let identity = ScalarFunction(CK_UNARY_IDENTITY)

  init(_ kind: ck_unary_kind, _ p0: Float = 0, _ p1: Float = 0) {
    self.kind = kind.rawValue
    self.p0 = p0
    self.p1 = p1
  }

  var unaryKind: ck_unary_kind { ck_unary_kind(rawValue: kind) }

  /// True if kernels can apply it before they store a result.
  var isFusable: Bool { kind <= CK_ACT_MISH.rawValue }

  /// As the argument of a kernel; meaningful if ``isFusable``.
  var activation: ck_activation { ck_activation(kind: ck_activation_kind(rawValue: kind), p0: p0, p1: p1) }

  var isIdentity: Bool { kind == CK_UNARY_IDENTITY.rawValue }

  /// The function of an elementwise operator on float32, or nil.
  init?(of op: any Operator) {
    switch op {
    case let op as Unary:
      guard let kind = ScalarFunction.kinds[op.function] else { return nil }
      self.init(kind)
    case let op as Clip: self.init(CK_UNARY_CLAMP, op.minimum, op.maximum)
    case let op as Activation: self.init(op.function)
    default: return nil
    }
  }

  init?(_ function: Activation.Function) {
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

  /// Functions without parameters.
  private static let kinds: [Unary.Function: ck_unary_kind] = [
    .absolute: CK_UNARY_ABS, .acos: CK_UNARY_ACOS, .acosh: CK_UNARY_ACOSH, .asin: CK_UNARY_ASIN, .asinh: CK_UNARY_ASINH,
    .atan: CK_UNARY_ATAN, .atanh: CK_UNARY_ATANH, .ceil: CK_UNARY_CEIL, .cos: CK_UNARY_COS, .cosh: CK_UNARY_COSH,
    .erf: CK_UNARY_ERF, .erfc: CK_UNARY_ERFC, .erfinv: CK_UNARY_ERFINV, .exp: CK_UNARY_EXP, .expm1: CK_UNARY_EXPM1,
    .floor: CK_UNARY_FLOOR, .gelu: CK_UNARY_GELU_ERF, .geluTanh: CK_UNARY_GELU_TANH, .hardSwish: CK_UNARY_HARDSWISH,
    .log: CK_UNARY_LOG, .log1p: CK_UNARY_LOG1P, .mish: CK_UNARY_MISH, .negate: CK_UNARY_NEG,
    .reciprocal: CK_UNARY_RECIPROCAL, .relu: CK_UNARY_RELU, .round: CK_UNARY_ROUND, .rsqrt: CK_UNARY_RSQRT,
    .sigmoid: CK_UNARY_SIGMOID, .sign: CK_UNARY_SIGN, .silu: CK_UNARY_SILU, .sin: CK_UNARY_SIN, .sinh: CK_UNARY_SINH,
    .softplus: CK_UNARY_SOFTPLUS, .softsign: CK_UNARY_SOFTSIGN, .sqrt: CK_UNARY_SQRT, .square: CK_UNARY_SQUARE,
    .tan: CK_UNARY_TAN, .tanh: CK_UNARY_TANH,
  ]
}
