#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An immutable array of numbers: element type, sizes, and row-major bytes that copies share.
public struct Tensor: Sendable {
  public let dtype: DType
  /// The size of each axis, outermost first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  package private(set) var storage: TensorStorage
  package private(set) var byteOffset: Int

  /// A tensor over existing bytes. Throws if `storage` is too short for it.
  package init(dtype: DType, shape: [Int], storage: TensorStorage, byteOffset: Int = 0) throws(GraphError) {
    let count = try checkedElementCount(shape)
    let (end, overflow) = dtype.byteCount(of: count).addingReportingOverflow(byteOffset)
    guard !overflow, byteOffset >= 0, end <= storage.byteCount else {
      throw GraphError(
        .shapeMismatch, "bytes do not fill a tensor of shape \(shape) and type \(dtype)",
        expected: "\(dtype.byteCount(of: count)) bytes", found: "\(storage.byteCount - byteOffset)")
    }
    self.dtype = dtype
    self.shape = shape
    self.count = count
    self.storage = storage
    self.byteOffset = byteOffset
  }

  /// A tensor whose bytes `body` writes. They are not zeroed before.
  public init<E: Error>(
    dtype: DType, shape: [Int], initializingWith body: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws {
    self = try Tensor(uninitialized: dtype, shape: shape)
    try body(UnsafeMutableRawBufferPointer(start: storage.base, count: byteCount))
  }

  /// A tensor whose bytes are yet to be written, by the caller alone, before it is shared.
  package init(uninitialized dtype: DType, shape: [Int]) throws(GraphError) {
    let count = try checkedElementCount(shape)
    guard !dtype.isPacked else {
      throw GraphError(
        .dtypeUnsupported, "packed elements cannot be written one by one", expected: "a type of whole bytes", found: "\(dtype)",
        advice: "use int8")
    }
    try self.init(dtype: dtype, shape: shape, storage: TensorStorage.allocate(byteCount: count * dtype.byteCount))
  }

  /// A tensor of `scalars` in row-major order. Throws if their number is not that of `shape`.
  public init<T: TensorScalar>(shape: [Int], scalars: [T]) throws(GraphError) {
    try self.init(uninitialized: T.dtype, shape: shape)
    guard scalars.count == count else {
      throw GraphError(
        .shapeMismatch, "scalars do not fill the shape \(shape)", expected: "\(count)", found: "\(scalars.count)")
    }
    _ = unsafeMutable(as: T.self).update(fromContentsOf: scalars)
  }

  /// A tensor of rank 0.
  public init<T: TensorScalar>(_ scalar: T) throws(GraphError) {
    try self.init(shape: [], scalars: [scalar])
  }

  /// A vector.
  public init<T: TensorScalar>(_ scalars: [T]) throws(GraphError) {
    try self.init(shape: [scalars.count], scalars: scalars)
  }

  /// A tensor of zero bytes.
  public static func zeros(_ dtype: DType, _ shape: [Int]) throws(GraphError) -> Tensor {
    let result = try Tensor(uninitialized: dtype, shape: shape)
    result.mutableBytes.initializeMemory(as: UInt8.self, repeating: 0)
    return result
  }

  public var rank: Int { shape.count }
  public var byteCount: Int { dtype.byteCount(of: count) }
  public var type: TensorType { TensorType(dtype, Shape(shape)) }

  /// The row-major bytes, valid during `body`.
  public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(start: storage.base + byteOffset, count: byteCount))
  }

  /// The elements in row-major order, converted to `T` if they are of another type.
  /// Conversion truncates towards zero and saturates.
  public func scalars<T: TensorScalar>(as type: T.Type = T.self) throws(GraphError) -> [T] {
    if T.dtype == dtype {
      return withUnsafeBytes { bytes in
        [T](unsafeUninitializedCapacity: count) { buffer, initialized in
          UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<byteCount]))
          initialized = count
        }
      }
    }
    if dtype.isPacked {
      let codes = unpackedScalars()
      return codes as? [T] ?? codes.map { T(converting: Int64($0)) }
    }
    return try dtype.withScalarType { source throws(GraphError) in convertScalars(source, to: T.self) }
  }

  private func convertScalars<S: TensorScalar, T: TensorScalar>(_: S.Type, to: T.Type) -> [T] {
    withUnsafeBytes { bytes in
      let throughInteger = S.dtype.isInteger && T.dtype.isInteger
      return (0..<count).map { i in
        let x = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<S>.stride, as: S.self)
        if let wide = x as? UInt64, T.dtype == .int64 { return T(converting: Int64(clamping: wide)) }
        return throughInteger ? T(converting: x.asInt64) : T(converting: x.asDouble)
      }
    }
  }

  /// The same elements under another shape of equal count.
  public func reshaped(_ shape: [Int]) throws(GraphError) -> Tensor {
    let count = try checkedElementCount(shape)
    guard count == self.count else {
      throw GraphError(
        .shapeMismatch, "cannot reshape", expected: "\(self.count) elements as in \(self.shape)", found: "\(shape)")
    }
    return try Tensor(dtype: dtype, shape: shape, storage: storage, byteOffset: byteOffset)
  }

  /// The elements converted to `dtype`: truncating and saturating to integers, `x != 0` to bool.
  public func converted(to dtype: DType) throws(GraphError) -> Tensor {
    if dtype == self.dtype { return self }
    if dtype.isPacked { return try saturated(to: dtype) }
    return try dtype.withScalarType { target throws(GraphError) in try converted(toType: target) }
  }

  private func converted<T: TensorScalar>(toType: T.Type) throws(GraphError) -> Tensor {
    try Tensor(shape: shape, scalars: scalars(as: T.self))
  }
}

