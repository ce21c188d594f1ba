/// The layer normalization of a sum: `LayerNorm(x + residual)`.
///
/// - Inputs: `x`, `residual` of one type; `gamma`, `beta`, optional, as for ``LayerNorm``.
/// - Results: the normalized tensor; if ``givesSum``, also the sum.
public struct ResidualLayerNorm: CompositeOperator {
  /// The first normalized axis; negative counts from the end.
  public var axis: Int
  public var epsilon: Float
  public var givesSum: Bool

  public init(axis: Int, epsilon: Float, givesSum: Bool = false) {
    self.axis = axis
    self.epsilon = epsilon
    self.givesSum = givesSum
  }

  public var resultCount: Int { givesSum ? 2 : 1 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    try requireSame(x, operands.type(1), "the residual")
    let norm = LayerNorm(axis: axis, epsilon: epsilon)
    let y = try norm.resultTypes(for: Operands([Operand(x), operands[optional: 2], operands[optional: 3]]))
    return givesSum ? y + [x] : y
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let sum = try builder.add(Binary(.add), builder.required(inputs, 0), builder.required(inputs, 1))
    let y = try builder.add(results: LayerNorm(axis: axis, epsilon: epsilon), [sum] + inputs.dropFirst(2))
    return givesSum ? y + [sum] : y
  }
}
