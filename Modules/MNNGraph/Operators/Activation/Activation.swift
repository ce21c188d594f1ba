#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A function of one number with parameters, applied to every element.
///
/// - Input: any shape, floating point. Result: same shape and type.
/// - SeeAlso: the ONNX operators of the same names; `.mnn` operators ReLU (slope), ELU, Selu, UnaryOp.
public struct Activation: PrimitiveOperator, Codable {
  public enum Function: Hashable, Sendable, Codable {
    /// `x` above 0, `slope * x` below.
    case leakyRelu(slope: Float)
    /// `x` above 0, `alpha * (exp(x) - 1)` below.
    case elu(alpha: Float)
    /// `gamma * x` above 0, `gamma * alpha * (exp(x) - 1)` below.
    case selu(alpha: Float, gamma: Float)
    /// `max(0, x) + min(0, alpha * (exp(x / alpha) - 1))`.
    case celu(alpha: Float)
    /// `max(0, min(1, alpha * x + beta))`.
    case hardSigmoid(alpha: Float, beta: Float)
    /// `x` above `alpha`, else 0.
    case thresholdedRelu(alpha: Float)
    /// `x + bias` below `-lambda`, `x - bias` above `lambda`, else 0.
    case shrink(lambda: Float, bias: Float)
    /// `x * sigmoid(alpha * x)`.
    case swish(alpha: Float)
  }

  public var function: Function

  public init(_ function: Function) { self.function = function }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] { [try operands.type(0)] }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    return [try Tensor(shape: x.shape, scalars: x.scalars(as: Double.self).map(callAsFunction)).converted(to: x.dtype)]
  }

  /// The function in double precision.
  public func callAsFunction(_ x: Double) -> Double {
    switch function {
    case .leakyRelu(let slope): x < 0 ? Double(slope) * x : x
    case .elu(let alpha): x < 0 ? Double(alpha) * expm1(x) : x
    case .selu(let alpha, let gamma): Double(gamma) * (x < 0 ? Double(alpha) * expm1(x) : x)
    case .celu(let alpha): x < 0 ? Double(alpha) * expm1(x / Double(alpha)) : x
    case .hardSigmoid(let alpha, let beta): x.isNaN ? x : max(0, min(1, Double(alpha) * x + Double(beta)))
    case .thresholdedRelu(let alpha): x > Double(alpha) ? x : 0
    case .shrink(let lambda, let bias):
      x < -Double(lambda) ? x + Double(bias) : x > Double(lambda) ? x - Double(bias) : 0
    case .swish(let alpha): x / (1 + exp(-Double(alpha) * x))
    }
  }
}
