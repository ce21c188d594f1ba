/// Random numbers, all equally likely, from ``low`` to below ``high``.
///
/// - Input: `shape`, a vector of integers. Result: that shape.
/// - SeeAlso: ONNX RandomUniform, RandomUniformLike; `.mnn` operator RandomUniform.
public struct RandomUniform: PrimitiveOperator, Codable {
  public var low: Float
  public var high: Float
  public var dtype: DType
  /// Makes all runs give the same numbers; nil for new ones.
  public var seed: Float?

  public init(low: Float = 0, high: Float = 1, dtype: DType = .float32, seed: Float? = nil) {
    self.low = low
    self.high = high
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
        // Rounding must not reach the upper end.
        let top = high > low ? Double(high.nextDown) : Double(high)
        for i in y.indices { y[i] = min(Double(low) + source.uniform() * (Double(high) - Double(low)), top) }
      }
    ]
  }
}

/// The type of random numbers whose shape is input 0.
func randomType(_ dtype: DType, _ operands: Operands) throws(GraphError) -> TensorType {
  guard dtype.isFloatingPoint else {
    throw GraphError(.dtypeUnsupported, "random numbers are of floating point", expected: "floating point", found: "\(dtype)")
  }
  let sizes = try operands.integers(0)
  _ = try checkedElementCount(sizes)
  return TensorType(dtype, Shape(sizes))
}
