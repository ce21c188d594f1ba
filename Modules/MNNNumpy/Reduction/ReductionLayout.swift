import MNNGraph

/// A tensor laid out for a reduction: the axes that go are next to each other.
struct ReductionLayout {
  /// `[outer, count, inner]` in memory.
  let tensor: Tensor
  let outer: Int
  let count: Int
  let inner: Int
  /// The shape of the result.
  let shape: [Int]

  /// - Parameter axes: nil for all of them.
  init(_ x: Tensor, axes: [Int]?, keepdims: Bool) throws(GraphError) {
    let axes = try axes.map { axes throws(GraphError) in try normalizedAxes(axes, rank: x.rank) } ?? Array(0..<x.rank)
    shape =
      keepdims
      ? x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
      : x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] }
    guard let first = axes.first, let last = axes.last else {
      (tensor, outer, count, inner) = (x, x.count, 1, 1)
      return
    }
    if last - first + 1 == axes.count {
      tensor = x
      outer = x.shape[..<first].reduce(1, *)
      count = x.shape[first...last].reduce(1, *)
      inner = x.shape[(last + 1)...].reduce(1, *)
    } else {
      let kept = x.shape.indices.filter { !axes.contains($0) }
      let strides = rowMajorStrides(x.shape)
      let order = kept + axes
      tensor = try Strided(x, shape: order.map { x.shape[$0] }, strides: order.map { strides[$0] }).tensor()
      outer = kept.map { x.shape[$0] }.reduce(1, *)
      count = axes.map { x.shape[$0] }.reduce(1, *)
      inner = 1
    }
  }

  private init(tensor: Tensor, like other: ReductionLayout) {
    (self.tensor, outer, count, inner, shape) = (tensor, other.outer, other.count, other.inner, other.shape)
  }

  /// The same elements in the type that arithmetic of `dtype` is done in.
  func lanes(of dtype: DType) throws(GraphError) -> ReductionLayout {
    ReductionLayout(tensor: try tensor.cast(to: dtype).lanes(of: dtype), like: self)
  }

  /// Throws if nothing is left to choose from.
  func requireElements(_ what: String) throws(GraphError) {
    guard count > 0 || outer * inner == 0 else {
      throw GraphError(.shapeMismatch, "\(what) of no elements does not exist", expected: "at least 1 element", found: "0")
    }
  }
}

/// Folds of `[outer, count, inner]` into `[outer, inner]`.
enum Fold {
  /// `combine` over the elements of each group, from the first to the last, starting with `initial`.
  @inline(__always)
  static func fold<T: TensorScalar, A: TensorScalar>(
    _ x: ReductionLayout, _: T.Type, to _: A.Type, initial: A, _ combine: (A, T) -> A
  ) throws(GraphError) -> Tensor {
    let (outer, count, inner) = (x.outer, x.count, x.inner)
    return try makeTensor(x.shape, of: A.self) { target in
      x.tensor.read(T.self) { source in
        if inner == 1 {
          for o in 0..<outer {
            var value = initial
            let row = source + o * count
            for i in 0..<count { value = combine(value, row[i]) }
            target[o] = value
          }
        } else {
          for o in 0..<outer {
            let result = target + o * inner
            for i in 0..<inner { result[i] = initial }
            for n in 0..<count {
              let row = source + (o * count + n) * inner
              for i in 0..<inner { result[i] = combine(result[i], row[i]) }
            }
          }
        }
      }
    }
  }

  /// As ``fold(_:_:to:initial:_:)`` for functions that may be applied in any order, with several partial results.
  @inline(__always)
  static func foldFreely<T: TensorScalar>(
    _ x: ReductionLayout, _: T.Type, initial: T, _ combine: (T, T) -> T
  ) throws(GraphError) -> Tensor {
    guard x.inner == 1 else { return try fold(x, T.self, to: T.self, initial: initial, combine) }
    let (outer, count) = (x.outer, x.count)
    return try makeTensor(x.shape, of: T.self) { target in
      x.tensor.read(T.self) { source in
        for o in 0..<outer {
          let row = source + o * count
          var (a, b, c, d) = (initial, initial, initial, initial)
          var i = 0
          while i + 4 <= count {
            a = combine(a, row[i])
            b = combine(b, row[i + 1])
            c = combine(c, row[i + 2])
            d = combine(d, row[i + 3])
            i += 4
          }
          while i < count {
            a = combine(a, row[i])
            i += 1
          }
          target[o] = combine(combine(a, b), combine(c, d))
        }
      }
    }
  }
}
