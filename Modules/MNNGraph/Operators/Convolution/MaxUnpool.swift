/// Puts the maxima of a ``Pool`` back where they were taken from; all else is zero.
///
/// - Inputs: `x` `[N, C, d…]`; `indices`, of the shape of `x`, positions counted over the whole image that was pooled;
///   optionally `sizes`, the result's shape, constant when the graph is planned.
/// - Result: the type of `x`. If `sizes` are larger than the pooled image, that image is the result's first corner.
/// - SeeAlso: ONNX MaxUnpool, opset 11.
public struct MaxUnpool: PrimitiveOperator, Codable {
  public var kernel: [Int]
  public var strides: [Int]
  public var padding: SpatialPadding

  public init(kernel: [Int], strides: [Int] = [], padding: SpatialPadding = .none) {
    self.kernel = kernel
    self.strides = strides
    self.padding = padding
  }

  /// The shape of the image that was pooled, as far as window and padding tell.
  private func pooled(_ x: Shape) throws(GraphError) -> Shape {
    let window = try SlidingWindow(kernel: kernel, strides: strides, dilations: [], padding: padding)
    guard case .explicit(let before, let after) = window.padding, x.rank == kernel.count + 2 else {
      throw GraphError(
        .attributeInvalid, "the window does not fit", expected: "\(x.rank - 2) spatial axes, padding in numbers",
        found: "kernel \(kernel), padding \(window.padding)")
    }
    var shape = x
    for (i, size) in kernel.enumerated() {
      shape[i + 2] = (x[i + 2] - 1) * Dimension(window.strides[i]) + Dimension(size - before[i] - after[i])
    }
    return shape
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 3)
    _ = try operands.integerType(1)
    let indices = try operands.type(1, rank: x.shape.rank)
    for axis in 0..<x.shape.rank { try requireEqual(x.shape[axis], indices.shape[axis], "axis \(axis) of the indices") }
    let pooled = try pooled(x.shape)
    guard let sizes = try operands.integers(optional: 2) else { return [TensorType(x.dtype, pooled)] }
    guard sizes.count == pooled.rank, zip(sizes, pooled.dimensions).allSatisfy({ $0 >= ($1.value ?? 0) }) else {
      throw GraphError(.shapeMismatch, "the result has no room", expected: "at least \(pooled)", found: "\(sizes)")
    }
    return [TensorType(x.dtype, Shape(sizes))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let x = try arguments.tensor(0)
    let pooled = try pooled(Shape(x.shape)).concreteSizes()
    let own = rowMajorStrides(pooled)
    let target = rowMajorStrides(shape)
    let count = try checkedElementCount(pooled)
    let indices = try arguments.scalars(1, as: Int64.self)
    return try withScratch(repeating: -1, count: checkedElementCount(shape)) { sources throws(GraphError) in
      for (i, index) in indices.enumerated() {
        let at = try normalizedIndex(index, count: count)
        sources[own.indices.reduce(0) { $0 + at / own[$1] % max(pooled[$1], 1) * target[$1] }] = i
      }
      return [try x.elements(at: sources, shape: shape)]
    }
  }
}
