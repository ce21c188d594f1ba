extension Tensor {
  /// A tensor of `shape` whose element `i` is this tensor's element `positions[i]`; -1 gives zero.
  package func elements(
    at positions: some Collection<Int>, shape: [Int]
  ) throws(GraphError) -> Tensor {
    let result = try Tensor.zeros(dtype, shape)
    guard positions.count == result.count else {
      throw GraphError(.shapeMismatch, "positions do not fill the shape \(shape)", found: "\(positions.count)")
    }
    let width = dtype.byteCount
    let target = result.mutableBytes
    let count = count
    try withUnsafeBytes { (source: UnsafeRawBufferPointer) throws(GraphError) in
      guard let from = source.baseAddress, let to = target.baseAddress else { return }
      for (i, position) in positions.enumerated() where position >= 0 {
        guard position < count else {
          throw GraphError(.indexOutOfRange, "index out of range", expected: "less than \(count)", found: "\(position)")
        }
        (to + i * width).copyMemory(from: from + position * width, byteCount: width)
      }
    }
    return result
  }
}

/// Every index of `sizes` in row-major order.
package struct IndexSequence: Sequence, IteratorProtocol {
  private let sizes: [Int]
  private var index: [Int]
  private var isDone: Bool

  package init(_ sizes: [Int]) {
    self.sizes = sizes
    index = [Int](repeating: 0, count: sizes.count)
    isDone = sizes.contains { $0 <= 0 }
  }

  package mutating func next() -> [Int]? {
    guard !isDone else { return nil }
    let current = index
    var axis = sizes.count - 1
    while axis >= 0 {
      index[axis] += 1
      if index[axis] < sizes[axis] { return current }
      index[axis] = 0
      axis -= 1
    }
    isDone = true
    return current
  }
}

/// Sizes before, of, and after an axis: how a row-major tensor is walked along it.
package func splitSizes(_ sizes: [Int], at axis: Int) -> (outer: Int, length: Int, inner: Int) {
  (sizes[..<axis].reduce(1, *), sizes[axis], sizes[(axis + 1)...].reduce(1, *))
}

/// Axes counted from the front, sorted, none twice.
package func normalizedAxes(_ axes: [Int], rank: Int) throws(GraphError) -> [Int] {
  var result: [Int] = []
  for axis in axes {
    let axis = try normalizedAxis(axis, rank: rank)
    guard !result.contains(axis) else {
      throw GraphError(.attributeInvalid, "an axis is named twice", found: "\(axes)")
    }
    result.append(axis)
  }
  return result.sorted()
}
