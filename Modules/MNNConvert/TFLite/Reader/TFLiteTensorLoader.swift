import MNNGraph

extension DType {
  /// The type that a number of `TensorType` means.
  init(tflite number: Int, of what: String) throws(ImportError) {
    let types: [Int: DType] = [
      0: .float32, 1: .float16, 2: .int32, 3: .uint8, 4: .int64, 6: .bool, 7: .int16, 9: .int8, 10: .float64, 12: .uint64,
      15: .uint32, 16: .uint16, 17: .int4, 18: .bfloat16, 19: .int2, 20: .uint4,
    ]
    guard let type = types[number] else {
      let names = [5: "STRING", 8: "COMPLEX64", 11: "COMPLEX128", 13: "RESOURCE", 14: "VARIANT", 21: "FLOAT8", 22: "FLOAT8"]
      throw ImportError(
        .unsupportedType, "\(what) has an element type that there are no tensors of", found: names[number] ?? "type \(number)")
    }
    self = type
  }
}

/// Makes tensors of a model's constants. Data that lies ready in the file is borrowed, not copied.
final class TFLiteTensorLoader {
  private let file: MappedFile
  private let buffers: [Range<Int>?]

  init(file: MappedFile, buffers: [Range<Int>?]) {
    self.file = file
    self.buffers = buffers
  }

  /// The bytes of a buffer; nil if it is empty.
  func data(_ buffer: Int) -> UnsafeRawBufferPointer? {
    guard buffer > 0, buffer < buffers.count, let range = buffers[buffer] else { return nil }
    return UnsafeRawBufferPointer(rebasing: file.bytes[range])
  }

  /// The contents of a tensor; nil if it has none: it is computed, or fed.
  func load(_ tensor: TFLiteTensor) throws(ImportError) -> Tensor? {
    let what = "tensor \"\(tensor.name)\""
    guard !tensor.isExternal else {
      throw ImportError(
        .externalData, "\(what) lies in another file", advice: "export the model with its weights in one file")
    }
    guard tensor.buffer < buffers.count else {
      throw ImportError(.invalidTensor, "\(what) has no buffer", expected: "below \(buffers.count)", found: "\(tensor.buffer)")
    }
    guard let bytes = data(tensor.buffer) else {
      guard tensor.shape.contains(0) else { return nil }
      let dtype = try DType(tflite: tensor.type, of: what)
      do throws(GraphError) { return try Tensor.zeros(dtype, tensor.shape) } catch {
        throw ImportError(.invalidTensor, "\(what) is not valid: \(error.what)", expected: error.expected, found: error.found)
      }
    }
    let dtype = try DType(tflite: tensor.type, of: what)
    do throws(GraphError) {
      let shape = tensor.shape
      let count = try checkedElementCount(shape)
      if let sparsity = tensor.sparsity { return try dense(bytes, dtype, shape, count, sparsity, what) }
      guard dtype.byteCount(of: count) == bytes.count else {
        throw GraphError(
          .shapeMismatch, "its data does not fill its shape \(shape)", expected: "\(dtype.byteCount(of: count)) bytes",
          found: "\(bytes.count)")
      }
      if dtype == .bool || UInt(bitPattern: bytes.baseAddress) % UInt(dtype.byteCount) != 0 || dtype.isPacked {
        return try copy(bytes, dtype, shape)
      }
      return try Tensor(dtype: dtype, shape: shape, storage: .borrowing(bytes, from: file))
    } catch {
      throw ImportError(
        error.code == .workExceeded ? .workExceeded : .invalidTensor, "\(what) is not valid: \(error.what)",
        expected: error.expected, found: error.found, advice: error.advice)
    }
  }

  private func copy(_ bytes: UnsafeRawBufferPointer, _ dtype: DType, _ shape: [Int]) throws(GraphError) -> Tensor {
    try WorkBudget.current?.spend(Work(operations: bytes.count, bytes: bytes.count), on: .unpacking)
    let storage = try TensorStorage.allocate(byteCount: bytes.count)
    let tensor = try Tensor(dtype: dtype, shape: shape, storage: storage)
    let target = tensor.mutableBytes
    target.copyMemory(from: bytes)
    if dtype == .bool { for i in target.indices { target[i] = target[i] == 0 ? 0 : 1 } }
    return tensor
  }

  // MARK: Sparse weights

  /// One level of a sparse tensor's tree: all indices of an axis, or those that segments list for each parent.
  private enum Level {
    case dense(Int)
    case sparse(segments: [Int], indices: [Int])
  }

