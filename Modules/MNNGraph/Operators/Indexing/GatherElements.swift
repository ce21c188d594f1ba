/// Elements of `x`, each at the place of its index but for one axis, where the index says.
///
/// - Inputs: `x`; `indices`, integers of the same rank, no longer than `x` on the other axes. Result: shape of `indices`.
/// - SeeAlso: ONNX and `.mnn` operator GatherElements.
public struct GatherElements: PrimitiveOperator {
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 1)
    _ = try operands.integerType(1)
    let indices = try operands.type(1, rank: x.shape.rank)
    try requireElementIndices(indices.shape, of: x.shape, axis: axis)
    return [TensorType(x.dtype, indices.shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let indices = try arguments.tensor(1)
    let x = try arguments.tensor(0)
    return [try x.elements(at: elementPositions(indices, in: x.shape, axis: axis), shape: indices.shape)]
  }
}

/// Checks that indices of ``GatherElements`` or ``ScatterElements`` stay within `shape` on the axes they do not name.
func requireElementIndices(_ indices: Shape, of shape: Shape, axis: Int) throws(GraphError) {
  let axis = try shape.axis(axis)
  for i in 0..<shape.rank where i != axis {
    if let x = shape[i].value, let y = indices[i].value, y > x {
      throw GraphError(
        .shapeMismatch, "there are more indices than elements on axis \(i)", expected: "at most \(x)", found: "\(y)")
    }
  }
}

/// For each of `indices`, in order, the position in memory of `shape` that it means.
func elementPositions(_ indices: Tensor, in shape: [Int], axis: Int) throws(GraphError) -> [Int] {
  let axis = try normalizedAxis(axis, rank: shape.count)
  let strides = rowMajorStrides(shape)
  let values = try indices.scalars(as: Int64.self)
  var positions: [Int] = []
  positions.reserveCapacity(values.count)
  for index in IndexSequence(indices.shape) {
    let row = try normalizedIndex(values[positions.count], count: shape[axis])
    positions.append(position(index, strides) + (row - index[axis]) * strides[axis])
  }
  return positions
}
