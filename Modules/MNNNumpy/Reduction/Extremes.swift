import MNNGraph
import MNNKernels

/// The greatest and the least, where they are, and whether any or all elements hold.
enum Extremes {
  /// The greatest or least along the axes; NaN if any is, unless `ignoringNaN`.
  static func extreme(
    _ x: Tensor, least: Bool, ignoringNaN: Bool = false, axes: [Int]?, keepdims: Bool
  ) throws(GraphError) -> Tensor {
    let plain = try ReductionLayout(x, axes: axes, keepdims: keepdims)
    try plain.requireElements(least ? "the minimum" : "the maximum")
    if x.dtype == .bool { return try least ? all(x, axes: axes, keepdims: keepdims) : any(x, axes: axes, keepdims: keepdims) }
    let layout = try plain.lanes(of: x.dtype)
    let result: Tensor
    switch layout.tensor.dtype {
    case .float32:
      if ignoringNaN {
        result = try floats(layout, Float.self, least: least)
      } else {
        result = try makeTensor(layout.shape, of: Float.self) { target in
          layout.tensor.read(Float.self) {
            ArrayKernels.reduce(
              least ? .minimum : .maximum, outer: layout.outer, count: layout.count, inner: layout.inner, $0, target)
          }
        }
      }
    case .float64:
      if ignoringNaN {
        result = try floats(layout, Double.self, least: least)
      } else if least {
        result = try Fold.foldFreely(layout, Double.self, initial: .infinity) { $0 <= $1 || $0 != $0 ? $0 : $1 }
      } else {
        result = try Fold.foldFreely(layout, Double.self, initial: -.infinity) { $0 >= $1 || $0 != $0 ? $0 : $1 }
      }
    case .int32: result = try integers(layout, Int32.self, least: least)
    case .int64: result = try integers(layout, Int64.self, least: least)
    default: result = try integers(layout, UInt64.self, least: least)
    }
    return try result.cast(to: x.dtype)
  }

  private static func integers<T: IntegerLane>(
    _ x: ReductionLayout, _: T.Type, least: Bool
  ) throws(GraphError) -> Tensor {
    try least
      ? Fold.foldFreely(x, T.self, initial: .max) { min($0, $1) } : Fold.foldFreely(x, T.self, initial: .min) { max($0, $1) }
  }

  /// NaN counts only where there is nothing else.
  private static func floats<T: FloatLane>(
    _ x: ReductionLayout, _: T.Type, least: Bool
  ) throws(GraphError) -> Tensor {
    try least
      ? Fold.foldFreely(x, T.self, initial: .nan) { $0 != $0 || $1 < $0 ? $1 : $0 }
      : Fold.foldFreely(x, T.self, initial: .nan) { $0 != $0 || $1 > $0 ? $1 : $0 }
  }

  static func any(_ x: Tensor, axes: [Int]?, keepdims: Bool) throws(GraphError) -> Tensor {
    try truth(x, axes: axes, keepdims: keepdims, any: true)
  }

  static func all(_ x: Tensor, axes: [Int]?, keepdims: Bool) throws(GraphError) -> Tensor {
    try truth(x, axes: axes, keepdims: keepdims, any: false)
  }

  private static func truth(_ x: Tensor, axes: [Int]?, keepdims: Bool, any: Bool) throws(GraphError) -> Tensor {
    let layout = try ReductionLayout(try x.cast(to: .bool), axes: axes, keepdims: keepdims)
    if layout.inner == 1 {
      // Rows are looked at until one element decides.
      return try makeTensor(layout.shape, of: Bool.self) { target in
        layout.tensor.read(UInt8.self) { source in
          for o in 0..<layout.outer {
            target[o] = contains(source + o * layout.count, layout.count, any ? 1 : 0) == any
          }
        }
      }
    }
    let result =
      try any
      ? Fold.fold(layout, UInt8.self, to: UInt8.self, initial: 0) { $0 | $1 }
      : Fold.fold(layout, UInt8.self, to: UInt8.self, initial: 1) { $0 & $1 }
    return try result.reinterpreted(as: .bool)
  }

