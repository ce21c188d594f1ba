import MNNGraph

/// The different elements of an array, sorted.
struct Uniqueness {
  let values: Tensor
  /// Where each value occurs first, in the flattened array.
  let firstPositions: Tensor
  /// Which value each element of the flattened array is.
  let inverse: Tensor
  let counts: Tensor

  /// NaNs count as equal if `equalNaN`.
  init(_ x: Tensor, equalNaN: Bool) throws(GraphError) {
    let flat = try x.reshaped([x.count])
    let order = try Sorting.orderRows(flat.lanes(of: flat.dtype))
    let sorted = try Taking.take(flat, order, axis: 0, mode: .raise)
    let starts = try Uniqueness.starts(sorted.lanes(of: sorted.dtype), equalNaN: equalNaN)
    let n = starts.count
    let count = x.count
    values = try Taking.take(sorted, Tensor(starts.map { Int64($0) }), axis: 0, mode: .raise)
    firstPositions = try Taking.take(order, Tensor(starts.map { Int64($0) }), axis: 0, mode: .raise)
    counts = try Tensor((0..<n).map { Int64(($0 + 1 < n ? starts[$0 + 1] : count) - starts[$0]) })
    inverse = try makeTensor([count], of: Int64.self) { target in
      order.read(Int64.self) { order in
        for group in 0..<n {
          for i in starts[group]..<(group + 1 < n ? starts[group + 1] : count) { target[Int(order[i])] = Int64(group) }
        }
      }
    }
  }

  /// Where a new value begins in sorted lanes.
  private static func starts(_ sorted: Tensor, equalNaN: Bool) throws(GraphError) -> [Int] {
    switch sorted.dtype {
    case .float32: starts(sorted, Float.self, equalNaN)
    case .float64: starts(sorted, Double.self, equalNaN)
    case .int32: starts(sorted, Int32.self, equalNaN)
    case .int64: starts(sorted, Int64.self, equalNaN)
    default: starts(sorted, UInt64.self, equalNaN)
    }
  }

  private static func starts<T: Lane>(_ x: Tensor, _: T.Type, _ equalNaN: Bool) -> [Int] {
    x.read(T.self) { p in
      (0..<x.count).filter { $0 == 0 || p[$0] != p[$0 - 1] && !(equalNaN && p[$0].isNaNLane && p[$0 - 1].isNaNLane) }
    }
  }

  /// The values alone.
  static func values(_ x: Tensor, equalNaN: Bool = true) throws(GraphError) -> Tensor {
    let sorted = try Sorting.sortRows(x.reshaped([x.count]).lanes(of: x.dtype))
    switch sorted.dtype {
    case .float32: return try values(sorted, Float.self, equalNaN).cast(to: x.dtype)
    case .float64: return try values(sorted, Double.self, equalNaN).cast(to: x.dtype)
    case .int32: return try values(sorted, Int32.self, equalNaN).cast(to: x.dtype)
    case .int64: return try values(sorted, Int64.self, equalNaN).cast(to: x.dtype)
    default: return try values(sorted, UInt64.self, equalNaN).cast(to: x.dtype)
    }
  }

  /// Moves the first of equals together, in the memory of the sorted array, which is not shared.
  private static func values<T: Lane>(_ sorted: Tensor, _: T.Type, _ equalNaN: Bool) throws(GraphError) -> Tensor {
    let count = sorted.count
    guard count > 0 else { return sorted }
    let p = sorted.target(T.self)
    var kept = 1
    var last = p[0]
    for i in 1..<max(count, 1) {
      let next = p[i]
      p[kept] = next
      kept &+= next != last ? 1 : 0
      last = next
    }
    if T.self == Float.self || T.self == Double.self, equalNaN {
      while kept > 1, p[kept - 1].isNaNLane, p[kept - 2].isNaNLane { kept -= 1 }
    }
    return try Strided(sorted, shape: [kept], strides: [1]).tensor()
  }
}

/// Where values belong in a sorted array.
enum Searching {
  /// The position before (`right`: after) the equals of each value. Both have one type; `sorter` puts `x` in order.
  static func searchsorted(
    _ x: Tensor, _ values: Tensor, right: Bool
  ) throws(GraphError) -> Tensor {
    guard x.rank == 1 else {
      throw GraphError(.rankMismatch, "searchsorted needs a vector", expected: "1 axis", found: "\(x.rank)")
    }
    let (sorted, wanted) = (try x.lanes(of: x.dtype), try values.lanes(of: values.dtype))
    switch sorted.dtype {
    case .float32: return try search(sorted, wanted, Float.self, right)
    case .float64: return try search(sorted, wanted, Double.self, right)
    case .int32: return try search(sorted, wanted, Int32.self, right)
    case .int64: return try search(sorted, wanted, Int64.self, right)
    default: return try search(sorted, wanted, UInt64.self, right)
    }
  }

  private static func search<T: SortableLane>(
    _ x: Tensor, _ values: Tensor, _: T.Type, _ right: Bool
  ) throws(GraphError) -> Tensor {
    let count = x.count
    return try x.storageAlive { _ throws(GraphError) in
      let sorted = UnsafePointer(x.target(T.self))
      return try mapped(values, T.self, to: Int64.self) { value in
        let key = value.orderKey
        var (low, high) = (0, count)
        while low < high {
          let middle = (low + high) / 2
          let here = sorted[middle].orderKey
          if right ? here <= key : here < key { low = middle + 1 } else { high = middle }
        }
        return Int64(low)
      }
    }
  }
}
