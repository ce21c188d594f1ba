/// ``Cast`` to the element type of another value.
///
/// - Inputs: `x`; `target`, of which only the type matters.
/// - SeeAlso: ONNX CastLike.
public struct CastLike: CompositeOperator, Codable {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(try operands.dtype(1), try operands.shape(0))]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    [try builder.add(Cast(to: builder.type(of: inputs[1]).dtype), inputs[0])]
  }
}
