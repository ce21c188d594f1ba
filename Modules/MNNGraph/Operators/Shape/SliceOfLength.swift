/// A part of a tensor: from a position, so many elements along each axis.
///
/// - Inputs: `x`; `begin` and `size`, vectors of integers, one entry per axis; a size of -1 goes to the end.
/// - SeeAlso: TensorFlow's Slice; `.mnn` operator SliceTf.
public struct SliceOfLength: CompositeOperator, Codable {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try Slice().resultTypes(for: Operands([operands.required(0)] + bounds(operands).map { Operand($0) }))
  }

  /// Starts and ends as ``Slice`` takes them.
  private func bounds(_ operands: Operands) throws(GraphError) -> [Tensor] {
    let begin = try operands.integers(1)
    let size = try operands.integers(2)
    guard begin.count == size.count, size.allSatisfy({ $0 >= -1 }), begin.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(
        .attributeInvalid, "positions and sizes do not belong together",
        expected: "one of each per axis, at least 0 (-1: to the end)",
        found: "\(begin), \(size)")
    }
    let ends = zip(begin, size).map { $1 == -1 ? Int64(Int32.max) : Int64($0).addingReportingOverflow(Int64($1)).partialValue }
    return [try Tensor(begin.map { Int64($0) }), try Tensor(ends)]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    var list: [Operand?] = []
    for id in inputs { list.append(id.flatMap { builder.graph.operand($0) }) }
    let bounds = try bounds(Operands(list))
    return [try builder.add(Slice(), x, builder.constant(bounds[0]), builder.constant(bounds[1]))]
  }
}
