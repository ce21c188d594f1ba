import MNNGraph
import MNNKernels

/// Sums, products and what is made of them.
enum Sums {
  /// Elements of a float32 sum that are added in float32 before the partial sums are added in float64.
  private static let piece = 1024
  /// The same for sums over an outer axis, in rows.
  private static let rows = 64

  /// The sum along the axes, in the type of ``Promotion/sum(_:)`` or `dtype`.
  static func sum(_ x: Tensor, axes: [Int]?, keepdims: Bool, dtype: DType? = nil) throws(GraphError) -> Tensor {
    let dtype = dtype ?? Promotion.sum(x.dtype)
    if dtype == .bool { return try Extremes.any(x, axes: axes, keepdims: keepdims) }
    if x.dtype == .bool { return try count(ReductionLayout(x, axes: axes, keepdims: keepdims)).cast(to: dtype) }
    let layout = try ReductionLayout(x, axes: axes, keepdims: keepdims).lanes(of: dtype)
    let result: Tensor
    switch layout.tensor.dtype {
    case .float32: result = try floatSums(layout, .sum)
    case .float64: result = try doubleSums(layout)
    case .int32: result = try Fold.fold(layout, Int32.self, to: Int32.self, initial: 0) { $0 &+ $1 }
    case .int64: result = try Fold.fold(layout, Int64.self, to: Int64.self, initial: 0) { $0 &+ $1 }
    default: result = try Fold.fold(layout, UInt64.self, to: UInt64.self, initial: 0) { $0 &+ $1 }
    }
    return try result.cast(to: dtype)
  }

  /// The number of true elements.
  private static func count(_ x: ReductionLayout) throws(GraphError) -> Tensor {
    try Fold.fold(x, UInt8.self, to: Int64.self, initial: 0) { $0 &+ Int64($1) }
  }

  static func product(_ x: Tensor, axes: [Int]?, keepdims: Bool, dtype: DType? = nil) throws(GraphError) -> Tensor {
    let dtype = dtype ?? Promotion.sum(x.dtype)
    if dtype == .bool { return try Extremes.all(x, axes: axes, keepdims: keepdims) }
    let layout = try ReductionLayout(x, axes: axes, keepdims: keepdims).lanes(of: dtype)
    let result: Tensor
    switch layout.tensor.dtype {
    case .float32: result = try Fold.foldFreely(layout, Float.self, initial: 1) { $0 * $1 }
    case .float64: result = try Fold.foldFreely(layout, Double.self, initial: 1) { $0 * $1 }
    case .int32: result = try Fold.fold(layout, Int32.self, to: Int32.self, initial: 1) { $0 &* $1 }
    case .int64: result = try Fold.fold(layout, Int64.self, to: Int64.self, initial: 1) { $0 &* $1 }
    default: result = try Fold.fold(layout, UInt64.self, to: UInt64.self, initial: 1) { $0 &* $1 }
    }
    return try result.cast(to: dtype)
  }

  /// Sums (of squares) of float32 numbers as float32; the error does not grow with the number of elements.
  static func floatSums(_ x: ReductionLayout, _ f: Reduce.Function) throws(GraphError) -> Tensor {
    let sums = try floatSumsAsDoubles(x, f)
    return try makeTensor(x.shape, of: Float.self) { target in
      for (i, value) in sums.enumerated() { target[i] = Float(value) }
    }
  }

  /// Sums (of squares) of float32 numbers: pieces in float32, the pieces together in float64.
  static func floatSumsAsDoubles(_ x: ReductionLayout, _ f: Reduce.Function) throws(GraphError) -> [Double] {
    let (outer, count, inner) = (x.outer, x.count, x.inner)
    let size = inner == 1 ? piece : rows
    let pieces = (count + size - 1) / size
    let partial = try Tensor(uninitialized: .float32, shape: [max(pieces, 1) * inner])
    var sums = [Double](repeating: 0, count: outer * inner)
    let part = partial.target(Float.self)
    x.tensor.read(Float.self) { source in
      for o in 0..<outer {
        let row = source + o * count * inner
        let whole = count / size
        if whole > 0 { ArrayKernels.reduce(f, outer: whole, count: size, inner: inner, row, part) }
        if whole < pieces {
          ArrayKernels.reduce(
            f, outer: 1, count: count - whole * size, inner: inner, row + whole * size * inner, part + whole * inner)
        }
        for p in 0..<pieces {
          for i in 0..<inner { sums[o * inner + i] += Double(part[p * inner + i]) }
        }
      }
    }
    withExtendedLifetime(partial) {}
    return sums
  }

  private static func doubleSums(_ x: ReductionLayout) throws(GraphError) -> Tensor {
    if x.inner != 1 { return try Fold.fold(x, Double.self, to: Double.self, initial: 0) { $0 + $1 } }
    let (outer, count) = (x.outer, x.count)
    return try makeTensor(x.shape, of: Double.self) { target in
      x.tensor.read(Double.self) { source in
        for o in 0..<outer { target[o] = pairwiseSum(source + o * count, count) }
      }
    }
  }

