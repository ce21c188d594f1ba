import MNNGraph
import MNNKernels

/// Comparisons and logic: the results are truth values.
enum Comparing {
  static func compare(
    _ f: Comparison.Function, _ a: Tensor, _ b: Tensor, dtype: DType
  ) throws(GraphError) -> Tensor {
    // No type holds all values of both.
    if a.dtype.isInteger, b.dtype.isInteger, dtype == .float64 { return try compareMixed(f, a, b) }
    let x = try a.cast(to: dtype).lanes(of: dtype)
    let y = try b.cast(to: dtype).lanes(of: dtype)
    switch x.dtype {
    case .float32: return try compareFloats(f, x, y)
    case .float64: return try compare(f, x, y, Double.self)
    case .int32: return try compare(f, x, y, Int32.self)
    case .int64: return try compare(f, x, y, Int64.self)
    default: return try compare(f, x, y, UInt64.self)
    }
  }

  private static func compareFloats(
    _ f: Comparison.Function, _ a: Tensor, _ b: Tensor
  ) throws(GraphError) -> Tensor {
    let plan = try BroadcastPlan(a.shape, b.shape)
    let run = plan.run
    return try makeTensor(plan.shape, of: UInt8.self) { z in
      a.read(Float.self) { x in
        b.read(Float.self) { y in
          plan.forEachRun { left, right, target in
            ArrayKernels.compare(f, count: run.count, x + left, step: run.left, y + right, step: run.right, z + target)
          }
        }
      }
    }.reinterpreted(as: .bool)
  }

  private static func compare<T: Lane>(
    _ f: Comparison.Function, _ a: Tensor, _ b: Tensor, _: T.Type
  ) throws(GraphError) -> Tensor {
    switch f {
    case .equal: try zipped(a, b, T.self, to: Bool.self) { $0 == $1 }
    case .notEqual: try zipped(a, b, T.self, to: Bool.self) { $0 != $1 }
    case .less: try zipped(a, b, T.self, to: Bool.self) { $0 < $1 }
    case .lessOrEqual: try zipped(a, b, T.self, to: Bool.self) { $0 <= $1 }
    case .greater: try zipped(a, b, T.self, to: Bool.self) { $0 > $1 }
    case .greaterOrEqual: try zipped(a, b, T.self, to: Bool.self) { $0 >= $1 }
    }
  }

  /// Signed against unsigned 64-bit numbers, exactly: what is not negative in both is compared without sign.
  private static func compareMixed(_ f: Comparison.Function, _ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor {
    func parts(_ x: Tensor) throws(GraphError) -> (sign: Tensor, bits: Tensor) {
      if x.dtype == .uint64 { return (try Tensor.zeros(.int32, x.shape), x) }
      let wide = try x.cast(to: .int64)
      return (
        try mapped(wide, Int64.self, to: Int32.self) { $0 < 0 ? -1 : 0 }, try wide.reinterpreted(as: .uint64)
      )
    }
    let (x, y) = (try parts(a), try parts(b))
    let signs = try compare(strict(f), x.sign, y.sign, Int32.self)
    let same = try compare(.equal, x.sign, y.sign, Int32.self)
    let bits = try compare(f, x.bits, y.bits, UInt64.self)
    return try Selecting.select(same, bits, signs)
  }

  private static func strict(_ f: Comparison.Function) -> Comparison.Function {
    switch f {
    case .lessOrEqual: .less
    case .greaterOrEqual: .greater
    default: f
    }
  }

  enum Logic: Sendable { case and, or, xor }

  static func logic(_ f: Logic, _ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor {
    let (x, y) = (try a.cast(to: .bool), try b.cast(to: .bool))
    switch f {
    case .and: return try zipped(x, y, UInt8.self, to: UInt8.self) { $0 & $1 }.reinterpreted(as: .bool)
    case .or: return try zipped(x, y, UInt8.self, to: UInt8.self) { $0 | $1 }.reinterpreted(as: .bool)
    case .xor: return try zipped(x, y, UInt8.self, to: UInt8.self) { $0 ^ $1 }.reinterpreted(as: .bool)
    }
  }
}

/// Choosing between two arrays by truth values.
enum Selecting {
  /// `condition ? a : b` with broadcasting; `a` and `b` have one type.
  static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor {
    let shape = try broadcastSizes([condition.shape, a.shape, b.shape])
    let result = try Tensor(uninitialized: a.dtype, shape: shape)
    if shape.contains(0) { return result }
    var sizes: [Int] = []
    var strides: [[Int]] = [[], [], []]
    let full = [condition, a, b].map { broadcastStrides($0.shape, to: shape) }
    for axis in shape.indices where shape[axis] != 1 {
      if let last = sizes.indices.last, (0..<3).allSatisfy({ strides[$0][last] == full[$0][axis] * shape[axis] }) {
        sizes[last] *= shape[axis]
        for i in 0..<3 { strides[i][last] = full[i][axis] }
      } else {
        sizes.append(shape[axis])
        for i in 0..<3 { strides[i].append(full[i][axis]) }
      }
    }
    guard sizes.count <= ArrayKernels.maximumRank else {
      throw GraphError(.limitExceeded, "too many axes to broadcast over", expected: "at most 10", found: "\(sizes.count)")
    }
    condition.read(UInt8.self) { c in
      withExtendedLifetime((a.storage, b.storage)) {
        ArrayKernels.select(
          width: a.dtype.byteCount, sizes: sizes, c, strides[0], a.rawBase, strides[1], b.rawBase, strides[2],
          result.rawBase)
      }
    }
    return result
  }
}