  /// A tensor whose zeros are left out, with them.
  ///
  /// The axes of the shape, then those of the blocks that axes are divided into, are gone through in the order that the file says;
  /// values lie in the order in which that meets them.
  private func dense(
    _ bytes: UnsafeRawBufferPointer, _ dtype: DType, _ shape: [Int], _ count: Int, _ sparsity: TFLiteTable, _ what: String
  ) throws(GraphError) -> Tensor {
    let (order, blocks, levels) = try tree(sparsity)
    let (rank, width) = (shape.count, dtype.byteCount)
    func malformed(_ found: String) -> GraphError {
      GraphError(.shapeMismatch, "its sparsity does not fit its shape \(shape)", found: found)
    }
    guard !dtype.isPacked, levels.count == rank + blocks.count, order.sorted() == Array(0..<levels.count),
      blocks.allSatisfy({ $0 >= 0 && $0 < rank })
    else { throw malformed("order \(order), blocks \(blocks), \(levels.count) levels") }
    // A few stored values must not make gigabytes of zeros.
    guard count <= max(1 << 24, (bytes.count / width).saturatingMultiply(4096)) else {
      throw malformed("\(count) elements for \(bytes.count / width) values")
    }
    try WorkBudget.current?.spend(
      Work(operations: count, bytes: count.saturatingMultiply(width).saturatingAdd(bytes.count)), on: .unpacking)
    var blockSizes = [Int](repeating: 1, count: rank)
    for (k, axis) in blocks.enumerated() {
      guard let place = order.firstIndex(of: rank + k), case .dense(let size) = levels[place], size > 0 else {
        throw malformed("a block that is not dense")
      }
      blockSizes[axis] = blockSizes[axis].saturatingMultiply(size)
      guard blockSizes[axis] <= shape[axis] else { throw malformed("blocks of \(blockSizes[axis])") }
    }
    let strides = rowMajorStrides(shape)
    let result = try Tensor.zeros(dtype, shape)
    let target = result.mutableBytes
    var steps = 0
    let mostSteps = count.saturatingAdd(bytes.count).saturatingMultiply(4).saturatingAdd(1 << 16)
    var index = [Int](repeating: 0, count: rank)

    func descend(_ level: Int, _ parent: Int) throws(GraphError) {
      guard level < levels.count else {
        for axis in 0..<rank where index[axis] >= shape[axis] { throw malformed("index \(index)") }
        let value = parent.saturatingMultiply(width)
        let position = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 } * width
        guard value <= bytes.count - width else { throw malformed("\(bytes.count / width) values") }
        UnsafeMutableRawBufferPointer(rebasing: target[position..<position + width])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[value..<value + width]))
        return
      }
      let axis = order[level]
      let (own, scale) = axis < rank ? (axis, blockSizes[axis]) : (blocks[axis - rank], 1)
      func visit(_ i: Int, _ child: Int) throws(GraphError) {
        steps += 1
        guard steps <= mostSteps, i >= 0, i < shape[own] else { throw malformed("index \(i) of axis \(own)") }
        index[own] += i * scale
        try descend(level + 1, child)
        index[own] -= i * scale
      }
      switch levels[level] {
      case .dense(let size):
        let first = parent.saturatingMultiply(size)
        for i in 0..<size { try visit(i, first.saturatingAdd(i)) }
      case .sparse(let segments, let indices):
        guard parent + 1 < segments.count, segments[parent] >= 0, segments[parent] <= segments[parent + 1],
          segments[parent + 1] <= indices.count
        else { throw malformed("segments of level \(level)") }
        for k in segments[parent]..<segments[parent + 1] { try visit(indices[k], k) }
      }
    }
    try descend(0, 0)
    return result
  }

  private func tree(_ sparsity: TFLiteTable) throws(GraphError) -> (order: [Int], blocks: [Int], levels: [Level]) {
    do throws(ImportError) {
      var levels: [Level] = []
      for table in try sparsity.tables("dim_metadata") {
        if try table.int("format") == 0 {
          let size = try table.int("dense_size")
          guard size >= 0 else { throw ImportError(.invalidTensor, "a size is negative", found: "\(size)") }
          levels.append(.dense(size))
        } else {
          levels.append(
            .sparse(
              segments: try table.table("array_segments")?.ints("values") ?? [],
              indices: try table.table("array_indices")?.ints("values") ?? []))
        }
      }
      return (try sparsity.ints("traversal_order") ?? [], try sparsity.ints("block_map") ?? [], levels)
    } catch { throw GraphError(.shapeMismatch, error.problem, found: error.found) }
  }
}