  /// A sum whose error grows with the logarithm of the number of elements.
  static func pairwiseSum(_ x: UnsafePointer<Double>, _ count: Int) -> Double {
    if count > 256 {
      let half = count / 16 * 8
      return pairwiseSum(x, half) + pairwiseSum(x + half, count - half)
    }
    var lanes = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= count {
      lanes += UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Double>.self)
      i += 8
    }
    var sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    while i < count {
      sum += x[i]
      i += 1
    }
    return sum
  }

  // MARK: Means and variances

  /// The mean along the axes; of no elements NaN.
  static func mean(_ x: Tensor, axes: [Int]?, keepdims: Bool, dtype: DType? = nil) throws(GraphError) -> Tensor {
    let dtype = dtype ?? Promotion.mean(x.dtype)
    let computed = dtype.isFloatingPoint ? dtype : .float64
    let layout = try ReductionLayout(x, axes: axes, keepdims: keepdims).lanes(of: computed)
    let count = Double(layout.count)
    if layout.tensor.dtype == .float32 {
      let sums = try floatSumsAsDoubles(layout, .sum)
      return try makeTensor(layout.shape, of: Float.self) { target in
        for i in sums.indices { target[i] = Float(sums[i] / count) }
      }.cast(to: dtype)
    }
    let sums = try doubleSums(layout)
    return try mapped(sums, Double.self, to: Double.self) { $0 / count }.cast(to: dtype)
  }

  /// The mean squared distance from the mean, of `count - ddof` degrees of freedom; its root if `root`.
  static func variance(
    _ x: Tensor, axes: [Int]?, keepdims: Bool, ddof: Double, root: Bool, dtype: DType? = nil
  ) throws(GraphError) -> Tensor {
    let dtype = dtype ?? Promotion.mean(x.dtype)
    let layout = try ReductionLayout(x, axes: axes, keepdims: keepdims).lanes(of: dtype)
    let freedom = max(Double(layout.count) - ddof, 0)
    let squares =
      try layout.tensor.dtype == .float32 ? floatSquares(layout) : doubleSquares(layout)
    return try makeTensor(layout.shape, of: Double.self) { target in
      for i in squares.indices { target[i] = root ? (squares[i] / freedom).squareRoot() : squares[i] / freedom }
    }.cast(to: dtype)
  }

  /// Sums of squared distances from the means.
  private static func floatSquares(_ x: ReductionLayout) throws(GraphError) -> [Double] {
    let (outer, count, inner) = (x.outer, x.count, x.inner)
    let sums = try floatSumsAsDoubles(x, .sum)
    let means = sums.map { Float($0 / Double(count)) }
    let size = inner == 1 ? piece * 4 : max(1, min(rows, 4096 / max(inner, 1)))
    let scratch = try Tensor(uninitialized: .float32, shape: [size * inner])
    let partial = try Tensor(uninitialized: .float32, shape: [max(4, inner)])
    let (distances, part) = (scratch.target(Float.self), partial.target(Float.self))
    var squares = [Double](repeating: 0, count: outer * inner)
    x.tensor.read(Float.self) { source in
      means.withUnsafeBufferPointer { means in
        guard let mean = means.baseAddress else { return }
        for o in 0..<outer {
          for first in stride(from: 0, to: count, by: size) {
            let n = min(size, count - first)
            let rows = source + (o * count + first) * inner
            if inner == 1 {
              ArrayKernels.binary(.subtract, count: n, rows, step: 1, mean + o, step: 0, distances)
            } else {
              for r in 0..<n {
                ArrayKernels.binary(
                  .subtract, count: inner, rows + r * inner, step: 1, mean + o * inner, step: 1, distances + r * inner)
              }
            }
            if inner == 1, n == size {
              ArrayKernels.reduce(.sumSquare, outer: 4, count: n / 4, inner: 1, distances, part)
              squares[o] += Double(part[0]) + Double(part[1]) + Double(part[2]) + Double(part[3])
            } else {
              ArrayKernels.reduce(.sumSquare, outer: 1, count: n, inner: inner, distances, part)
              for i in 0..<inner { squares[o * inner + i] += Double(part[i]) }
            }
          }
        }
      }
    }
    withExtendedLifetime((scratch, partial)) {}
    // The means are rounded: what that adds to the squares is known.
    for i in squares.indices {
      let error = sums[i] / Double(count) - Double(means[i])
      squares[i] -= Double(count) * error * error
      if squares[i] < 0 { squares[i] = 0 }
    }
    return squares
  }

  private static func doubleSquares(_ x: ReductionLayout) throws(GraphError) -> [Double] {
    let (outer, count, inner) = (x.outer, x.count, x.inner)
    let sums = try doubleSums(x)
    var squares = [Double](repeating: 0, count: outer * inner)
    x.tensor.read(Double.self) { source in
      sums.read(Double.self) { sums in
        for o in 0..<outer {
          for n in 0..<count {
            let row = source + (o * count + n) * inner
            for i in 0..<inner {
              let distance = row[i] - sums[o * inner + i] / Double(count)
              squares[o * inner + i] += distance * distance
            }
          }
        }
      }
    }
    return squares
  }
}
