extension Tensor {
  /// Reads a `.npy` file. Nothing stays in the file, which may change as soon as this returns.
  ///
  /// - Throws: ``GraphError`` naming the file.
  public init(contentsOfNPY path: String) throws(GraphError) {
    let file = try MappedFile(path)
    do throws(GraphError) {
      self = try Tensor(npy: file.bytes, owner: file.isMapped ? nil : file)
      try file.check()
    } catch {
      var error = error
      if error.file == nil { error.file = path }
      throw error
    }
  }

  /// A tensor from the bytes of a `.npy` file, which are copied.
  public init(npy bytes: [UInt8]) throws(GraphError) {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(GraphError) in try Tensor(npy: buffer, owner: nil) }
    }
    self = try result.get()
  }

  package init(npy bytes: UnsafeRawBufferPointer, owner: (any AnyObject & Sendable)?) throws(GraphError) {
    let (header, offset) = try NPYHeader.read(bytes)
    let width = header.dtype.byteCount
    let byteCount = try checkedElementCount(header.shape) * width
    guard byteCount <= bytes.count - offset else {
      throw GraphError(
        .arrayFileInvalid, "the array is cut short", expected: "\(byteCount) bytes for shape \(header.shape)",
        found: "\(bytes.count - offset)")
    }
    let elements = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + byteCount])
    let swaps = header.isBigEndian && width > 1
    let isColumnMajor = header.isFortranOrder && header.shape.count > 1
    let isAligned = UInt(bitPattern: elements.baseAddress) % UInt(width) == 0
    if let owner, !swaps, !isColumnMajor, isAligned, header.dtype != .bool, byteCount > 0 {
      try self.init(dtype: header.dtype, shape: header.shape, storage: .borrowing(elements, from: owner))
      return
    }
    try self.init(uninitialized: header.dtype, shape: header.shape)
    let target = mutableBytes
    if isColumnMajor {
      let strides = Array(rowMajorStrides(header.shape.reversed()).reversed())
      Region(
        size: header.shape, source: View(strides: strides), target: View(strides: rowMajorStrides(header.shape))
      ).copy(from: elements, to: target, width: width)
    } else {
      target.copyMemory(from: elements)
    }
    if swaps {
      for start in stride(from: 0, to: byteCount, by: width) {
        for i in 0..<width / 2 { target.swapAt(start + i, start + width - 1 - i) }
      }
    }
    if header.dtype == .bool {  // any byte but 0 and 1 would not be a Bool
      for i in target.indices where target[i] > 1 { target[i] = 1 }
    }
  }

  /// The bytes of a `.npy` file (version 1.0, little-endian, row-major). `bfloat16` is written as float32, packed
  /// elements as int8.
  public func npyData() throws(GraphError) -> [UInt8] {
    if dtype == .bfloat16 { return try converted(to: .float32).npyData() }
    if dtype.isPacked { return try unpacked().npyData() }
    var result = try NPYHeader(dtype: dtype, isBigEndian: false, isFortranOrder: false, shape: shape).encoded()
    withUnsafeBytes { result.append(contentsOf: $0) }
    return result
  }

  /// Writes a `.npy` file, complete or not at all.
  public func writeNPY(to path: String) throws(GraphError) {
    if dtype == .bfloat16 { return try converted(to: .float32).writeNPY(to: path) }
    if dtype.isPacked { return try unpacked().writeNPY(to: path) }
    var file = try AtomicFile(path)
    try file.write(try NPYHeader(dtype: dtype, isBigEndian: false, isFortranOrder: false, shape: shape).encoded())
    try withUnsafeBytes { bytes throws(GraphError) in try file.write(bytes) }
    try file.commit(from: storage.mappedFile.map { [$0] } ?? [])
  }
}
