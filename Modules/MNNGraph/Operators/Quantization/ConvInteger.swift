/// The convolution of quantized images, exact, in int32.
///
/// - Inputs: `x` and `weight`, int8 or uint8, as of ``Convolution``; zero points of `x` (one) and of `weight` (one, or one per
///   result channel), optional. Result: int32.
/// - SeeAlso: ONNX ConvInteger.
public struct ConvInteger: CompositeOperator, Codable {
  /// How the window slides.
  public var convolution: Convolution

  public init(_ convolution: Convolution) { self.convolution = convolution }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = TensorType(.int32, try operands.integerType(0).shape)
    let weight = TensorType(.int32, try operands.integerType(1).shape)
    return try convolution.resultTypes(for: Operands(x, weight))
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    var factors: [Value.ID] = []
    for i in 0...1 {
      var factor = try builder.cast(builder.required(inputs, i), to: .int32)
      if let zero = builder.optional(inputs, i + 2) {
        var zero = try builder.cast(zero, to: .int32)
        let rank = try builder.type(of: factor).shape.rank
        if i == 1, try builder.type(of: zero).shape.rank == 1 {
          zero = try builder.reshape(zero, [-1] + [Int](repeating: 1, count: rank - 1))
        }
        factor = try builder.add(Binary(.subtract), factor, zero)
      }
      factors.append(factor)
    }
    return [try builder.add(convolution, factors[0], factors[1])]
  }
}
