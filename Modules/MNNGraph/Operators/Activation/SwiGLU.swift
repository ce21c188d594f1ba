/// A gate: `a * sigmoid(alpha * a) * b`.
///
/// - Inputs: `a` and `b`, floating point, of one type and shape. Result: that type.
/// - SeeAlso: ONNX SwiGLU, opset 28.
public struct SwiGLU: CompositeOperator, Codable {
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = try operands.floatType(0)
    let b = try operands.type(1, rank: a.shape.rank)
    try requireSame(a.dtype, b.dtype, "the type of input 1")
    for axis in 0..<a.shape.rank { try requireEqual(a.shape[axis], b.shape[axis], "axis \(axis) of input 1") }
    return [a]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let gate = try builder.add(Unary(.swish(alpha: alpha)), builder.required(inputs, 0))
    return [try builder.add(Binary(.multiply), gate, builder.required(inputs, 1))]
  }
}
