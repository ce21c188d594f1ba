/// A value read where it lies: through the transpositions, reshapes, slices and picks that lead to it, none of which moves anything.
struct StridedSource {
  var id: Value.ID
  var sizes: [Int]
  /// In elements of the value `id`.
  var strides: [Int]
  var offset = 0
  /// The factors that were passed on the way.
  var scale: Float = 1

  /// - Parameter scales: passes multiplications and divisions by one finite number.
  /// - Returns: nil if the value's sizes are not known.
  init?(_ id: Value.ID?, passingScales scales: Bool = false, in graph: Graph) {
    self.init(id, passingScales: scales, in: graph, depth: 0)
  }

  /// Longer ways are cut: what is asked at every node of a chain must not walk the whole chain.
  private static let depthLimit = 16

  private init?(_ id: Value.ID?, passingScales scales: Bool, in graph: Graph, depth: Int) {
    guard let id, let sizes = graph[id].type?.shape.sizes, graph[id].type?.dtype == .float32 else { return nil }
    if depth < StridedSource.depthLimit,
      let moved = StridedSource.moved(id, sizes, passingScales: scales, in: graph, depth: depth)
    {
      self = moved
    } else {
      (self.id, self.sizes, strides) = (id, sizes, rowMajorStrides(sizes))
    }
  }

  /// The source of a node that only moves elements; nil if it is none, or what it does is no view.
  private static func moved(
    _ id: Value.ID, _ sizes: [Int], passingScales scales: Bool, in graph: Graph, depth: Int
  ) -> StridedSource? {
    guard let node = graph.producer(of: id) else { return nil }
    func source(_ index: Int = 0) -> StridedSource? {
      StridedSource(node.inputs[index], passingScales: scales, in: graph, depth: depth + 1)
    }
    switch node.op {
    case let op as Transpose:
      guard var x = source() else { return nil }
      (x.sizes, x.strides) = (op.permutation.map { x.sizes[$0] }, op.permutation.map { x.strides[$0] })
      return x
    case is Reshape, is Squeeze, is Unsqueeze, is Flatten, is Identity: return source()?.reshaped(to: sizes)
    case let op as Gather:
      guard var x = source(), let indices = graph.constant(node.inputs[1]), indices.count == 1,
        let index = try? indices.scalars(as: Int64.self).first, !x.sizes.isEmpty
      else { return nil }
      let axis = op.axis < 0 ? op.axis + x.sizes.count : op.axis
      guard x.sizes.indices.contains(axis), case let at = index < 0 ? Int(index) + x.sizes[axis] : Int(index),
        (0..<x.sizes[axis]).contains(at)
      else { return nil }
      x.offset += at * x.strides[axis]
      x.sizes.replaceSubrange(axis...axis, with: indices.shape)  // ordered: equal ends
      x.strides.replaceSubrange(axis...axis, with: indices.shape.map { _ in 0 })  // ordered: equal ends
      return x
    case is Slice, is Split:
      guard let operands = graph.operands(of: node), let op = node.op as? any LayoutOperator,
        let result = node.results.firstIndex(of: id), let piece = try? op.regions(for: operands)[result], piece.count == 1,
        var x = source(), let whole = graph[node.inputs[0]]?.type?.shape.sizes
      else { return nil }
      // Where the piece starts, and how far apart its elements are, along each axis of what is cut.
      var rest = piece[0].source.offset
      let memory = rowMajorStrides(whole)
      for axis in whole.indices where memory[axis] > 0 {
        x.offset += rest / memory[axis] * x.strides[axis]
        rest %= memory[axis]
      }
      if node.op is Slice {
        guard piece[0].source.strides.count == sizes.count else { return nil }
        for axis in sizes.indices where sizes[axis] > 1 {
          guard memory[axis] > 0, piece[0].source.strides[axis] > 0 else { return nil }
          x.strides[axis] *= piece[0].source.strides[axis] / memory[axis]
        }
      }
      x.sizes = sizes
      return x
    case let op as Binary:
      guard scales, op.activation == .identity, op.function == .multiply || op.function == .divide else { return nil }
      for (i, other) in [(0, 1), (1, 0)] where i == 0 || op.function == .multiply {
        guard let factor = graph.constant(node.inputs[other]), factor.count == 1, factor.rank <= sizes.count,
          let value = try? factor.scalars(as: Float.self).first, var x = source(i), x.sizes == sizes
        else { continue }
        x.scale = op.function == .multiply ? x.scale * value : x.scale / value
        return x.scale.isFinite && x.scale != 0 ? x : nil
      }
      return nil
    default: return nil
    }
  }

  /// The same elements in the same order under other sizes; nil if strides cannot say that.
  func reshaped(to target: [Int]) -> StridedSource? {
    if sizes.contains(0) { return nil }
    // Axes of the source as runs that continue each other, outermost first; each must be cut by whole axes of the target.
    var runs: [(size: Int, stride: Int)] = []
    for (size, stride) in zip(sizes, strides) where size != 1 {
      if let last = runs.last, last.stride == stride &* size {  // wraps: sizes and strides of a tensor that is there
        runs[runs.count - 1] = (last.size * size, stride)
      } else {
        runs.append((size, stride))
      }
    }
    var result = self
    result.sizes = target
    result.strides = [Int](repeating: 0, count: target.count)
    var run = runs.count - 1
    var used = 1
    for axis in target.indices.reversed() where target[axis] != 1 {
      while run >= 0, used == runs[run].size { (run, used) = (run - 1, 1) }
      guard run >= 0, runs[run].size % (used * target[axis]) == 0 else { return nil }
      result.strides[axis] = runs[run].stride * used
      used *= target[axis]
    }
    return result
  }
}
