/// `(x - mean) / (√variance + 1e-9)` over axes.
///
/// - Input: `x`, floating point. Result: same shape and type.
/// - SeeAlso: ONNX MeanVarianceNormalization (default axes 0, 2, 3); `.mnn` operator Moments gives its parts.
public struct MeanVarianceNormalization: CompositeOperator, Codable {
  public var axes: [Int]

  public init(axes: [Int] = [0, 2, 3]) { self.axes = axes }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    _ = try normalizedAxes(axes, rank: x.shape.rank)
    return [x]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let axes = try builder.constant(self.axes.map { Int64($0) })
    let centered = try builder.add(Binary(.subtract), x, builder.add(Reduce(.mean), x, axes))
    let variance = try builder.add(Reduce(.mean), builder.add(Unary(.square), centered), axes)
    let tiny = try builder.constant(1e-9, as: builder.type(of: x).dtype)
    let deviation = try builder.add(Binary(.add), builder.add(Unary(.sqrt), variance), tiny)
    return [try builder.add(Binary(.divide), centered, deviation)]
  }
}
