import MNNGraph

/// Running sums and products.
enum Scans {
  enum Function: Sendable { case sum, product }

  /// Along `axis`, or of the flattened array.
  static func scan(
    _ f: Function, _ x: Tensor, axis: Int?, ignoringNaN: Bool = false, dtype: DType? = nil
  ) throws(GraphError) -> Tensor {
    let dtype = dtype ?? Promotion.sum(x.dtype)
    let source = try axis == nil ? x.reshaped([x.count]) : x
    let lanes = try source.cast(to: dtype).lanes(of: dtype)
    let (outer, count, inner) = splitSizes(lanes.shape, at: try normalizedAxis(axis ?? 0, rank: lanes.rank))
    let size = (outer, count, inner)
    let result: Tensor
    switch lanes.dtype {
    case .float32:
      result =
        try f == .sum && !ignoringNaN && inner == 1 ? floatSums(lanes, size) : floats(f, lanes, Float.self, size, ignoringNaN)
    case .float64: result = try floats(f, lanes, Double.self, size, ignoringNaN)
    case .int32: result = try integers(f, lanes, Int32.self, size)
    case .int64: result = try integers(f, lanes, Int64.self, size)
    default: result = try integers(f, lanes, UInt64.self, size)
    }
    return try result.cast(to: dtype)
  }

  /// Running sums of rows, added up in float64. Eight parts of a row run side by side, as one would wait for every addition.
  private static func floatSums(
    _ x: Tensor, _ size: (outer: Int, count: Int, inner: Int)
  ) throws(GraphError) -> Tensor {
    let parts = 8
    return try makeTensor(x.shape, of: Float.self) { target in
      x.read(Float.self) { source in
        for o in 0..<size.outer {
          let (from, to) = (source + o * size.count, target + o * size.count)
          let length = size.count / parts
          var sums = SIMD8<Double>(repeating: 0)
          if length >= 64 {
            for part in 1..<parts { sums[part] = sums[part - 1] + sum(from + (part - 1) * length, length) }
            // Lanes by number: one that a loop names goes through memory.
            for i in 0..<length {
              let (x, y) = (from + i, to + i)
              sums += SIMD8<Double>(
                SIMD8<Float>(
                  x[0], x[length], x[2 * length], x[3 * length], x[4 * length], x[5 * length], x[6 * length], x[7 * length]))
              let rounded = SIMD8<Float>(sums)
              y[0] = rounded[0]
              y[length] = rounded[1]
              y[2 * length] = rounded[2]
              y[3 * length] = rounded[3]
              y[4 * length] = rounded[4]
              y[5 * length] = rounded[5]
              y[6 * length] = rounded[6]
              y[7 * length] = rounded[7]
            }
          }
          let done = length >= 64 ? parts * length : 0
          var total = done > 0 ? sums[parts - 1] : 0
          for i in done..<size.count {
            total += Double(from[i])
            to[i] = Float(total)
          }
        }
      }
    }
  }

  /// The sum of `count` floats in float64.
  private static func sum(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= count {
      lanes += SIMD8<Double>(UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self))
      i += 8
    }
    var total = lanes.sum()
    while i < count {
      total += Double(x[i])
      i += 1
    }
    return total
  }

  private static func floats<T: FloatLane>(
    _ f: Function, _ x: Tensor, _: T.Type, _ size: (Int, Int, Int), _ ignoringNaN: Bool
  ) throws(GraphError) -> Tensor {
    switch (f, ignoringNaN) {
    case (.sum, false): try run(x, T.self, size) { $0 + $1 }
    case (.product, false): try run(x, T.self, size) { $0 * $1 }
    case (.sum, true): try run(cleaned(x, T.self, 0), T.self, size) { $0 + $1 }
    case (.product, true): try run(cleaned(x, T.self, 1), T.self, size) { $0 * $1 }
    }
  }

  private static func cleaned<T: FloatLane>(_ x: Tensor, _: T.Type, _ value: T) throws(GraphError) -> Tensor {
    try mapped(x, T.self, to: T.self) { $0 != $0 ? value : $0 }
  }

  private static func integers<T: IntegerLane>(
    _ f: Function, _ x: Tensor, _: T.Type, _ size: (Int, Int, Int)
  ) throws(GraphError) -> Tensor {
    switch f {
    case .sum: try run(x, T.self, size) { $0 &+ $1 }
    case .product: try run(x, T.self, size) { $0 &* $1 }
    }
  }

  @inline(__always)
  private static func run<T: Lane>(
    _ x: Tensor, _: T.Type, _ size: (outer: Int, count: Int, inner: Int), _ combine: (T, T) -> T
  ) throws(GraphError) -> Tensor {
    let (outer, count, inner) = size
    return try makeTensor(x.shape, of: T.self) { target in
      guard count > 0 else { return }
      x.read(T.self) { source in
        for o in 0..<outer {
          let (from, to) = (source + o * count * inner, target + o * count * inner)
          if inner == 1 {
            var value = from[0]
            to[0] = value
            for n in 1..<max(count, 1) {
              value = combine(value, from[n])
              to[n] = value
            }
          } else {
            for i in 0..<inner { to[i] = from[i] }
            for n in 1..<max(count, 1) {
              let (last, next) = ((n - 1) * inner, n * inner)
              for i in 0..<inner { to[next + i] = combine(to[last + i], from[next + i]) }
            }
          }
        }
      }
    }
  }
}
