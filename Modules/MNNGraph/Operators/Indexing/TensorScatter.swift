/// A cache in which part of one axis is overwritten, at a place of its own for each sample.
///
/// - Inputs: `cache` `[N, …, length, …]`; `update`, the same but for a shorter ``axis``; `starts` `[N]`, integers, optional
///   (0): where the update of each sample begins.
/// - Result: the type and shape of `cache`.
/// - SeeAlso: ONNX TensorScatter, opset 24.
public struct TensorScatter: PrimitiveOperator, Codable {
  /// Not the first one.
  public var axis: Int
  /// What goes beyond the end continues at the beginning.
  public var isCircular: Bool

  public init(axis: Int = -2, isCircular: Bool = false) {
    self.axis = axis
    self.isCircular = isCircular
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let cache = try operands.type(0, rankAtLeast: 2)
    let update = try operands.type(1, rank: cache.shape.rank)
    try requireSame(cache.dtype, update.dtype, "the type of the update")
    let axis = try cache.shape.axis(axis)
    try requireAttribute(axis > 0, "the axis of the batch cannot be written", expected: "another axis", found: "0")
    for i in 0..<cache.shape.rank where i != axis {
      try requireEqual(cache.shape[i], update.shape[i], "axis \(i) of the update")
    }
    if operands[optional: 2] != nil {
      let starts = try operands.type(2, rank: 1)
      _ = try operands.integerType(2)
      try requireEqual(cache.shape[0], starts.shape[0], "the number of starts")
    }
    return [cache]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let cache = try arguments.tensor(0)
    let update = try arguments.tensor(1)
    let axis = try normalizedAxis(axis, rank: cache.rank)
    let starts = arguments[optional: 2] == nil ? nil : try arguments.scalars(2, as: Int64.self)
    let (outer, length, inner) = splitSizes(cache.shape, at: axis)
    let count = update.shape[axis]
    guard length > 0 || count == 0 else {
      throw GraphError(.shapeMismatch, "the cache has no room", expected: "at least \(count)", found: "\(length)")
    }
    let perBatch = outer / max(cache.shape[0], 1)
    let width = inner * cache.dtype.byteCount
    let result = try Tensor(uninitialized: cache.dtype, shape: cache.shape)
    cache.withUnsafeBytes { result.mutableBytes.copyMemory(from: $0) }
    let target = result.mutableBytes
    try update.withUnsafeBytes { (source: UnsafeRawBufferPointer) throws(GraphError) in
      for o in 0..<outer {
        let start = starts?[o / max(perBatch, 1)] ?? 0
        for i in 0..<count {
          let at: Int
          if isCircular {
            at = Int((start % Int64(length) + Int64(i) + Int64(length)) % Int64(length))
          } else {
            at = try normalizedIndex(start.addingReportingOverflow(Int64(i)).partialValue, count: length)
          }
          let from = UnsafeRawBufferPointer(rebasing: source[((o * count + i) * width)..<((o * count + i + 1) * width)])
          UnsafeMutableRawBufferPointer(rebasing: target[((o * length + at) * width)..<((o * length + at + 1) * width)])
            .copyMemory(from: from)
        }
      }
    }
    return [result]
  }
}
