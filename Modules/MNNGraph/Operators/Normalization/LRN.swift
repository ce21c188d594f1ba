#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Local response normalization across channels: `x / (bias + alpha/size * Σ x²)^beta`, the sum over ``size`` channels
/// around each.
///
/// - Input: `x` `[N, C, …]`, floating point. Result: same shape and type.
/// - SeeAlso: ONNX LRN; `.mnn` operator LRN.
public struct LRN: PrimitiveOperator {
  public var size: Int
  public var alpha: Float
  public var beta: Float
  public var bias: Float

  public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, bias: Float = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try requireAttribute(size > 0, "bad size", expected: "above 0", found: "\(size)")
    _ = try operands.type(0, rankAtLeast: 2)
    return [try operands.floatType(0)]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .sums(operands, results, each: min(max(size, 0), operands.size(0, axis: 1)).saturatingMultiply(8))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let (batches, channels, area) = splitSizes(x.shape, at: 1)
    let values = try x.scalars(as: Double.self)
    return [
      try Tensor.computed(x.dtype, x.shape) { y in
        for n in 0..<batches {
          for c in 0..<channels {
            let neighbors = max(0, c - (size - 1) / 2)...min(channels - 1, c + size / 2)
            for p in 0..<area {
              let sum = neighbors.reduce(0) { $0 + pow(values[(n * channels + $1) * area + p], 2) }
              let i = (n * channels + c) * area + p
              y[i] = values[i] / pow(Double(bias) + Double(alpha) / Double(size) * sum, Double(beta))
            }
          }
        }
      }
    ]
  }
}
