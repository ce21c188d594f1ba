/// Slices of `x`, each named by a vector of indices into its first axes.
///
/// - Inputs: `x` `[b…, d…]`; `indices` `[b…, …, k]`, integers, negative ones from the end; the first ``batchAxes`` axes of
///   both go together.
/// - Result: `[b…, …]` as in `indices` without `k`, then what the `k` indices leave of `d…`.
/// - SeeAlso: ONNX GatherND, opset 13; `.mnn` operator GatherND.
public struct GatherND: PrimitiveOperator, Codable {
  public var batchAxes: Int

  public init(batchAxes: Int = 0) { self.batchAxes = batchAxes }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 1)
    let indices = try operands.integerType(1)
    let depth = try indexDepth(indices.shape, of: x.shape, batchAxes: batchAxes)
    let rest = x.shape.dimensions.dropFirst(batchAxes + depth)
    return [TensorType(x.dtype, Shape(indices.shape.dimensions.dropLast() + rest))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let x = try arguments.tensor(0)
    let starts = try slicePositions(arguments.tensor(1), in: x.shape, batchAxes: batchAxes)
    return [try x.elements(at: starts.positions.flatMap { $0..<($0 + starts.length) }, shape: shape)]
  }
}

/// How many axes each vector of `indices` names. Throws if they do not fit.
func indexDepth(_ indices: Shape, of shape: Shape, batchAxes: Int) throws(GraphError) -> Int {
  guard let depth = indices.dimensions.last?.value else {
    throw indices.rank == 0
      ? GraphError(.rankMismatch, "indices have no axes", expected: "rank of at least 1", found: "0")
      : GraphError(.dependsOnData, "the length of an index is not known", found: "\(indices)")
  }
  guard batchAxes >= 0, batchAxes < indices.rank, batchAxes <= shape.rank, depth <= shape.rank - batchAxes else {
    throw GraphError(
      .shapeMismatch, "indices do not fit", expected: "at most \(shape.rank) indices with \(batchAxes) batch axes",
      found: "indices \(indices) into \(shape)")
  }
  for i in 0..<batchAxes { try requireEqual(shape[i], indices[i], "batch axis \(i)") }
  return depth
}

/// Where in memory of `shape` each slice that `indices` name begins, and the number of its elements.
func slicePositions(
  _ indices: Tensor, in shape: [Int], batchAxes: Int
) throws(GraphError) -> (positions: [Int], length: Int) {
  let depth = try indexDepth(Shape(indices.shape), of: Shape(shape), batchAxes: batchAxes)
  let strides = rowMajorStrides(shape)
  let values = try indices.scalars(as: Int64.self)
  let perBatch = indices.shape[batchAxes...].dropLast().reduce(1, *)
  let batchStride = shape[batchAxes...].reduce(1, *)
  var positions: [Int] = []
  for vector in 0..<indices.shape.dropLast().reduce(1, *) {
    var start = vector / max(perBatch, 1) * batchStride
    for k in 0..<depth {
      let axis = batchAxes + k
      start += try normalizedIndex(values[vector * depth + k], count: shape[axis]) * strides[axis]
    }
    positions.append(start)
  }
  return (positions, shape[(batchAxes + depth)...].reduce(1, *))
}
