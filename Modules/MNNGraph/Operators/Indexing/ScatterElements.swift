/// `x` with elements replaced or combined: each update goes to the place of its index but for one axis, where the index says.
///
/// - Inputs: `x`; `indices`, integers of the same rank, negative ones from the end; `updates`, of the type of `x` and the
///   shape of `indices`. Result: the type and shape of `x`.
/// - SeeAlso: ONNX ScatterElements, opset 18; `.mnn` operator ScatterElements.
public struct ScatterElements: PrimitiveOperator, Codable {
  public var axis: Int
  public var reduction: ScatterReduction

  public init(axis: Int = 0, reduction: ScatterReduction = .replace) {
    self.axis = axis
    self.reduction = reduction
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 1)
    _ = try operands.integerType(1)
    let indices = try operands.type(1, rank: x.shape.rank)
    let updates = try operands.type(2, rank: x.shape.rank)
    try requireSame(x.dtype, updates.dtype, "the type of the updates")
    try requireElementIndices(indices.shape, of: x.shape, axis: axis)
    for i in 0..<x.shape.rank { try requireEqual(indices.shape[i], updates.shape[i], "the shape of the updates") }
    return [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let positions = try elementPositions(arguments.tensor(1), in: x.shape, axis: axis)
    return [try x.scattering(arguments.tensor(2), at: positions, reduction)]
  }
}
