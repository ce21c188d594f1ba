import MNNGraph

/// A constant factor in few bits as a graph has it: `DequantizeLinear(codes, scale, zero point, offset)`.
struct StoredWeight {
  let op: DequantizeLinear
  let codes: Tensor
  /// The codes, and what makes numbers of them: three inputs, nil where absent.
  let codesID: Value.ID
  let parameters: [Value.ID?]

  init?(_ id: Value.ID?, in graph: Graph) {
    guard let (op, node) = graph.producer(of: id, as: DequantizeLinear.self), let codesID = node.inputs[0],
      let codes = graph.constant(codesID), codes.dtype.isCode, graph[node.results[0]].type?.dtype == .float32,
      node.inputs.dropFirst().allSatisfy({ $0 == nil || graph.constant($0) != nil })
    else { return nil }
    self.op = op
    self.codes = codes
    self.codesID = codesID
    parameters = Array((node.inputs.dropFirst() + [nil, nil, nil]).prefix(3))
  }

  /// How the columns of a `[K, N]` factor have scales, if a kernel can follow them.
  func columns(k: Int, n: Int, in graph: Graph) -> ColumnScales? {
    ColumnScales(
      op.granularity, codes: codes.shape, scale: parameters[0].flatMap { graph.constant($0)?.shape } ?? [], k: k, n: n)
  }
}

extension DType {
  /// True for the integers of at most eight bits.
  var isCode: Bool { isPacked || self == .int8 || self == .uint8 }
}

/// Which scale the elements of a matrix factor have: one for each column and each `block` of rows.
struct ColumnScales: Hashable {
  /// The axes of the codes along which sums run first, and along which results lie.
  var k: Int
  var n: Int
  /// Indices of an axis `k` that have one scale.
  var block: Int
  var blockCount: Int
  /// Scales from one column to the next, 0 where all columns share them.
  var columnStride: Int

  /// - Parameters:
  ///   - scale: the sizes of the scales.
  ///   - k: the axis of the codes that is summed over, which blocks may cut.
  ///   - n: the axis that has the columns.
  /// - Returns: nil for scales that vary in other ways.
  init?(_ granularity: QuantizationGranularity, codes: [Int], scale: [Int], k: Int, n: Int) {
    (self.k, self.n) = (k, n)
    let axis = granularity.axis < 0 ? granularity.axis + codes.count : granularity.axis
    let count = scale.reduce(1, &*)
    if granularity.blockSize == 0 {
      guard count == 1 || axis == n && scale == [codes[n]] else { return nil }
      (block, blockCount, columnStride) = (codes[k], 1, count == 1 ? 0 : 1)
      return
    }
    guard scale.count == codes.count, scale.indices.allSatisfy({ $0 == k || $0 == n || scale[$0] == 1 }) else { return nil }
    switch axis {
    case k:
      guard granularity.blockSize > 0, scale[n] == 1 || scale[n] == codes[n] else { return nil }
      (block, blockCount) = (min(granularity.blockSize, codes[k]), scale[k])
      columnStride = scale[n] == 1 ? 0 : rowMajorStrides(scale)[n]
    // Scales of one column that lie apart are gathered by their own stride.
    case n:
      guard granularity.blockSize == 1, scale[k] == 1 else { return nil }
      (block, blockCount, columnStride) = (codes[k], 1, scale[n] == 1 ? 0 : 1)
    default: return nil
    }
    blockStride = rowMajorStrides(scale)[k]
  }

  /// Scales from one block to the next.
  private(set) var blockStride = 0

  /// For each column, the indices of the scales of its blocks.
  func indices(columns: Int) -> [Int] {
    (0..<columns).flatMap { column in (0..<blockCount).map { column * columnStride + $0 * blockStride } }
  }
}
