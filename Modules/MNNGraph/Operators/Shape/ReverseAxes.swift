/// ``Transpose`` that puts the axes in reverse order, however many there are.
///
/// - SeeAlso: ONNX Transpose without `perm`.
public struct ReverseAxes: CompositeOperator, Codable {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    return [TensorType(type.dtype, Shape(type.shape.dimensions.reversed()))]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let rank = try builder.type(of: inputs[0]).shape.rank
    return [try builder.add(Transpose(permutation: (0..<rank).reversed()), inputs[0])]
  }
}
