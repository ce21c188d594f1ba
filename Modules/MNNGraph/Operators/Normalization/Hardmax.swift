/// 1 at the first largest element along an axis, 0 elsewhere.
///
/// - SeeAlso: ONNX Hardmax, opset 13; before that, ``SoftmaxFlattening``.
public struct Hardmax: CompositeOperator, Codable {
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try Softmax(axis: axis).resultTypes(for: operands)
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let type = try builder.type(of: x)
    let axis = try type.shape.axis(axis)
    let top = try builder.add(ArgReduce(.maximum, axis: axis, keepsDimensions: false), x)
    let depth = try builder.add(ShapeOf(start: axis, end: axis + 1), x)
    let values = builder.constant(try Tensor([Float(0), 1]).converted(to: type.dtype))
    return [try builder.add(OneHot(axis: axis), top, depth, values)]
  }
}
