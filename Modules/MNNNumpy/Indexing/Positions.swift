import MNNGraph

/// Where elements are.
enum Positions {
  /// The positions of the elements that are not zero, in row-major order: one int64 vector per axis.
  static func nonzero(_ x: Tensor) throws(GraphError) -> [Tensor] {
    let flat = try flatNonzero(x)
    if x.rank <= 1 { return [flat] }
    let strides = rowMajorStrides(x.shape)
    var result: [Tensor] = []
    for axis in x.shape.indices {
      let (stride, size) = (Int64(max(strides[axis], 1)), Int64(max(x.shape[axis], 1)))
      result.append(try mapped(flat, Int64.self, to: Int64.self) { $0 / stride % size })
    }
    return result
  }

  /// The same in the flattened array.
  static func flatNonzero(_ x: Tensor) throws(GraphError) -> Tensor {
    let truths = try x.cast(to: .bool)
    let count = truths.count
    return try truths.storageAlive { source throws(GraphError) in
      var found = 0
      for i in 0..<count { found &+= Int(source[i]) }
      return try makeTensor([found], of: Int64.self) { target in
        var position = 0
        var i = 0
        while position < found {
          // Without a branch: the place is written again until an element holds.
          target[position] = Int64(i)
          position &+= Int(source[i])
          i &+= 1
        }
      }
    }
  }

  /// The rows of positions: `[n, rank]`.
  static func rows(_ x: Tensor) throws(GraphError) -> Tensor {
    let columns = try x.rank == 0 ? [] : nonzero(x)
    if x.rank == 0 {
      let holds = try flatNonzero(x).count
      return try Tensor(uninitialized: .int64, shape: [holds, 0])
    }
    let count = columns[0].count
    return try makeTensor([count, columns.count], of: Int64.self) { target in
      for (axis, column) in columns.enumerated() {
        column.read(Int64.self) { source in
          for i in 0..<count { target[i * columns.count + axis] = source[i] }
        }
      }
    }
  }
}

extension Tensor {
  /// The bytes during a `body` that throws.
  @inline(__always)
  func storageAlive<R>(_ body: (UnsafePointer<UInt8>) throws(GraphError) -> R) throws(GraphError) -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafePointer(rawBase.assumingMemoryBound(to: UInt8.self)))
  }
}
