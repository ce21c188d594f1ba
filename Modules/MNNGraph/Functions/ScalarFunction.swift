/// A function of one number: what an elementwise operator applies, what layers apply to their results, what recurrent cells use.
///
/// This is the one list of them. A function that has a meaning here runs everywhere; a line in the table of CKernels makes it fast on
/// the processor.
///
/// - SeeAlso: the ONNX operators of the same names; `.mnn` operators UnaryOp, ReLU, ReLU6, ELU, Selu.
public struct ScalarFunction: Hashable, Sendable {
  /// The functions without their parameters, in alphabetical order.
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    case absolute
    case acos
    case acosh
    case affine
    case asin
    case asinh
    case atan
    case atanh
    case bitwiseNot
    case ceil
    case celu
    case clip
    case cos
    case cosh
    case elu
    case erf
    case erfc
    case erfinv
    case exp
    case expm1
    case floor
    case gelu
    case geluTanh
    case hardSigmoid
    case hardSwish
    case identity
    case isNaN
    case leakyRelu
    case log
    case log1p
    case mish
    case negate
    case not
    case power
    case reciprocal
    case relu
    case round
    case rsqrt
    case scaledTanh
    case selu
    case shrink
    case sigmoid
    case sign
    case silu
    case sin
    case sinh
    case softplus
    case softsign
    case sqrt
    case square
    case swish
    case tan
    case tanh
    case thresholdedRelu
    case truncate
  }

  public let kind: Kind
  /// The first parameter of those that ``Kind/parameters`` names, else 0.
  public let a: Float
  /// The second parameter, else 0.
  public let b: Float

  /// - Parameters:
  ///   - a: the first parameter that the function has.
  ///   - b: the second.
  public init(_ kind: Kind, _ a: Float = 0, _ b: Float = 0) {
    self.kind = kind
    self.a = a
    self.b = b
  }
}

extension ScalarFunction {
  public static let absolute = ScalarFunction(.absolute)
  public static let acos = ScalarFunction(.acos)
  public static let acosh = ScalarFunction(.acosh)
  /// `scale * x + shift`.
  public static func affine(scale: Float, shift: Float) -> ScalarFunction { ScalarFunction(.affine, scale, shift) }
  public static let asin = ScalarFunction(.asin)
  public static let asinh = ScalarFunction(.asinh)
  public static let atan = ScalarFunction(.atan)
  public static let atanh = ScalarFunction(.atanh)
  /// Every bit of an integer turned over; floating point stays as it is.
  public static let bitwiseNot = ScalarFunction(.bitwiseNot)
  public static let ceil = ScalarFunction(.ceil)
  /// `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`.
  public static func celu(alpha: Float) -> ScalarFunction { ScalarFunction(.celu, alpha) }
  /// `min(max(x, minimum), maximum)`.
  public static func clip(minimum: Float, maximum: Float) -> ScalarFunction { ScalarFunction(.clip, minimum, maximum) }
  public static let cos = ScalarFunction(.cos)
  public static let cosh = ScalarFunction(.cosh)
  /// `x` above 0, `alpha * (exp(x) - 1)` below.
  public static func elu(alpha: Float) -> ScalarFunction { ScalarFunction(.elu, alpha) }
  public static let erf = ScalarFunction(.erf)
  public static let erfc = ScalarFunction(.erfc)
  /// The inverse of `erf`.
  public static let erfinv = ScalarFunction(.erfinv)
  public static let exp = ScalarFunction(.exp)
  /// `exp(x) - 1`.
  public static let expm1 = ScalarFunction(.expm1)
  public static let floor = ScalarFunction(.floor)
  /// `x/2 * (1 + erf(x/√2))`.
  public static let gelu = ScalarFunction(.gelu)
  /// `x/2 * (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
  public static let geluTanh = ScalarFunction(.geluTanh)
  /// `max(0, min(1, alpha * x + beta))`.
  public static func hardSigmoid(alpha: Float, beta: Float) -> ScalarFunction { ScalarFunction(.hardSigmoid, alpha, beta) }
  /// `x * min(max(x/6 + 0.5, 0), 1)`.
  public static let hardSwish = ScalarFunction(.hardSwish)
  public static let identity = ScalarFunction(.identity)
  /// Gives bool.
  public static let isNaN = ScalarFunction(.isNaN)
  /// `x` above 0, `slope * x` below.
  public static func leakyRelu(slope: Float) -> ScalarFunction { ScalarFunction(.leakyRelu, slope) }
  public static let log = ScalarFunction(.log)
  /// `log(1 + x)`.
  public static let log1p = ScalarFunction(.log1p)
  /// `x * tanh(softplus(x))`.
  public static let mish = ScalarFunction(.mish)
  public static let negate = ScalarFunction(.negate)
  /// `x == 0`; gives bool.
  public static let not = ScalarFunction(.not)
  public static func power(exponent: Float) -> ScalarFunction { ScalarFunction(.power, exponent) }
  public static let reciprocal = ScalarFunction(.reciprocal)
  /// `max(x, 0)`.
  public static let relu = ScalarFunction(.relu)
  /// To the nearest whole number, halves to even.
  public static let round = ScalarFunction(.round)
  /// `1 / sqrt(x)`.
  public static let rsqrt = ScalarFunction(.rsqrt)
  /// `alpha * tanh(beta * x)`.
  public static func scaledTanh(alpha: Float, beta: Float) -> ScalarFunction { ScalarFunction(.scaledTanh, alpha, beta) }
  /// `gamma * x` above 0, `gamma * alpha * (exp(x) - 1)` below.
  public static func selu(alpha: Float, gamma: Float) -> ScalarFunction { ScalarFunction(.selu, alpha, gamma) }
  /// `x + bias` below `-lambda`, `x - bias` above `lambda`, else 0.
  public static func shrink(lambda: Float, bias: Float) -> ScalarFunction { ScalarFunction(.shrink, lambda, bias) }
  /// `1 / (1 + exp(-x))`.
  public static let sigmoid = ScalarFunction(.sigmoid)
  public static let sign = ScalarFunction(.sign)
  /// `x * sigmoid(x)`.
  public static let silu = ScalarFunction(.silu)
  public static let sin = ScalarFunction(.sin)
  public static let sinh = ScalarFunction(.sinh)
  /// `log(1 + exp(x))`.
  public static let softplus = ScalarFunction(.softplus)
  /// `x / (1 + |x|)`.
  public static let softsign = ScalarFunction(.softsign)
  public static let sqrt = ScalarFunction(.sqrt)
  public static let square = ScalarFunction(.square)
  /// `x * sigmoid(alpha * x)`.
  public static func swish(alpha: Float) -> ScalarFunction { alpha == 1 ? .silu : ScalarFunction(.swish, alpha) }
  public static let tan = ScalarFunction(.tan)
  public static let tanh = ScalarFunction(.tanh)
  /// `x` above `alpha`, else 0, also for NaN.
  public static func thresholdedRelu(alpha: Float) -> ScalarFunction { ScalarFunction(.thresholdedRelu, alpha) }
  /// Toward zero.
  public static let truncate = ScalarFunction(.truncate)
}
