package import MNNGraph

/// Makes tensors of a model's constants. Data that lies ready in a file is borrowed, not copied.
package final class ONNXTensorLoader {
  private let file: MappedFile
  private let external: ONNXExternalData
  /// What was unpacked, by where it lies: a constant that is asked for again, by a function inlined twice, is shared.
  private var unpacked: [Place: Tensor] = [:]

  private struct Place: Hashable {
    var field: Int32
    var range: Range<Int>
    var elementType: Int32
    var dimensions: [Int64]

    init?(_ tensor: ONNXTensor) {
      guard tensor.sources.count == 1, case .file(let field, let range) = tensor.sources[0] else { return nil }
      (self.field, self.range, elementType, dimensions) = (field, range, tensor.elementType, tensor.dimensions)
    }
  }

  /// The size of the model's own file.
  package var byteCount: Int { file.byteCount }

  package init(file: MappedFile) {
    self.file = file
    external = ONNXExternalData(modelPath: file.path)
  }

  /// Throws if the model or a file of its weights was truncated while it was read.
  package func checkFiles() throws(ImportError) {
    do throws(GraphError) {
      try file.check()
      for file in external.openFiles { try file.check() }
    } catch { throw ImportError(.unreadableFile, error.what, file: error.file, advice: error.advice) }
  }

  /// The tensor; throws if its type is unknown or its data does not fill its shape.
  package func load(_ tensor: ONNXTensor) throws(ImportError) -> Tensor {
    let what = "tensor \"\(tensor.name)\""
    let dtype = try DType(onnx: Int64(tensor.elementType), of: what)
    guard let type = ONNXElementType(rawValue: tensor.elementType) else {
      throw ImportError(.unsupportedType, "\(what) has an unknown element type", found: "\(tensor.elementType)")
    }
    do {
      let shape = tensor.dimensions.map { Int($0) }
      let count = try checkedElementCount(shape)
      if tensor.sources.count == 1, let ready = try borrow(tensor.sources[0], type, dtype, shape, count, what) {
        return ready
      }
      let place = Place(tensor)
      if let place, let known = unpacked[place] { return known }
      try spend(bytes: count.saturatingMultiply(dtype.byteCount))
      let result = try assemble(tensor.sources, type, dtype, shape, count, what)
      if let place { unpacked[place] = result }
      return result
    } catch let error as ImportError {
      throw error
    } catch let error as GraphError {
      if error.code == .workExceeded { throw ImportError(error, unpacking: what) }
      throw ImportError(
        .invalidTensor, "\(what) is not valid: \(error.what)", expected: error.expected, found: error.found)
    } catch {
      throw ImportError(.invalidTensor, "\(what) is not valid", found: "\(error)")
    }
  }

  /// Takes what a tensor has in memory beyond its file from the budget.
  private func spend(bytes: Int) throws(GraphError) {
    try WorkBudget.current?.spend(Work(operations: bytes, bytes: bytes), on: .unpacking)
  }

  /// A sparse tensor with its zeros written out.
  package func load(_ sparse: ONNXSparseTensor) throws(ImportError) -> Tensor {
    let values = try load(sparse.values)
    let indices = try load(sparse.indices)
    let what = "sparse tensor \"\(sparse.values.name)\""
    do {
      let shape = sparse.dimensions.map { Int($0) }
      let count = try checkedElementCount(shape)
      let width = values.dtype.byteCount
      // A few stored values must not make gigabytes of zeros.
      guard count <= max(1 << 24, values.count.multipliedReportingOverflow(by: 4096).partialValue) else {
        throw ImportError(
          .invalidTensor, "\(what) is too large to be written out", expected: "at most 4096 elements per stored value",
          found: "\(count) elements for \(values.count) values")
      }
      try spend(bytes: count.saturatingMultiply(width).saturatingAdd(indices.count.saturatingMultiply(8)))
      let positions = try indices.scalars(as: Int64.self)
      let linear = indices.rank == 1
      guard indices.dtype == .int64, values.rank == 1, indices.shape.first == values.count,
        linear || indices.shape == [values.count, shape.count]
      else {
        throw ImportError(
          .invalidTensor, "\(what): values and indices do not belong together",
          expected: "[n] values and int64 indices [n] or [n, \(shape.count)]", found: "\(values.shape), \(indices.shape)")
      }
      let result = try Tensor.zeros(values.dtype, shape)
      let strides = rowMajorStrides(shape)
      let target = result.mutableBytes
      for i in 0..<values.count {
        var position = 0
        if linear {
          position = Int(positions[i])
        } else {
          for axis in shape.indices {
            let index = Int(positions[i * shape.count + axis])
            guard index >= 0, index < shape[axis] else { position = -1; break }
            position += index * strides[axis]
          }
        }
        guard position >= 0, position < count else {
          throw ImportError(.invalidTensor, "\(what) has an index outside its shape \(shape)", found: "entry \(i)")
        }
        values.withUnsafeBytes { source in
          UnsafeMutableRawBufferPointer(rebasing: target[position * width..<(position + 1) * width])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[i * width..<(i + 1) * width]))
        }
      }
      return result
    } catch let error as ImportError {
      throw error
    } catch let error as GraphError where error.code == .workExceeded {
      throw ImportError(error, unpacking: what)
    } catch {
      throw ImportError(.invalidTensor, "\(what) is not valid", found: "\(error)")
    }
  }

  // MARK: Data that can be used where it lies

  private func borrow(
    _ source: ONNXTensor.Source, _ type: ONNXElementType, _ dtype: DType, _ shape: [Int], _ count: Int, _ what: String
  ) throws -> Tensor? {
    guard type.bitWidth == dtype.byteCount * 8, dtype != .bool,
      let (owner, range) = try location(source, byteCount: count * dtype.byteCount, what),
      field(source) == 9 || field(source) == type.field && field(source) != 5 && dtype.isFloatingPoint
    else { return nil }
    try check(range.count, is: count * dtype.byteCount, what)
    let bytes = UnsafeRawBufferPointer(rebasing: owner.bytes[range])
    guard UInt(bitPattern: bytes.baseAddress) % UInt(dtype.byteCount) == 0 else { return nil }
    return try Tensor(dtype: dtype, shape: shape, storage: .borrowing(bytes, from: owner))
  }

  /// Where the bytes of a source lie, for those that lie in a file.
  private func location(
    _ source: ONNXTensor.Source, byteCount: Int, _ what: String
  ) throws -> (MappedFile, Range<Int>)? {
    switch source {
    case .file(_, let range):
      guard range.upperBound <= file.byteCount else { return nil }
      return (file, range)
    case .external(let entries): return try external.locate(entries, byteCount: byteCount, what)
    case .unpacked, .strings: return nil
    }
  }

  /// The field of `TensorProto` a source stands for; external data counts as raw.
  private func field(_ source: ONNXTensor.Source) -> Int32 {
    switch source {
    case .file(let field, _), .unpacked(let field, _): field
    case .external: 9
    case .strings: 6
    }
  }

  private func check(_ found: Int, is expected: Int, _ what: String) throws(ImportError) {
    guard found == expected else {
      throw ImportError(
        .invalidTensor, "the data of \(what) does not fill its shape", expected: "\(expected) bytes", found: "\(found)")
    }
  }

  // MARK: Data that must be converted

  private func assemble(
    _ sources: [ONNXTensor.Source], _ type: ONNXElementType, _ dtype: DType, _ shape: [Int], _ count: Int,
    _ what: String
  ) throws -> Tensor {
    // A count times 8 bytes fits, as ``checkedElementCount(_:)`` saw to; times 64 bits need not.
    let stored = type.bitWidth < 8 ? (count * type.bitWidth + 7) / 8 : count * (type.bitWidth / 8)
    // Packed small integers stand in bytes; everything else one element a value.
    let values = type.bitWidth < 8 ? stored : count
    var located: [(field: Int32, bytes: UnsafeRawBufferPointer, owner: AnyObject?)] = []
    var capacity = 0
    for source in sources {
      let field = field(source)
      guard field == 9 || field == type.field else {
        throw ImportError(
          .invalidTensor, "\(what) of type \(type) has data in the wrong field",
          expected: "raw data or field \(type.field)", found: "field \(field)")
      }
      switch source {
      case .unpacked(_, let bytes): capacity += bytes.count
      default:
        guard let (owner, range) = try location(source, byteCount: stored, what) else { continue }
        located.append((field, UnsafeRawBufferPointer(rebasing: owner.bytes[range]), owner))
        capacity += range.count * 8
      }
    }
    guard capacity >= values else {
      throw ImportError(
        .invalidTensor, "the data of \(what) does not fill its shape", expected: "\(values) values", found: "fewer")
    }
    let width = type.bitWidth < 8 ? 1 : dtype.byteCount
    let result = try Tensor(uninitialized: type.bitWidth < 8 ? .uint8 : dtype, shape: [values])
    var writer = ValueWriter(target: result.mutableBytes, width: width)
    for (field, bytes, owner) in located {
      try withExtendedLifetime(owner) { () throws(ImportError) in
        switch field {
        case 5, 7, 11: try writer.append(varints: bytes)
        default: writer.append(bytes: bytes)
        }
      }
    }
    for case .unpacked(let field, let bytes) in sources {
      bytes.withUnsafeBytes { writer.append(narrowing: $0, from: field == 4 || field == 5 ? 4 : 8) }
    }
    try check(writer.written, is: values * width, what)
    if type.bitWidth < 8 { return try widen(result, type, dtype, shape, count) }
    if dtype == .bool { for i in 0..<count where result.mutableBytes[i] > 1 { result.mutableBytes[i] = 1 } }
    return try result.reshaped(shape)
  }

  /// Elements of four or two bits, low bits first, as bytes.
  private func widen(
    _ packed: Tensor, _ type: ONNXElementType, _ dtype: DType, _ shape: [Int], _ count: Int
  ) throws -> Tensor {
    let result = try Tensor(uninitialized: dtype, shape: shape)
    let bits = type.bitWidth
    let perByte = 8 / bits
    packed.withUnsafeBytes { source in
      for i in 0..<count {
        let field = (source[i / perByte] >> UInt8(i % perByte * bits)) & UInt8((1 << bits) - 1)
        let isNegative = type.isSigned && field >> UInt8(bits - 1) == 1
        result.mutableBytes[i] = isNegative ? field &- UInt8(1 << bits) : field
      }
    }
    return result
  }
}

