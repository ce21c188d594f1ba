import MNNGraph
import MNNKernels

/// Products of arrays of one type.
enum Products {
  static func matmul(_ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor {
    guard a.rank > 0, b.rank > 0 else {
      throw GraphError(
        .rankMismatch, "matmul of an array of rank 0", expected: "at least one axis", found: "\(a.shape) and \(b.shape)")
    }
    let x = try a.rank == 1 ? a.reshaped([1, a.count]) : a
    let y = try b.rank == 1 ? b.reshaped([b.count, 1]) : b
    let (rows, depth) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let columns = y.shape[y.rank - 1]
    guard y.shape[y.rank - 2] == depth else {
      throw GraphError(
        .shapeMismatch, "matmul: the factors do not fit", expected: "\(depth) rows in the second",
        found: "\(a.shape) and \(b.shape)")
    }
    let batch = try broadcastSizes(Array(x.shape.dropLast(2)), Array(y.shape.dropLast(2)))
    let left = try Expanding.broadcast(x, to: batch + [rows, depth])
    let right = try Expanding.broadcast(y, to: batch + [depth, columns])
    var shape = batch
    if a.rank > 1 { shape.append(rows) }
    if b.rank > 1 { shape.append(columns) }
    return try Contraction.product(
      left, right, batch: batch.reduce(1, *), rows: rows, depth: depth, columns: columns, shape: shape)
  }

  static func dot(_ a: Tensor, _ b: Tensor, dtype: DType) throws(GraphError) -> Tensor {
    if a.rank == 0 || b.rank == 0 { return try BinaryMath.apply(.multiply, a, b, dtype: dtype) }
    return try tensordot(a, b, [a.rank - 1], [b.rank == 1 ? 0 : b.rank - 2])
  }

  static func tensordot(_ a: Tensor, _ b: Tensor, _ axesA: [Int], _ axesB: [Int]) throws(GraphError) -> Tensor {
    guard axesA.count == axesB.count else {
      throw GraphError(.attributeInvalid, "as many axes are needed of both", expected: "\(axesA.count)", found: "\(axesB.count)")
    }
    _ = try normalizedAxes(axesA, rank: a.rank)
    _ = try normalizedAxes(axesB, rank: b.rank)
    var pairs: [(a: Int, b: Int)] = []
    for (i, j) in zip(axesA, axesB) {
      let pair = (a: try normalizedAxis(i, rank: a.rank), b: try normalizedAxis(j, rank: b.rank))
      guard a.shape[pair.a] == b.shape[pair.b] else {
        throw GraphError(
          .shapeMismatch, "sizes of summed axes differ", expected: "\(a.shape[pair.a])", found: "\(b.shape[pair.b])")
      }
      pairs.append(pair)
    }
    let left = a.shape.indices.filter { axis in !pairs.contains { $0.a == axis } }
    let right = b.shape.indices.filter { axis in !pairs.contains { $0.b == axis } }
    let x = try Rearranging.transpose(a, left + pairs.map(\.a))
    let y = try Rearranging.transpose(b, pairs.map(\.b) + right)
    let (rows, columns) = (left.map { a.shape[$0] }.reduce(1, *), right.map { b.shape[$0] }.reduce(1, *))
    let depth = pairs.map { a.shape[$0.a] }.reduce(1, *)
    return try Contraction.product(
      x, y, batch: 1, rows: rows, depth: depth, columns: columns,
      shape: left.map { a.shape[$0] } + right.map { b.shape[$0] })
  }
}
