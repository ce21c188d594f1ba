/// The product of quantized matrices, exact, in int32.
///
/// - Inputs: `a`, `b`, int8 or uint8, as of ``MatMul``; zero points of `a` (one, or one per row) and `b` (one, or one per column),
///   optional. Result: int32.
/// - SeeAlso: ONNX MatMulInteger.
public struct MatMulInteger: CompositeOperator, Codable {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = TensorType(.int32, try operands.integerType(0).shape)
    let b = TensorType(.int32, try operands.integerType(1).shape)
    return try MatMul().resultTypes(for: Operands(a, b))
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    var factors: [Value.ID] = []
    for i in 0...1 {
      var factor = try builder.cast(builder.required(inputs, i), to: .int32)
      if let zero = builder.optional(inputs, i + 2) {
        var zero = try builder.cast(zero, to: .int32)
        // Zero points of rows stand in a column.
        if i == 0, try builder.type(of: zero).shape.rank == 1 { zero = try builder.reshape(zero, [-1, 1]) }
        factor = try builder.add(Binary(.subtract), factor, zero)
      }
      factors.append(factor)
    }
    return [try builder.add(MatMul(), factors[0], factors[1])]
  }
}