/// Fills a tensor's bytes from left to right and counts what does not fit instead of writing it.
private struct ValueWriter {
  let target: UnsafeMutableRawBufferPointer
  /// Bytes of one element of the target.
  let width: Int
  private(set) var written = 0

  init(target: UnsafeMutableRawBufferPointer, width: Int) {
    self.target = target
    self.width = width
  }

  mutating func append(bytes: UnsafeRawBufferPointer) {
    if bytes.count <= target.count - written, !bytes.isEmpty {
      UnsafeMutableRawBufferPointer(rebasing: target[written..<written + bytes.count]).copyMemory(from: bytes)
    }
    written += bytes.count
  }

  /// Little-endian integers of `wide` bytes; their low bytes are the element.
  mutating func append(narrowing bytes: UnsafeRawBufferPointer, from wide: Int) {
    for start in stride(from: 0, to: bytes.count, by: wide) {
      append(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + width]))
    }
  }

  mutating func append(varints bytes: UnsafeRawBufferPointer) throws(ImportError) {
    let span = bytes.bytes
    var cursor = WireCursor(0..<bytes.count)
    while cursor.position < bytes.count {
      let value = try cursor.varint(in: span).littleEndian
      withUnsafeBytes(of: value) { append(bytes: UnsafeRawBufferPointer(rebasing: $0[..<width])) }
    }
  }
}

extension ImportError {
  /// The budget does not allow what a tensor takes in memory.
  fileprivate init(_ error: GraphError, unpacking what: String) {
    self.init(error)
    problem = "\(what): \(error.what)"
  }
}
