/// Integers of fewer than eight bits, which share bytes.
///
/// Element `k` of a tensor, in row-major order, is the bits `k * bitCount ..< (k + 1) * bitCount`, counted from the least
/// significant bit of the first byte; signed types are in two's complement. Nothing lies between rows; the bits that are left of
/// the last byte are zero. For 2 and 4 bits this is ONNX's order.
///
/// Such tensors are constants that wait to be dequantized: no operator makes them, and only those that say so
/// (``Operator/readsPackedElements``) take them.
extension DType {
  /// True for the integers narrower than a byte.
  public var isPacked: Bool { bitCount < 8 }

  /// Bits of one element, as a tensor stores it.
  public var bitCount: Int {
    switch self {
    case .int2, .uint2: 2
    case .int3: 3
    case .int4, .uint4: 4
    case .int5: 5
    case .int6: 6
    case .int7: 7
    default: byteCount * 8
    }
  }

  /// Bytes of `count` elements, which is at most what ``checkedElementCount(_:)`` lets pass.
  package func byteCount(of count: Int) -> Int {
    isPacked ? count / 8 * bitCount + (count % 8 * bitCount + 7) / 8 : count * byteCount
  }

  /// The signed integers of some bits, 2 to 8; nil for other numbers.
  public static func signedInteger(bits: Int) -> DType? {
    let types: [DType] = [.int2, .int3, .int4, .int5, .int6, .int7, .int8]
    return types.first { $0.bitCount == bits }
  }

  /// What a packed type or a byte holds.
  var codeRange: ClosedRange<Int> {
    let size = 1 << bitCount  // fits: at most 8
    return isSignedInteger ? -(size / 2)...(size / 2 - 1) : 0...(size - 1)  // ordered: a size of at least 4
  }
}

extension Tensor {
  /// A tensor of `dtype`, packed or int8, of integers in row-major order.
  ///
  /// - Throws: ``GraphError`` if their number is not that of `shape`, or one does not fit.
  public init(packing codes: [Int8], as dtype: DType, shape: [Int]) throws(GraphError) {
    self = try Tensor(shape: shape, scalars: codes).packed(as: dtype)
  }

  /// The same numbers as elements of a packed type. Throws if one does not fit.
  ///
  /// The tensor must be of int8; for int8 itself it stays as it is.
  package func packed(as dtype: DType) throws(GraphError) -> Tensor {
    try requireSame(.int8, self.dtype, "the type to pack")
    if dtype == .int8 { return self }
    guard dtype.isPacked else { return try converted(to: dtype) }
    let result = try Tensor(
      dtype: dtype, shape: shape, storage: TensorStorage.allocate(byteCount: dtype.byteCount(of: count)))
    let wrong = withUnsafeBytes { Tensor.pack($0.bindMemory(to: Int8.self), as: dtype, into: result.mutableBytes) }
    if let wrong {
      throw GraphError(.indexOutOfRange, "a number does not fit \(dtype)", expected: "\(dtype.codeRange)", found: "\(wrong)")
    }
    return result
  }

  /// Writes codes one after the other; returns one that does not fit, if there is one.
  private static func pack(_ codes: UnsafeBufferPointer<Int8>, as dtype: DType, into target: UnsafeMutableRawBufferPointer)
    -> Int8?
  {
    let (bits, range) = (dtype.bitCount, dtype.codeRange)
    let mask = UInt32(truncatingIfNeeded: (1 << bits) - 1)
    var (pending, filled, position) = (UInt32(0), 0, 0)
    for code in codes {
      guard range.contains(Int(code)) else { return code }
      pending |= (UInt32(truncatingIfNeeded: code) & mask) << UInt32(truncatingIfNeeded: filled)
      filled += bits
      guard filled >= 8 else { continue }
      target[position] = UInt8(truncatingIfNeeded: pending)
      (pending, filled, position) = (pending >> 8, filled - 8, position + 1)
    }
    if filled > 0 { target[position] = UInt8(truncatingIfNeeded: pending) }
    return nil
  }

  /// Numbers of any type as elements of a packed one, cut to what it holds.
  func saturated(to dtype: DType) throws(GraphError) -> Tensor {
    let range = dtype.codeRange
    let codes = try scalars(as: Int8.self).map { Int8(clamping: min(max(Int($0), range.lowerBound), range.upperBound)) }
    return try Tensor(packing: codes, as: dtype, shape: shape)
  }

  /// The elements of a packed tensor, one by one.
  func unpackedScalars() -> [Int8] {
    let (bits, isSigned) = (dtype.bitCount, dtype.isSignedInteger)
    let shift = UInt8(truncatingIfNeeded: 8 - bits)
    return withUnsafeBytes { bytes in
      [Int8](unsafeUninitializedCapacity: count) { result, initialized in
        var (pending, available, position) = (UInt32(0), 0, 0)
        for i in 0..<count {
          if available < bits {
            pending |= UInt32(bytes[position]) << UInt32(truncatingIfNeeded: available)
            available += 8
            position += 1
          }
          let top = UInt8(truncatingIfNeeded: pending) << shift
          result[i] = isSigned ? Int8(bitPattern: top) >> Int8(bitPattern: shift) : Int8(bitPattern: top >> shift)
          pending >>= UInt32(truncatingIfNeeded: bits)
          available -= bits
        }
        initialized = count
      }
    }
  }

  /// The same numbers one to a byte: int8 for packed types, else the tensor itself.
  package func unpacked() throws(GraphError) -> Tensor {
    dtype.isPacked ? try Tensor(shape: shape, scalars: unpackedScalars()) : self
  }
}
