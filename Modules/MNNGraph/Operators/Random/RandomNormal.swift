#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Random numbers of a normal distribution.
///
/// - Input: `shape`, a vector of integers. Result: that shape.
/// - SeeAlso: ONNX RandomNormal, RandomNormalLike.
public struct RandomNormal: PrimitiveOperator, Codable {
  public var mean: Float
  /// The standard deviation.
  public var scale: Float
  public var dtype: DType
  /// Makes all runs give the same numbers; nil for new ones.
  public var seed: Float?

  public init(mean: Float = 0, scale: Float = 1, dtype: DType = .float32, seed: Float? = nil) {
    self.mean = mean
    self.scale = scale
    self.dtype = dtype
    self.seed = seed
  }

  public var isDeterministic: Bool { false }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [try randomType(dtype, operands)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    var source = RandomSource(seed: seed)
    return [
      try Tensor.computed(dtype, shape) { y in
        // Box and Muller's method; 1 - u is never 0.
        for i in y.indices {
          let radius = (-2 * log(1 - source.uniform())).squareRoot()
          y[i] = Double(mean) + Double(scale) * radius * cos(2 * .pi * source.uniform())
        }
      }
    ]
  }
}
