/// ``LayerNorm`` over the channels of a group and all spatial axes, with a scale and a shift per channel.
///
/// As many groups as channels make an instance normalization.
///
/// - Inputs: `x` `[N, C, …]`; `scale`, `bias` `[C]`, optional. Result: the shape and type of `x`.
/// - SeeAlso: ONNX GroupNormalization, opset 21, and InstanceNormalization; `.mnn` operators GroupNorm, InstanceNorm.
public struct GroupNorm: CompositeOperator, Codable {
  /// nil for one group per channel.
  public var groups: Int?
  public var epsilon: Float

  public init(groups: Int?, epsilon: Float = 1e-5) {
    self.groups = groups
    self.epsilon = epsilon
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    _ = try operands.type(0, rankAtLeast: 2)
    if let groups {
      try requireAttribute(groups > 0, "bad number of groups", expected: "above 0", found: "\(groups)")
      if let channels = x.shape[1].value, channels % groups != 0 {
        throw GraphError(
          .shapeMismatch, "channels do not divide into groups", expected: "a multiple of \(groups)", found: "\(channels)")
      }
    }
    for i in 1...2 where operands[optional: i] != nil {
      try requireEqual(x.shape[1], operands.type(i, rank: 1).shape[0], "the length of input \(i)")
    }
    return [x]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let type = try builder.type(of: x)
    let rows = try builder.reshape(x, [0, groups ?? 0, -1])
    let normal = try builder.add(LayerNorm(axis: 2, epsilon: epsilon), rows)
    var y = try builder.add(Reshape(), normal, builder.shape(of: x))
    for (i, function) in [(1, Binary.Function.multiply), (2, .add)] {
      guard let vector = builder.optional(inputs, i) else { continue }
      let parameter = try builder.cast(vector, to: type.dtype)
      y = try builder.add(Binary(function), y, builder.perChannel(parameter, rank: type.shape.rank))
    }
    return [y]
  }
}
