import CKernels
package import MNNGraph

/// Computes one operator on tensors at once, without a graph or a plan: for arrays so small that planning would cost more than
/// computing. Every function gives nil where there is no kernel for the types; the caller then takes the long way.
package struct DirectKernels: Sendable {
  let isa: UInt32
  let threads: Int32

  package init(_ processor: Processor, threads: Int) {
    isa = processor.isa
    self.threads = Int32(clamping: threads)
  }

  /// A function of every element.
  package func unary(_ function: ScalarFunction, _ x: Tensor) throws(GraphError) -> Tensor? {
    guard let typed = TypedFunction(function, x.dtype) else { return nil }
    let y = try Tensor(uninitialized: function.kind.givesBool ? .bool : x.dtype, shape: x.shape)
    defer { withExtendedLifetime(x) {} }
    typed(isa, count: x.count, x.base, y.mutableBase, threads)
    return y
  }

  /// A function of two tensors of one type that broadcast to each other.
  package func binary(_ function: Binary.Function, _ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor? {
    guard a.dtype == b.dtype, let kind = function.kernel(for: a.dtype) else { return nil }
    return try broadcast(a, b, to: a.dtype) { rank, sizes, x, sx, y, sy, z in
      run(kind, a.dtype, rank, sizes, x, sx, y, sy, z)
    }
  }

  private func run(
    _ kind: ck_binary_kind, _ dtype: DType, _ rank: Int, _ sizes: UnsafePointer<Int>, _ x: UnsafeRawPointer,
    _ sx: UnsafePointer<Int>, _ y: UnsafeRawPointer, _ sy: UnsafePointer<Int>, _ z: UnsafeMutableRawPointer
  ) {
    TypedKernels.binary(isa, kind, dtype, rank, sizes, x, sx, y, sy, z, threads)
  }

  /// A function of a tensor and a number, in the tensor's type; nil if it cannot hold the number.
  package func binary(
    _ function: Binary.Function, _ x: Tensor, number: Double, numberIsFirst: Bool
  ) throws(GraphError) -> Tensor? {
    guard let kind = function.kernel(for: x.dtype) else { return nil }
    switch x.dtype {
    case .float32: return try binary(kind, x, Float(number), numberIsFirst)
    case .float64: return try binary(kind, x, number, numberIsFirst)
    case .int32: return try Int32(exactly: number).flatMap { n throws(GraphError) in try binary(kind, x, n, numberIsFirst) }
    case .int64: return try Int64(exactly: number).flatMap { n throws(GraphError) in try binary(kind, x, n, numberIsFirst) }
    default: return nil
    }
  }

  private func binary<T>(
    _ kind: ck_binary_kind, _ x: Tensor, _ number: T, _ numberIsFirst: Bool
  ) throws(GraphError) -> Tensor {
    let result = try Tensor(likeShapeOf: x)
    guard result.count > 0 else { return result }
    defer { withExtendedLifetime(x) {} }
    var (size, number, one, zero) = (x.count, number, 1, 0)
    withUnsafeBytes(of: &number) { bytes in
      guard let scalar = bytes.baseAddress else { return }
      if numberIsFirst {
        run(kind, x.dtype, 1, &size, scalar, &zero, x.base, &one, result.mutableBase)
      } else {
        run(kind, x.dtype, 1, &size, x.base, &one, scalar, &zero, result.mutableBase)
      }
    }
    return result
  }

  /// A comparison of two tensors of one type that broadcast to each other.
  package func compare(_ function: Comparison.Function, _ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor? {
    guard a.dtype == b.dtype, Comparison.kernelTypes.contains(a.dtype) else { return nil }
    let kind = function.kind
    return try broadcast(a, b, to: .bool) { rank, sizes, x, sx, y, sy, z in
      TypedKernels.compare(
        isa, kind, a.dtype, rank, sizes, x, sx, y, sy, z.assumingMemoryBound(to: UInt8.self), threads)
    }
  }

  /// The same numbers in another type.
  package func cast(_ x: Tensor, to dtype: DType) throws(GraphError) -> Tensor {
    if x.dtype == dtype { return x }
    let y = try Tensor(uninitialized: dtype, shape: x.shape)
    defer { withExtendedLifetime(x) {} }
    ck_convert(isa, x.dtype.number, dtype.number, x.count, x.base, y.mutableBase, threads)
    return y
  }
}

extension DirectKernels {
  private typealias Body = (
    _ rank: Int, _ sizes: UnsafePointer<Int>, _ a: UnsafeRawPointer, _ aStrides: UnsafePointer<Int>, _ b: UnsafeRawPointer,
    _ bStrides: UnsafePointer<Int>, _ y: UnsafeMutableRawPointer
  ) -> Void

  /// Lays out the loops over two operands; nil if kernels have too few of them.
  private func broadcast(_ a: Tensor, _ b: Tensor, to dtype: DType, _ body: Body) throws(GraphError) -> Tensor? {
    defer { withExtendedLifetime((a, b)) {} }
    // Most small arrays have one shape or are scalars: one loop, and no list to allocate.
    if a.shape == b.shape || b.count == 1 && b.rank <= a.rank || a.count == 1 && a.rank <= b.rank {
      let larger = a.count == 1 && a.rank <= b.rank ? b : a
      let y = try Tensor(uninitialized: dtype, shape: larger.shape)
      guard y.count > 0 else { return y }
      var (size, strideA, strideB) = (y.count, a.count == 1 ? 0 : 1, b.count == 1 ? 0 : 1)
      body(1, &size, a.base, &strideA, b.base, &strideB, y.mutableBase)
      return y
    }
    if let inner = DirectKernels.suffix(b.shape, of: a.shape) {
      return try rows(a.shape, dtype, inner) { outer, y in
        withPair(outer, inner) { sizes in
          withPair(inner, 1) { full in withPair(0, 1) { row in body(2, sizes, a.base, full, b.base, row, y) } }
        }
      }
    }
    if let inner = DirectKernels.suffix(a.shape, of: b.shape) {
      return try rows(b.shape, dtype, inner) { outer, y in
        withPair(outer, inner) { sizes in
          withPair(inner, 1) { full in withPair(0, 1) { row in body(2, sizes, a.base, row, b.base, full, y) } }
        }
      }
    }
    let shape = try broadcastSizes(a.shape, b.shape)
    let loop = LoopNest(broadcasting: [a.shape, b.shape], to: shape)
    guard loop.rank <= Int(CK_MAX_RANK) else { return nil }
    let y = try Tensor(uninitialized: dtype, shape: shape)
    guard y.count > 0 else { return y }
    body(loop.rank, loop.sizes, a.base, loop.strides[0], b.base, loop.strides[1], y.mutableBase)
    return y
  }
}

extension DirectKernels {
  /// The number of elements of `short` if it is how `long` ends: a row that repeats.
  @inline(__always)
  private static func suffix(_ short: [Int], of long: [Int]) -> Int? {
    guard short.count < long.count else { return nil }
    let lead = long.count - short.count
    var inner = 1
    for i in short.indices {
      guard short[i] == long[lead + i] else { return nil }
      inner *= short[i]
    }
    return inner
  }

  private func rows(
    _ shape: [Int], _ dtype: DType, _ inner: Int, _ body: (Int, UnsafeMutableRawPointer) -> Void
  ) throws(GraphError) -> Tensor {
    let y = try Tensor(uninitialized: dtype, shape: shape)
    if y.count > 0 { body(y.count / inner, y.mutableBase) }
    return y
  }
}

/// Two numbers as a list that needs no allocation.
@inline(__always)
private func withPair(_ a: Int, _ b: Int, _ body: (UnsafePointer<Int>) -> Void) {
  withUnsafeBytes(of: (a, b)) { bytes in
    if let base = bytes.baseAddress { body(base.assumingMemoryBound(to: Int.self)) }
  }
}

/// The sizes to which `a` and `b` broadcast (numpy's rule).
package func broadcastSizes(_ a: [Int], _ b: [Int]) throws(GraphError) -> [Int] {
  if a == b { return a }
  let rank = max(a.count, b.count)
  var result = a.count == rank ? a : b
  for i in 0..<rank {
    let x = i < rank - a.count ? 1 : a[i - (rank - a.count)]
    let y = i < rank - b.count ? 1 : b[i - (rank - b.count)]
    guard x == y || x == 1 || y == 1 else {
      throw GraphError(
        .shapeMismatch, "shapes do not broadcast", expected: "equal sizes or 1 on each axis", found: "\(a) and \(b)")
    }
    result[i] = x == 1 ? y : x
  }
  return result
}

extension Tensor {
  /// Elements yet to be written, of the type and shape of `x`.
  init(likeShapeOf x: Tensor) throws(GraphError) {
    self = try Tensor(uninitialized: x.dtype, shape: x.shape)
  }

  var base: UnsafeRawPointer { UnsafeRawPointer(storage.base + byteOffset) }
  var mutableBase: UnsafeMutableRawPointer { storage.base + byteOffset }
  func elements<T>() -> UnsafePointer<T> { base.assumingMemoryBound(to: T.self) }
  func elements<T>() -> UnsafeMutablePointer<T> { mutableBase.assumingMemoryBound(to: T.self) }
}