extension Tensor {
  /// The bytes for reading and, before the tensor is shared, writing.
  package var mutableBytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: storage.base + byteOffset, count: byteCount)
  }

  /// Typed elements before the tensor is shared. The storage must be allocated here (aligned) and of type `T`.
  package func unsafeMutable<T: TensorScalar>(as type: T.Type) -> UnsafeMutableBufferPointer<T> {
    UnsafeMutableBufferPointer(start: (storage.base + byteOffset).assumingMemoryBound(to: T.self), count: count)
  }

  /// Writes over the bytes, which are copied before if another tensor shares them or a file lends them.
  ///
  /// - Throws: what `body` throws, or ``GraphError/Code/outOfMemory``.
  package mutating func modifyBytes<R>(
    _ body: (UnsafeMutableRawBufferPointer) throws(GraphError) -> R
  ) throws(GraphError) -> R {
    if !storage.isOwned || !isKnownUniquelyReferenced(&storage) {
      let copy = try TensorStorage.allocate(byteCount: byteCount)
      copy.base.copyMemory(from: storage.base + byteOffset, byteCount: byteCount)
      storage = copy
      byteOffset = 0
    }
    defer { withExtendedLifetime(storage) {} }
    return try body(mutableBytes)
  }

  /// True if both share the same bytes and the same type.
  package func isIdentical(to other: Tensor) -> Bool {
    storage.base == other.storage.base && byteOffset == other.byteOffset && dtype == other.dtype && shape == other.shape
  }
}

extension Tensor: Hashable {
  /// Bitwise: NaNs of equal bits are equal, 0 and -0 are not.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    if a.isIdentical(to: b) { return true }
    guard a.dtype == b.dtype, a.shape == b.shape else { return false }
    return a.withUnsafeBytes { x in
      b.withUnsafeBytes { y in
        guard let p = x.baseAddress, let q = y.baseAddress else { return true }
        return memcmp(p, q, x.count) == 0
      }
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(dtype)
    hasher.combine(shape)
    withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.prefix(256))) }
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String {
    let shown = (try? scalars(as: Double.self))?.prefix(8).map { "\($0)" }.joined(separator: ", ") ?? ""
    return "\(dtype)\(shape): \(shown)\(count > 8 ? ", …" : "")"
  }
}
