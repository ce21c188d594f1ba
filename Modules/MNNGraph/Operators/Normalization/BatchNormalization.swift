/// `(x - mean) / √(variance + epsilon) * scale + bias`, with one of each per channel, fixed after training.
///
/// - Inputs: `x` `[N, C, …]`; `scale`, `bias`, `mean`, `variance` `[C]`. Result: the shape and type of `x`.
/// - SeeAlso: ONNX BatchNormalization in inference; `.mnn` operators BatchNorm and Scale.
public struct BatchNormalization: CompositeOperator, Codable {
  public var epsilon: Float

  public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    _ = try operands.type(0, rankAtLeast: 2)
    for i in 1...4 {
      let type = try operands.type(i, rank: 1)
      try requireEqual(x.shape[1], type.shape[0], "the length of input \(i)")
    }
    return [x]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let type = try builder.type(of: x)
    var parameters: [Value.ID] = []
    for i in 1...4 { parameters.append(try builder.cast(builder.required(inputs, i), to: type.dtype)) }
    let deviation = try builder.add(
      Unary(.sqrt), builder.add(Binary(.add), parameters[3], builder.constant(Double(epsilon), as: type.dtype)))
    let scale = try builder.add(Binary(.divide), parameters[0], deviation)
    let shift = try builder.add(Binary(.subtract), parameters[1], builder.add(Binary(.multiply), parameters[2], scale))
    let scaled = try builder.add(Binary(.multiply), x, builder.perChannel(scale, rank: type.shape.rank))
    return [try builder.add(Binary(.add), scaled, builder.perChannel(shift, rank: type.shape.rank))]
  }
}

extension GraphBuilder {
  /// A vector as `[C, 1, …]`, so that it broadcasts over the spatial axes of a tensor of `rank`.
  package mutating func perChannel(_ vector: Value.ID, rank: Int) throws(GraphError) -> Value.ID {
    rank <= 2 ? vector : try reshape(vector, [-1] + [Int](repeating: 1, count: rank - 2))
  }

  /// The value in another type, or itself if it has that type.
  package mutating func cast(_ id: Value.ID, to dtype: DType) throws(GraphError) -> Value.ID {
    try type(of: id).dtype == dtype ? id : try add(Cast(to: dtype), id)
  }
}
