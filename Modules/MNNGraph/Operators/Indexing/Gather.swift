/// Slices of `x` along an axis, picked by indices.
///
/// - Inputs: `x`; `indices`, integers of any shape, negative ones from the end.
/// - Result: the shape of `x` with that of `indices` in place of the axis.
/// - SeeAlso: ONNX Gather; `.mnn` operators Gather and GatherV2.
public struct Gather: PrimitiveOperator {
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 1)
    let indices = try operands.integerType(1)
    let axis = try x.shape.axis(axis)
    let sizes = x.shape.dimensions
    return [TensorType(x.dtype, Shape(sizes[..<axis] + indices.shape.dimensions + sizes[(axis + 1)...]))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let x = try arguments.tensor(0)
    let (outer, count, inner) = splitSizes(x.shape, at: try normalizedAxis(axis, rank: x.rank))
    var rows: [Int] = []
    for index in try arguments.scalars(1, as: Int64.self) { rows.append(try normalizedIndex(index, count: count)) }
    var positions: [Int] = []
    positions.reserveCapacity(try checkedElementCount(shape))
    for o in 0..<outer {
      for row in rows {
        let start = (o * count + row) * inner
        positions += start..<(start + inner)
      }
    }
    return [try x.elements(at: positions, shape: shape)]
  }
}
