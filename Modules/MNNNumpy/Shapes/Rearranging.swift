import MNNGraph

/// Arrays with axes or elements in another order.
enum Rearranging {
  /// - Parameter axes: a permutation; nil reverses.
  static func transpose(_ x: Tensor, _ axes: [Int]?) throws(GraphError) -> Tensor {
    var order = Array((0..<x.rank).reversed())
    if let axes {
      order = []
      for axis in axes {
        let axis = try normalizedAxis(axis, rank: x.rank)
        guard !order.contains(axis) else {
          throw GraphError(.attributeInvalid, "repeated axis in transpose", found: "\(axes)")
        }
        order.append(axis)
      }
      guard order.count == x.rank else {
        throw GraphError(
          .rankMismatch, "axes do not match the array", expected: "\(x.rank) axes", found: "\(axes)")
      }
    }
    let strides = rowMajorStrides(x.shape)
    return try Strided(x, shape: order.map { x.shape[$0] }, strides: order.map { strides[$0] }).tensor()
  }

  static func moveAxes(_ x: Tensor, from sources: [Int], to targets: [Int]) throws(GraphError) -> Tensor {
    guard sources.count == targets.count else {
      throw GraphError(
        .attributeInvalid, "source and destination must have the same number of elements", expected: "\(sources.count)",
        found: "\(targets.count)")
    }
    _ = try normalizedAxes(sources, rank: x.rank)
    _ = try normalizedAxes(targets, rank: x.rank)
    var pairs: [(target: Int, source: Int)] = []
    for (source, target) in zip(sources, targets) {
      pairs.append((try normalizedAxis(target, rank: x.rank), try normalizedAxis(source, rank: x.rank)))
    }
    var order = (0..<x.rank).filter { axis in !pairs.contains { $0.source == axis } }
    for pair in pairs.sorted(by: { $0.target < $1.target }) { order.insert(pair.source, at: pair.target) }
    return try transpose(x, order)
  }

  /// The shape with one negative size replaced by what is left.
  static func resolved(_ shape: [Int], count: Int) throws(GraphError) -> [Int] {
    let open = shape.indices.filter { shape[$0] < 0 }
    guard open.count <= 1 else {
      throw GraphError(.attributeInvalid, "can only specify one unknown dimension", found: "\(shape)")
    }
    var result = shape
    if let axis = open.first {
      result[axis] = 1
      let known = try checkedElementCount(result)
      guard known > 0, count % known == 0 else {
        throw GraphError(
          .shapeMismatch, "cannot reshape", expected: "a divisor of \(count) elements", found: "\(shape)")
      }
      result[axis] = count / known
    }
    return result
  }

  static func reversed(_ x: Tensor, axes: [Int]?) throws(GraphError) -> Tensor {
    var view = Strided(x)
    for axis in try axes.map({ axes throws(GraphError) in try normalizedAxes(axes, rank: x.rank) }) ?? Array(0..<x.rank)
    where x.shape[axis] > 0 {
      view.offset += (x.shape[axis] - 1) * view.strides[axis]
      view.strides[axis] = -view.strides[axis]
    }
    return try view.tensor()
  }

  /// Elements moved along `axis` by `shift`; those that fall off come in at the other end.
  static func roll(_ x: Tensor, shift: Int, axis: Int) throws(GraphError) -> Tensor {
    let axis = try normalizedAxis(axis, rank: x.rank)
    let size = x.shape[axis]
    guard size > 0 else { return x }
    let cut = size - ((shift % size) + size) % size
    if cut == size { return x }
    return try Joining.concatenate(
      [Joining.slice(x, axis: axis, from: cut, to: nil), Joining.slice(x, axis: axis, from: 0, to: cut)], axis: axis)
  }

  /// `x` repeated `counts` times along its axes.
  static func tile(_ x: Tensor, _ counts: [Int]) throws(GraphError) -> Tensor {
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(.attributeInvalid, "repeats may not be negative", found: "\(counts)")
    }
    let rank = max(x.rank, counts.count)
    let sizes = [Int](repeating: 1, count: rank - x.rank) + x.shape
    let repeats = [Int](repeating: 1, count: rank - counts.count) + counts
    let strides = rowMajorStrides(sizes)
    var shape: [Int] = []
    var steps: [Int] = []
    for axis in 0..<rank {
      shape += [repeats[axis], sizes[axis]]
      steps += [0, strides[axis]]
    }
    _ = try checkedElementCount(shape)
    let result = try Strided(x, shape: shape, strides: steps).tensor()
    return try result.reshaped((0..<rank).map { sizes[$0] * repeats[$0] })
  }

  /// Every element along `axis` as often as `counts` says (one count for all, or one each).
  static func `repeat`(_ x: Tensor, _ counts: [Int], axis: Int) throws(GraphError) -> Tensor {
    let axis = try normalizedAxis(axis, rank: x.rank)
    let size = x.shape[axis]
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(.attributeInvalid, "repeats may not be negative", found: "\(counts)")
    }
    if counts.count == 1 {
      var shape = x.shape
      shape.insert(counts[0], at: axis + 1)
      var strides = rowMajorStrides(x.shape)
      strides.insert(0, at: axis + 1)
      _ = try checkedElementCount(shape)
      let result = try Strided(x, shape: shape, strides: strides).tensor()
      var final = x.shape
      final[axis] = size * counts[0]
      return try result.reshaped(final)
    }
    guard counts.count == size else {
      throw GraphError(
        .shapeMismatch, "repeats do not fit axis \(axis)", expected: "1 or \(size) counts", found: "\(counts.count)")
    }
    var total = 0
    for count in counts {
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow, sum < Int.max / 64 else { throw GraphError(.sizeOverflow, "too many repeats", found: "\(count)") }
      total = sum
    }
    let positions = try makeTensor([total], of: Int64.self) { target in
      var at = 0
      for (i, count) in counts.enumerated() {
        for _ in 0..<count {
          target[at] = Int64(i)
          at += 1
        }
      }
    }
    return try Taking.take(x, positions, axis: axis, mode: .raise)
  }

  /// The elements on the diagonal of two axes, which become the last axis.
  static func diagonal(_ x: Tensor, offset: Int, axis1: Int, axis2: Int) throws(GraphError) -> Tensor {
    guard x.rank >= 2 else {
      throw GraphError(.rankMismatch, "diag requires an array of at least two dimensions", found: "\(x.shape)")
    }
    let (first, second) = (try normalizedAxis(axis1, rank: x.rank), try normalizedAxis(axis2, rank: x.rank))
    guard first != second else {
      throw GraphError(.attributeInvalid, "axis1 and axis2 cannot be the same", found: "\(axis1)")
    }
    let strides = rowMajorStrides(x.shape)
    let (rows, columns) = (x.shape[first], x.shape[second])
    let offset = min(max(offset, -rows), columns)
    let count = max(0, offset >= 0 ? min(rows, columns - offset) : min(rows + offset, columns))
    let kept = x.shape.indices.filter { $0 != first && $0 != second }
    let start = count == 0 ? 0 : offset >= 0 ? offset * strides[second] : -offset * strides[first]
    return try Strided(
      x, shape: kept.map { x.shape[$0] } + [count], strides: kept.map { strides[$0] } + [strides[first] + strides[second]],
      offset: start
    ).tensor()
  }
}
