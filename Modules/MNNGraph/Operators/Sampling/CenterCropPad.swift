/// The middle of a tensor, or the tensor in the middle of zeros, axis by axis.
///
/// - Inputs: `x`; `sizes`, integers, constant when the graph is planned: the result's size on each of ``axes``.
/// - Result: the type of `x`. Where sizes differ by an odd number, the extra element goes to the end.
/// - SeeAlso: ONNX CenterCropPad, opset 18.
public struct CenterCropPad: LayoutOperator, Codable {
  /// nil for all axes.
  public var axes: [Int]?

  public init(axes: [Int]? = nil) { self.axes = axes }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    let sizes = try operands.integers(1)
    var shape = x.shape
    let axes = axes ?? Array(0..<shape.rank)
    guard axes.count == sizes.count, sizes.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(
        .attributeInvalid, "sizes do not fit the axes", expected: "\(axes.count) sizes of at least 0", found: "\(sizes)")
    }
    for (axis, size) in zip(axes, sizes) { shape[try shape.axis(axis)] = Dimension(size) }
    return [TensorType(x.dtype, shape)]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    let sizes = try operands.shape(0).concreteSizes()
    let shape = try resultTypes(for: operands)[0].shape.concreteSizes()
    _ = try checkedElementCount(shape)
    let from = rowMajorStrides(sizes)
    let to = rowMajorStrides(shape)
    var source = View(strides: from)
    var target = View(strides: to)
    for axis in sizes.indices {
      source.offset += max(sizes[axis] - shape[axis], 0) / 2 * from[axis]
      target.offset += max(shape[axis] - sizes[axis], 0) / 2 * to[axis]
    }
    return [[Region(size: zip(sizes, shape).map { min($0, $1) }, source: source, target: target)]]
  }
}