  /// Whether one of `count` truth values is `wanted`, 64 at a time.
  private static func contains(_ x: UnsafePointer<UInt8>, _ count: Int, _ wanted: UInt8) -> Bool {
    let skipped: UInt64 = wanted == 1 ? 0 : 0x0101_0101_0101_0101
    var i = 0
    let bytes = UnsafeRawPointer(x)
    while i + 64 <= count {
      var found: UInt64 = 0
      for word in 0..<8 { found |= bytes.loadUnaligned(fromByteOffset: i + 8 * word, as: UInt64.self) ^ skipped }
      if found != 0 { return true }
      i += 64
    }
    while i < count {
      if x[i] == wanted { return true }
      i += 1
    }
    return false
  }

  // MARK: Positions

  /// The index of the greatest or least, the first of equals, as int64. Without an axis: in the flattened array.
  static func position(
    _ x: Tensor, least: Bool, ignoringNaN: Bool = false, axis: Int?, keepdims: Bool
  ) throws(GraphError) -> Tensor {
    let layout: ReductionLayout
    if let axis {
      layout = try ReductionLayout(x, axes: [axis], keepdims: keepdims).lanes(of: x.dtype)
    } else {
      layout = try ReductionLayout(x, axes: nil, keepdims: keepdims).lanes(of: x.dtype)
    }
    try layout.requireElements(least ? "the position of the minimum" : "the position of the maximum")
    switch layout.tensor.dtype {
    case .float32:
      if !ignoringNaN {
        return try makeTensor(layout.shape, of: Int64.self) { target in
          layout.tensor.read(Float.self) { source in
            if layout.inner == 1, layout.count > 4 * piece {
              for o in 0..<layout.outer { target[o] = longPosition(source + o * layout.count, layout.count, least: least) }
            } else {
              ArrayKernels.argReduce(
                least: least, outer: layout.outer, count: layout.count, inner: layout.inner, source, target)
            }
          }
        }
      }
      return try positions(layout, Float.self, least: least, ignoringNaN: ignoringNaN)
    case .float64: return try positions(layout, Double.self, least: least, ignoringNaN: ignoringNaN)
    case .int32: return try positions(layout, Int32.self, least: least, ignoringNaN: false)
    case .int64: return try positions(layout, Int64.self, least: least, ignoringNaN: false)
    default: return try positions(layout, UInt64.self, least: least, ignoringNaN: false)
    }
  }

  /// Elements of a long row that are looked at together.
  private static let piece = 4096

  /// The position in a long row: of each piece only the extreme is found, and the position in the best one.
  private static func longPosition(_ x: UnsafePointer<Float>, _ count: Int, least: Bool) -> Int64 {
    var (best, start) = (x[0], 0)
    var extreme: Float = 0
    for first in stride(from: 0, to: count, by: piece) where !best.isNaN {
      ArrayKernels.reduce(
        least ? .minimum : .maximum, outer: 1, count: min(piece, count - first), inner: 1, x + first, &extreme)
      if extreme.isNaN || (least ? extreme < best : extreme > best) { (best, start) = (extreme, first) }
    }
    for i in start..<count where x[i] == best || x[i].isNaN { return Int64(i) }
    return 0
  }

  private static func positions<T: Lane>(
    _ x: ReductionLayout, _: T.Type, least: Bool, ignoringNaN: Bool
  ) throws(GraphError) -> Tensor {
    var allNaN = false
    let result = try makeTensor(x.shape, of: Int64.self) { target in
      x.tensor.read(T.self) { source in
        for o in 0..<x.outer {
          for i in 0..<x.inner {
            let column = source + o * x.count * x.inner + i
            var best = 0
            var value = column[0]
            for n in 0..<x.count {
              let next = column[n * x.inner]
              if value.isNaNLane {
                guard ignoringNaN, !next.isNaNLane else { continue }
              } else if next.isNaNLane {
                if ignoringNaN { continue }
              } else if least ? next >= value : next <= value {
                continue
              }
              (best, value) = (n, next)
            }
            if ignoringNaN, value.isNaNLane { allNaN = true }
            target[o * x.inner + i] = Int64(best)
          }
        }
      }
    }
    guard !allNaN else { throw GraphError(.attributeInvalid, "an all-NaN slice has no greatest or least element") }
    return result
  }
}
