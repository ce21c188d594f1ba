/// `x` with slices replaced or combined, each named by a vector of indices into the first axes.
///
/// - Inputs: `x`; `indices` `[…, k]`, integers, negative ones from the end; `updates`, of the type of `x`, `[…]` as in
///   `indices` without `k`, then the sizes of `x` from axis `k` on. Result: the type and shape of `x`.
/// - SeeAlso: ONNX ScatterND, opset 18; `.mnn` operator ScatterNd, whose `x` is zeros of a given shape.
public struct ScatterND: PrimitiveOperator, Codable {
  public var reduction: ScatterReduction

  public init(reduction: ScatterReduction = .replace) { self.reduction = reduction }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 1)
    let indices = try operands.integerType(1)
    let updates = try operands.type(2)
    try requireSame(x.dtype, updates.dtype, "the type of the updates")
    let depth = try indexDepth(indices.shape, of: x.shape, batchAxes: 0)
    let expected = Shape(indices.shape.dimensions.dropLast() + x.shape.dimensions.dropFirst(depth))
    guard updates.shape.rank == expected.rank else {
      throw GraphError(.rankMismatch, "the updates do not fit", expected: "\(expected)", found: "\(updates.shape)")
    }
    for i in 0..<expected.rank { try requireEqual(expected[i], updates.shape[i], "the shape of the updates") }
    return [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let starts = try slicePositions(arguments.tensor(1), in: x.shape, batchAxes: 0)
    let positions = starts.positions.flatMap { $0..<($0 + starts.length) }
    return [try x.scattering(arguments.tensor(2), at: positions, reduction)]
  }
}
