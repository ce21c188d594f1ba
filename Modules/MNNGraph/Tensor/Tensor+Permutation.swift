extension Tensor {
  /// The same elements with the axes in another order: axis `i` of the result is axis `permutation[i]`.
  package func permuted(by permutation: [Int]) throws(GraphError) -> Tensor {
    guard permutation.sorted() == Array(0..<rank) else {
      throw GraphError(
        .rankMismatch, "the axes do not fit", expected: "\(permutation.count) axes", found: "\(shape)")
    }
    let target = permutation.map { shape[$0] }
    if permutation.filter({ shape[$0] != 1 }) == shape.indices.filter({ shape[$0] != 1 }) { return try reshaped(target) }
    if dtype.isPacked {
      let codes = try Tensor(shape: shape, scalars: scalars(as: Int8.self)).permuted(by: permutation)
      return try dtype == .uint4 || dtype == .uint2 ? codes : codes.packed(as: dtype)
    }
    try WorkBudget.current?.spend(Work(operations: count, bytes: byteCount), on: .unpacking)
    let result = try Tensor(uninitialized: dtype, shape: target)
    let own = rowMajorStrides(shape)
    let strides = permutation.map { own[$0] }
    let destination = result.mutableBytes
    withUnsafeBytes { source in
      switch dtype.byteCount {
      case 1: Tensor.move(source, destination, target, strides, as: UInt8.self)
      case 2: Tensor.move(source, destination, target, strides, as: UInt16.self)
      case 4: Tensor.move(source, destination, target, strides, as: UInt32.self)
      default: Tensor.move(source, destination, target, strides, as: UInt64.self)
      }
    }
    return result
  }

  private static func move<T: BitwiseCopyable>(
    _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ sizes: [Int], _ strides: [Int], as: T.Type
  ) {
    guard let last = sizes.last, let step = strides.last, !sizes.contains(0) else { return }
    let width = MemoryLayout<T>.stride
    var index = [Int](repeating: 0, count: sizes.count - 1)
    var (from, to) = (0, 0)
    while true {
      for i in 0..<last {
        target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: (from + i * step) * width, as: T.self), toByteOffset: (to + i) * width,
          as: T.self)
      }
      to += last
      var axis = index.count - 1
      while axis >= 0 {
        index[axis] += 1
        from += strides[axis]
        if index[axis] < sizes[axis] { break }
        from -= strides[axis] * sizes[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
