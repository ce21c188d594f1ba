/// Adds axes of size 1.
///
/// - Inputs: `x`; `axes`, a vector of integers that are positions in the result, negative ones from its end.
/// - SeeAlso: ONNX Unsqueeze; `.mnn` operators Unsqueeze, ExpandDims.
public struct Unsqueeze: LayoutOperator {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let axes = try operands.integers(1)
    let rank = type.shape.rank + axes.count
    let added = Set(try normalizedAxes(axes, rank: rank))
    var rest = type.shape.dimensions[...]
    return [TensorType(type.dtype, Shape((0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() }))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    [[.whole(count: try checkedElementCount(operands.shape(0).concreteSizes()))]]
  }
}
