import MNNGraph
import MNNKernels

enum Sorting {
  /// Elements in rising order along `axis`, NaN last.
  static func sort(_ x: Tensor, axis: Int) throws(GraphError) -> Tensor {
    let axis = try normalizedAxis(axis, rank: x.rank)
    let rows = try AxisLast(x, axis)
    return try rows.restore(sortRows(rows.tensor), dtype: x.dtype)
  }

  /// The positions that put the elements along `axis` into rising order, of equals the first first.
  static func argsort(_ x: Tensor, axis: Int) throws(GraphError) -> Tensor {
    let axis = try normalizedAxis(axis, rank: x.rank)
    let rows = try AxisLast(x, axis)
    return try rows.restore(orderRows(rows.tensor), dtype: .int64)
  }

  /// An array with the axis to sort last.
  private struct AxisLast {
    let tensor: Tensor
    private let axis: Int
    private let rank: Int

    init(_ x: Tensor, _ axis: Int) throws(GraphError) {
      self.axis = axis
      rank = x.rank
      let order = (0..<x.rank).filter { $0 != axis } + [axis]
      let last = try axis == x.rank - 1 ? x : Rearranging.transpose(x, order)
      // Truth values sort as numbers.
      tensor = try last.lanes(of: last.dtype)
    }

    func restore(_ sorted: Tensor, dtype: DType) throws(GraphError) -> Tensor {
      let result = try sorted.cast(to: dtype)
      if axis == rank - 1 { return result }
      var order = Array(0..<rank - 1)
      order.insert(rank - 1, at: axis)
      return try Rearranging.transpose(result, order)
    }
  }

  /// Every row of lanes sorted.
  static func sortRows(_ x: Tensor) throws(GraphError) -> Tensor {
    switch x.dtype {
    case .float32: try sortFloatRows(x)
    case .float64: try sortRows(x, Double.self)
    case .int32: try sortRows(x, Int32.self)
    case .int64: try sortRows(x, Int64.self)
    default: try sortRows(x, UInt64.self)
    }
  }

  private static func sortFloatRows(_ x: Tensor) throws(GraphError) -> Tensor {
    let length = x.shape.last ?? 1
    let scratch = try TensorStorage.allocate(byteCount: length * MemoryLayout<UInt32>.stride)
    return try makeTensor(x.shape, of: Float.self) { target in
      guard length > 0 else { return }
      let keys = scratch.base.assumingMemoryBound(to: UInt32.self)
      x.read(Float.self) { source in
        for start in stride(from: 0, to: x.count, by: length) {
          ArrayKernels.sort(count: length, source + start, to: target + start, scratch: keys)
        }
      }
      withExtendedLifetime(scratch) {}
    }
  }

  private static func sortRows<T: SortableLane>(_ x: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    let length = x.shape.last ?? 1
    try requireCountable(length)
    let scratch = try TensorStorage.allocate(byteCount: length * MemoryLayout<T.Key>.stride)
    // Keys are as wide as the numbers and are sorted where these will be.
    return try makeTensor(x.shape, of: T.Key.self) { target in
      guard length > 0 else { return }
      let other = scratch.base.assumingMemoryBound(to: T.Key.self)
      x.read(T.self) { source in
        for start in stride(from: 0, to: x.count, by: length) {
          let keys = target + start
          for i in 0..<length { keys[i] = source[start + i].sortKey }
          sortKeys(keys, other, count: length)
          for i in 0..<length { keys[i] = T.bits(of: keys[i]) }
        }
      }
      withExtendedLifetime(scratch) {}
    }.reinterpreted(as: x.dtype)
  }

  @inline(__always)
  private static func sortKeys<Key: FixedWidthInteger & UnsignedInteger & TensorScalar>(
    _ keys: UnsafeMutablePointer<Key>, _ scratch: UnsafeMutablePointer<Key>, count: Int
  ) {
    if let keys = keys as? UnsafeMutablePointer<UInt32>, let scratch = scratch as? UnsafeMutablePointer<UInt32> {
      ArrayKernels.sort(count: count, keys, scratch: scratch)
    } else {
      RadixSort.sort(keys, scratch, count: count) { $0 }
    }
  }

  /// Every row's order, as int64.
  static func orderRows(_ x: Tensor) throws(GraphError) -> Tensor {
    switch x.dtype {
    case .float32: try orderRows(x, Float.self)
    case .float64: try orderRows(x, Double.self)
    case .int32: try orderRows(x, Int32.self)
    case .int64: try orderRows(x, Int64.self)
    default: try orderRows(x, UInt64.self)
    }
  }

  private static func orderRows<T: SortableLane>(_ x: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    let length = x.shape.last ?? 1
    try requireCountable(length)
    let scratch = try TensorStorage.allocate(byteCount: 2 * length * MemoryLayout<PlacedKey<T.Key>>.stride)
    return try makeTensor(x.shape, of: Int64.self) { target in
      guard length > 0 else { return }
      let items = scratch.base.assumingMemoryBound(to: PlacedKey<T.Key>.self)
      x.read(T.self) { source in
        for start in stride(from: 0, to: x.count, by: length) {
          for i in 0..<length {
            items[i] = PlacedKey(key: source[start + i].orderKey, place: T.Key(truncatingIfNeeded: i))
          }
          RadixSort.sort(items, items + length, count: length) { $0.key }
          for i in 0..<length { target[start + i] = Int64(truncatingIfNeeded: items[i].place) }
        }
      }
      withExtendedLifetime(scratch) {}
    }
  }

  /// Positions are counted in 32 bits.
  private static func requireCountable(_ length: Int) throws(GraphError) {
    guard length < Int(Int32.max) else {
      throw GraphError(.limitExceeded, "too many elements to sort", expected: "less than 2^31", found: "\(length)")
    }
  }

  /// The order by several keys along their last axis, the last key first.
  static func lexsort(_ keys: [Tensor], axis: Int) throws(GraphError) -> Tensor {
    guard let first = keys.first else {
      throw GraphError(.inputMissing, "need sequence of keys with len > 0 in lexsort")
    }
    let axis = try normalizedAxis(axis, rank: first.rank)
    var order: Tensor?
    for key in keys {
      guard key.shape == first.shape else {
        throw GraphError(
          .shapeMismatch, "keys of lexsort must have the same shape", expected: "\(first.shape)", found: "\(key.shape)")
      }
      guard let last = order else {
        order = try argsort(key, axis: axis)
        continue
      }
      let next = try argsort(Taking.takeAlongAxis(key, last, axis: axis), axis: axis)
      order = try Taking.takeAlongAxis(last, next, axis: axis)
    }
    return order ?? first
  }
}
