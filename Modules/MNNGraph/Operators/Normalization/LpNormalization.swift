/// `x / ‖x‖` along an axis; a row of zeros stays zeros.
///
/// - Input: `x`, floating point. Result: same shape and type.
/// - SeeAlso: ONNX LpNormalization (`p` 1 or 2).
public struct LpNormalization: CompositeOperator, Codable {
  public var axis: Int
  public var p: Int

  public init(axis: Int = -1, p: Int = 2) {
    self.axis = axis
    self.p = p
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    _ = try x.shape.axis(axis)
    try requireAttribute(p == 1 || p == 2, "bad norm", expected: "1 or 2", found: "\(p)")
    return [x]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let norm = try builder.add(Reduce(p == 1 ? .l1 : .l2), x, builder.constant([Int64(axis)]))
    let tiny = try builder.constant(Double(Float.leastNormalMagnitude), as: builder.type(of: x).dtype)
    return [try builder.add(Binary(.divide), x, builder.add(Binary(.maximum), norm, tiny))]
  }
}
