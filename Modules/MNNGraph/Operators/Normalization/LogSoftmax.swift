/// The logarithm of ``Softmax``: `x - log Σ exp(x)`.
///
/// - SeeAlso: ONNX LogSoftmax, opset 13; before that, ``SoftmaxFlattening``.
public struct LogSoftmax: CompositeOperator, Codable {
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try Softmax(axis: axis).resultTypes(for: operands)
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let total = try builder.add(Reduce(.logSumExp), x, builder.constant([Int64(axis)]))
    return [try builder.add(Binary(.subtract), x, total)]
  }
}
