#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A function of one number, applied to every element.
///
/// - Input: any shape. Result: same shape and type.
/// - SeeAlso: the ONNX operators of the same names; `.mnn` operator UnaryOp.
public struct Unary: PrimitiveOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable {
    case absolute, negate, reciprocal, square, sqrt, rsqrt, exp, expm1, log, log1p
    case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh
    case floor, ceil, round, sign, erf, erfc, erfinv, sigmoid, not, bitwiseNot, isNaN
    /// `x / (1 + |x|)`.
    case softsign
    /// `log(1 + exp(x))`.
    case softplus
    /// `x * sigmoid(x)`.
    case silu
    /// `x * tanh(softplus(x))`.
    case mish
    /// `x * min(max(x/6 + 0.5, 0), 1)`.
    case hardSwish
    /// `x/2 * (1 + erf(x/√2))`.
    case gelu
    /// `x/2 * (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
    case geluTanh
    case relu
  }

  public var function: Function

  public init(_ function: Function) { self.function = function }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    switch function {
    case .isNaN, .not: return [TensorType(.bool, type.shape)]
    default: return [type]
    }
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    if x.dtype.isInteger || x.dtype == .bool, let f = integerFunction {
      let wide = try Tensor(shape: x.shape, scalars: x.scalars(as: Int64.self).map(f))
      return [try x.dtype == .bool ? wide.converted(to: .bool) : wide.wrapped(to: x.dtype)]
    }
    let dtype = try resultTypes(for: arguments.operands)[0].dtype
    return [try Tensor(shape: x.shape, scalars: x.scalars(as: Double.self).map(callAsFunction)).converted(to: dtype)]
  }

  /// Functions that are exact on integers.
  private var integerFunction: ((Int64) -> Int64)? {
    switch function {
    case .absolute: { $0 < 0 ? 0 &- $0 : $0 }
    case .negate: { 0 &- $0 }
    case .square: { $0 &* $0 }
    case .sign: { $0.signum() }
    case .relu: { max($0, 0) }
    case .floor, .ceil, .round: { $0 }
    case .bitwiseNot: { ~$0 }
    default: nil
    }
  }

  /// The function in double precision.
  public func callAsFunction(_ x: Double) -> Double {
    switch function {
    case .absolute: abs(x)
    case .negate: -x
    case .reciprocal: 1 / x
    case .square: x * x
    case .sqrt: x.squareRoot()
    case .rsqrt: 1 / x.squareRoot()
    case .exp: exp(x)
    case .expm1: expm1(x)
    case .log: log(x)
    case .log1p: log1p(x)
    case .sin: sin(x)
    case .cos: cos(x)
    case .tan: tan(x)
    case .asin: asin(x)
    case .acos: acos(x)
    case .atan: atan(x)
    case .sinh: sinh(x)
    case .cosh: cosh(x)
    case .tanh: tanh(x)
    case .asinh: asinh(x)
    case .acosh: acosh(x)
    case .atanh: atanh(x)
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .erf: erf(x)
    case .erfc: erfc(x)
    case .erfinv: inverseErf(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .not: x == 0 ? 1 : 0
    case .bitwiseNot: x
    case .isNaN: x.isNaN ? 1 : 0
    case .softsign: x / (1 + abs(x))
    case .softplus: x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    case .silu: x / (1 + exp(-x))
    case .mish: x * tanh(Unary(.softplus)(x))
    case .hardSwish: x * min(max(x / 6 + 0.5, 0), 1)
    case .gelu: 0.5 * x * (1 + erf(x * 0.5.squareRoot()))
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .relu: x < 0 ? 0 : x
    }
  }
}

/// The number whose erf is `y`, by Newton's method from a rational start; ±∞ at ±1, NaN outside.
private func inverseErf(_ y: Double) -> Double {
  guard abs(y) < 1 else { return abs(y) == 1 ? y * .infinity : .nan }
  let w = log((1 - y) * (1 + y))
  let a = 2 / (Double.pi * 0.147) + w / 2
  var x = (((a * a - w / 0.147).squareRoot() - a).squareRoot()) * (y < 0 ? -1 : 1)
  for _ in 0..<4 { x -= (erf(x) - y) / (2 / Double.pi.squareRoot() * exp(-x * x)) }
  return x
}
