/// ``Softmax``, ``LogSoftmax`` or ``Hardmax`` over all axes from one on, taken as a single one.
///
/// - SeeAlso: ONNX Softmax, LogSoftmax and Hardmax before opset 13, where `axis` is 1 by default.
public struct SoftmaxFlattening: CompositeOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable { case softmax, logSoftmax, hardmax }

  public var function: Function
  public var axis: Int

  public init(_ function: Function, axis: Int = 1) {
    self.function = function
    self.axis = axis
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    _ = try x.shape.axis(axis)
    return [x]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let flat = try builder.add(Flatten(axis: axis), x)
    let y =
      switch function {
      case .softmax: try builder.add(Softmax(), flat)
      case .logSoftmax: try builder.add(LogSoftmax(), flat)
      case .hardmax: try builder.add(Hardmax(), flat)
      }
    return [try builder.add(Reshape(allowsZero: true), y, builder.shape(of: x))]
  }
}
