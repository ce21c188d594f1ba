import MNNGraph

extension Selection {
  /// The shape of what is selected.
  var shape: [Int] {
    if lookups.isEmpty && lookupShape.isEmpty { return view.shape }
    var kept = keptAxes.map { view.shape[$0] }
    kept.insert(contentsOf: lookupShape, at: insertion)
    return kept
  }

  private var isBasic: Bool { lookups.isEmpty && lookupShape.isEmpty }

  private var keptAxes: [Int] { view.shape.indices.filter { axis in !lookups.contains { $0.axis == axis } } }

  /// The number of kept axes before the lookups' in the result.
  private var insertion: Int { keptAxes.count { $0 < lookupPosition } }

  /// The selected elements; shares memory with the array where they lie in one piece.
  func elements() throws(GraphError) -> Tensor {
    if isBasic { return try view.tensor() }
    let result = try Tensor(uninitialized: view.base.dtype, shape: shape)
    move { offset, block in
      copyStrided(
        width: view.base.dtype.byteCount, block.shape, from: view.base.rawBase + offset * view.base.dtype.byteCount,
        block.strides,
        to: result.rawBase + block.position * view.base.dtype.byteCount, block.resultStrides)
    }
    return result
  }

  /// Writes `values`, which broadcast to the selection and have the array's type, over the selected elements. The array's memory
  /// must not be shared.
  func assign(_ values: Tensor) throws(GraphError) {
    let shape = shape
    var values = values
    // Leading axes of size 1 that are too many are no obstacle.
    while values.rank > shape.count, values.shape[0] == 1 { values = try values.reshaped(Array(values.shape.dropFirst())) }
    guard values.rank <= shape.count,
      zip(values.shape.reversed(), shape.reversed()).allSatisfy({ $0 == $1 || $0 == 1 })
    else {
      throw GraphError(
        .shapeMismatch, "values do not broadcast to the selection", expected: "\(shape)", found: "\(values.shape)")
    }
    let strides = broadcastStrides(values.shape, to: shape)
    if isBasic {
      view.assign(values, valueStrides: strides)
      return
    }
    let whole = try Strided(values, shape: shape, strides: strides).tensor()
    let width = view.base.dtype.byteCount
    move { offset, block in
      copyStrided(
        width: width, block.shape, from: whole.rawBase + block.position * width, block.resultStrides,
        to: view.base.rawBase + offset * width, block.strides)
    }
    withExtendedLifetime(whole) {}
  }

  /// The part of the view that belongs to one element of the lookups.
  private struct Block {
    /// Sizes and strides of the kept axes, in the array and in the result.
    var shape: [Int]
    var strides: [Int]
    var resultStrides: [Int]
    /// Where it starts in the result.
    var position = 0
  }

  /// Calls `body` with the start in the array, and the block, of every element of the lookups.
  private func move(_ body: (Int, Block) -> Void) {
    let kept = keptAxes
    let (insertion, shape) = (insertion, shape)
    if shape.contains(0) { return }
    let resultStrides = rowMajorStrides(shape)
    let count = lookupShape.reduce(1, *)
    let after = insertion + lookupShape.count
    var block = Block(
      shape: kept.map { view.shape[$0] }, strides: kept.map { view.strides[$0] },
      resultStrides: Array(resultStrides[..<insertion]) + Array(resultStrides[after...]))
    let step = lookupShape.isEmpty ? 0 : resultStrides[after - 1]
    let steps = lookups.map { (stride: view.strides[$0.axis], positions: $0.positions) }
    for i in 0..<count {
      var offset = view.offset
      for lookup in steps { offset += lookup.positions[i] * lookup.stride }
      // The lookups' axes follow each other, so that one step leads through them.
      block.position = i * step
      body(offset, block)
    }
  }
}
