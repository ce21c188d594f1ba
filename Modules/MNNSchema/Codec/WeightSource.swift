import MNNGraph

/// Where a model's weights lie: in the file itself, or in one beside it.
struct WeightSource {
  /// The external file; nil if there is none.
  let external: MappedFile?

  /// Borrowed float32 weights.
  func floats(_ vector: WireVector<Float>, _ shape: [Int]) throws(FormatError) -> Tensor {
    try tensor(vector.block, .float32, shape)
  }

  /// Borrowed elements of a vector in the file.
  func tensor(_ block: WireBlock, _ dtype: DType, _ shape: [Int]) throws(FormatError) -> Tensor {
    try borrowed(
      block.withUnsafeBytes { $0 }, from: block.storage.keeper, dtype, shape)
  }

  /// Borrowed elements of the external file.
  func external(offset: Int64, byteCount: Int64, _ dtype: DType, _ shape: [Int]) throws(FormatError) -> Tensor {
    let (bytes, file) = try externalBytes(offset: offset, byteCount: byteCount)
    return try borrowed(bytes, from: file, dtype, shape)
  }

  func externalBytes(offset: Int64, byteCount: Int64) throws(FormatError) -> (UnsafeRawBufferPointer, MappedFile) {
    guard let external else {
      throw FormatError(
        .externalDataInvalid, "the model's weights are in another file, which was not found",
        expected: "the model's path with \".weight\" added",
        advice: "put the weights beside the model, or name their file")
    }
    guard offset >= 0, byteCount >= 0, let end = Optional(offset.addingReportingOverflow(byteCount)), !end.overflow,
      end.partialValue <= external.byteCount
    else {
      throw FormatError(
        .externalDataInvalid, "the file of external weights is too short",
        expected: "\(byteCount) bytes at \(offset)", found: "\(external.byteCount) bytes in \(external.path)",
        advice: "fetch or convert the model and its weights again")
    }
    return (UnsafeRawBufferPointer(rebasing: external.bytes[Int(offset)..<Int(end.partialValue)]), external)
  }

  private func borrowed(
    _ bytes: UnsafeRawBufferPointer, from owner: any AnyObject & Sendable, _ dtype: DType, _ shape: [Int]
  ) throws(FormatError) -> Tensor {
    do throws(GraphError) {
      let count = try checkedElementCount(shape)
      guard bytes.count == count * dtype.byteCount else {
        throw GraphError(
          .shapeMismatch, "wrong number of elements", expected: "\(count) for \(shape)",
          found: "\(bytes.count / dtype.byteCount)")
      }
      // Offsets in the external file need not be multiples of the element's size.
      if Int(bitPattern: bytes.baseAddress) % dtype.byteCount != 0 {
        let copy = try Tensor(uninitialized: dtype, shape: shape)
        copy.mutableBytes.copyMemory(from: bytes)
        return copy
      }
      return try Tensor(dtype: dtype, shape: shape, storage: .borrowing(bytes, from: owner))
    } catch { throw FormatError(error, .lengthMismatch) }
  }
}
