/// Repeats a tensor along axes of size 1 until it has a shape.
///
/// - Inputs: `x`; `shape`, a vector of integers that broadcasts with the shape of `x` (-1 keeps the size of `x`).
/// - Result: the broadcast shape.
/// - SeeAlso: ONNX Expand; `.mnn` operator BroadcastTo.
public struct Expand: LayoutOperator {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let wanted = try operands.integers(1).map { $0 < 0 ? 1 : $0 }
    return [TensorType(type.dtype, try broadcastShape(type.shape, Shape(wanted)))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    let sizes = try operands.shape(0).concreteSizes()
    let shape = try resultTypes(for: operands)[0].shape.concreteSizes()
    let strides = rowMajorStrides(sizes)
    let lead = shape.count - sizes.count
    return [
      [
        Region(
          size: shape,
          source: View(strides: shape.indices.map { $0 < lead || sizes[$0 - lead] == 1 ? 0 : strides[$0 - lead] }),
          target: View(strides: rowMajorStrides(shape)))
      ]
    ]
  }
}
