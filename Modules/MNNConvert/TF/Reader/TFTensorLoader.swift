import MNNGraph

extension DType {
  /// The type that a number of `DataType` means.
  init(tensorFlow number: Int, of what: String) throws(ImportError) {
    let types: [Int: DType] = [
      1: .float32, 2: .float64, 3: .int32, 4: .uint8, 5: .int16, 6: .int8, 9: .int64, 10: .bool, 14: .bfloat16, 17: .uint16,
      19: .float16, 22: .uint32, 23: .uint64,
    ]
    guard let type = types[number] else {
      let names = [7: "DT_STRING", 8: "DT_COMPLEX64", 18: "DT_COMPLEX128", 20: "DT_RESOURCE", 21: "DT_VARIANT"]
      throw ImportError(
        .unsupportedType, "\(what) has an element type that there are no tensors of", found: names[number] ?? "type \(number)")
    }
    self = type
  }
}

/// Makes tensors of a graph's constants. Data that lies ready in the file is borrowed, not copied.
struct TFTensorLoader {
  let file: MappedFile

  func load(_ tensor: TFTensor, named name: String) throws(ImportError) -> Tensor {
    let what = "constant \"\(name)\""
    let dtype = try DType(tensorFlow: tensor.type, of: what)
    do throws(GraphError) {
      let count = try checkedElementCount(tensor.shape)
      if let content = tensor.content, !content.isEmpty {
        guard content.count == count.saturatingMultiply(dtype.byteCount) else {
          throw GraphError(
            .shapeMismatch, "its data does not fill its shape \(tensor.shape)",
            expected: "\(count.saturatingMultiply(dtype.byteCount)) bytes", found: "\(content.count)")
        }
        let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[content])
        if dtype != .bool, UInt(bitPattern: bytes.baseAddress) % UInt(dtype.byteCount) == 0 {
          return try Tensor(dtype: dtype, shape: tensor.shape, storage: .borrowing(bytes, from: file))
        }
        try WorkBudget.current?.spend(Work(operations: bytes.count, bytes: bytes.count), on: .unpacking)
        let copy = try Tensor(uninitialized: dtype, shape: tensor.shape)
        let target = copy.mutableBytes
        target.copyMemory(from: bytes)
        if dtype == .bool { for i in target.indices { target[i] = target[i] == 0 ? 0 : 1 } }
        return copy
      }
      // A few stored values must not make gigabytes.
      try WorkBudget.current?.spend(
        Work(operations: count, bytes: count.saturatingMultiply(8 + dtype.byteCount)), on: .unpacking)
      return try dtype.isFloatingPoint ? floats(tensor, dtype, count) : integers(tensor, dtype, count)
    } catch {
      throw ImportError(
        error.code == .workExceeded ? .workExceeded : .invalidTensor, "\(what) is not valid: \(error.what)",
        expected: error.expected, found: error.found, advice: error.advice)
    }
  }

  /// The last value stands for all that follow; none at all for zeros.
  private func filled<T>(_ values: [T], _ zero: T, _ count: Int) throws(GraphError) -> [T] {
    guard values.count <= max(count, 1) else {
      throw GraphError(.shapeMismatch, "it has too many values", expected: "\(count)", found: "\(values.count)")
    }
    let last = values.last ?? zero
    return Array(values.prefix(count)) + [T](repeating: last, count: max(count - values.count, 0))
  }

  private func integers(_ tensor: TFTensor, _ dtype: DType, _ count: Int) throws(GraphError) -> Tensor {
    var values: [Int64] = []
    for part in tensor.values { values += try varints(part.range) }
    let all = try filled(values, 0, count)
    if dtype == .uint64 { return try Tensor(shape: tensor.shape, scalars: all.map { UInt64(bitPattern: $0) }) }
    return try Tensor(shape: tensor.shape, scalars: all).converted(to: dtype)
  }

  private func floats(_ tensor: TFTensor, _ dtype: DType, _ count: Int) throws(GraphError) -> Tensor {
    if dtype == .float16 || dtype == .bfloat16 {
      var bits: [UInt16] = []
      for part in tensor.values { bits += try varints(part.range).map { UInt16(truncatingIfNeeded: $0) } }
      let all = try filled(bits, 0, count)
      let result = try Tensor(uninitialized: dtype, shape: tensor.shape)
      let target = result.mutableBytes
      for (i, bit) in all.enumerated() { target.storeBytes(of: bit.littleEndian, toByteOffset: 2 * i, as: UInt16.self) }
      return result
    }
    let size = dtype.byteCount
    var values: [Double] = []
    for part in tensor.values {
      for at in stride(from: part.range.lowerBound, through: part.range.upperBound - size, by: size) {
        values.append(
          size == 4
            ? Double(Float(bitPattern: UInt32(littleEndian: file.bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))))
            : Double(bitPattern: UInt64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))))
      }
    }
    return try Tensor(shape: tensor.shape, scalars: filled(values, 0, count)).converted(to: dtype)
  }

  private func varints(_ range: Range<Int>) throws(GraphError) -> [Int64] {
    do throws(ImportError) { return try read(range) } catch { throw GraphError(.shapeMismatch, error.problem) }
  }

  // A function of its own: an array that grows within the do statement ends Swift 6.3's optimizer.
  private func read(_ range: Range<Int>) throws(ImportError) -> [Int64] {
    var cursor = WireCursor(range)
    var values: [Int64] = []
    while cursor.position < cursor.end { values.append(Int64(bitPattern: try cursor.varint(in: file.bytes.bytes))) }
    return values
  }
}
