/// What is done to every element after a convolution, a matrix product or an addition, in the same pass over memory.
public enum ActivationFunction: Hashable, Sendable, Codable {
  case none, relu, sigmoid, tanh, silu, hardSwish, gelu, geluTanh, mish
  case clip(minimum: Float, maximum: Float)
  case leakyRelu(slope: Float)
  case elu(alpha: Float)
  case hardSigmoid(alpha: Float, beta: Float)

  /// The function in double precision.
  public func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .none: x
    case .relu: Unary(.relu)(x)
    case .sigmoid: Unary(.sigmoid)(x)
    case .tanh: Unary(.tanh)(x)
    case .silu: Unary(.silu)(x)
    case .hardSwish: Unary(.hardSwish)(x)
    case .gelu: Unary(.gelu)(x)
    case .geluTanh: Unary(.geluTanh)(x)
    case .mish: Unary(.mish)(x)
    case .clip(let low, let high): x < Double(low) ? Double(low) : x > Double(high) ? Double(high) : x
    case .leakyRelu(let slope): Activation(.leakyRelu(slope: slope))(x)
    case .elu(let alpha): Activation(.elu(alpha: alpha))(x)
    case .hardSigmoid(let alpha, let beta): Activation(.hardSigmoid(alpha: alpha, beta: beta))(x)
    }
  }

  /// The same function as an operator of its own, or nil for ``none``.
  public var standalone: (any Operator)? {
    switch self {
    case .none: nil
    case .relu: Unary(.relu)
    case .sigmoid: Unary(.sigmoid)
    case .tanh: Unary(.tanh)
    case .silu: Unary(.silu)
    case .hardSwish: Unary(.hardSwish)
    case .gelu: Unary(.gelu)
    case .geluTanh: Unary(.geluTanh)
    case .mish: Unary(.mish)
    case .clip(let low, let high): Clip(minimum: low, maximum: high)
    case .leakyRelu(let slope): Activation(.leakyRelu(slope: slope))
    case .elu(let alpha): Activation(.elu(alpha: alpha))
    case .hardSigmoid(let alpha, let beta): Activation(.hardSigmoid(alpha: alpha, beta: beta))
    }
  }

  /// The function that an operator is, or nil if a fused operator does not offer it.
  public init?(_ op: any Operator) {
    switch op {
    case let op as Unary:
      switch op.function {
      case .relu: self = .relu
      case .sigmoid: self = .sigmoid
      case .tanh: self = .tanh
      case .silu: self = .silu
      case .hardSwish: self = .hardSwish
      case .gelu: self = .gelu
      case .geluTanh: self = .geluTanh
      case .mish: self = .mish
      default: return nil
      }
    case let op as Activation:
      switch op.function {
      case .leakyRelu(let slope): self = .leakyRelu(slope: slope)
      case .elu(let alpha): self = .elu(alpha: alpha)
      case .hardSigmoid(let alpha, let beta): self = .hardSigmoid(alpha: alpha, beta: beta)
      case .swish(alpha: 1): self = .silu
      default: return nil
      }
    case let op as Clip: self = .clip(minimum: op.minimum, maximum: op.maximum)
    default: return nil
    }
  }
}
