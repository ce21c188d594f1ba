/// ``Gather`` whose axis is an input, constant when the graph is planned.
///
/// - Inputs: `x`; `indices`, integers of any shape; `axis`, one integer.
/// - SeeAlso: TensorFlow's GatherV2; `.mnn` operator GatherV2.
public struct GatherAlongAxis: CompositeOperator, Codable {
  public init() {}

  private func gather(_ axis: Tensor) throws(GraphError) -> Gather {
    let values = try axis.scalars(as: Int64.self)
    guard values.count == 1 else {
      throw GraphError(.shapeMismatch, "the axis is not one number", expected: "1 element", found: "\(values.count)")
    }
    return Gather(axis: Int(values[0]))
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try gather(operands.constant(2)).resultTypes(for: Operands([operands.required(0), operands.required(1)]))
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    guard let axis = builder.graph.constant(try builder.required(inputs, 2)) else {
      throw GraphError(.dependsOnData, "the axis is computed from data")
    }
    return [try builder.add(gather(axis), builder.required(inputs, 0), builder.required(inputs, 1))]
  }
}
