/// Removes axes of size 1.
///
/// - Inputs: `x`; `axes`, a vector of integers, negative ones from the end; if absent, all axes of size 1.
/// - SeeAlso: ONNX Squeeze; `.mnn` operator Squeeze.
public struct Squeeze: LayoutOperator {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let removed: [Int]
    if operands[optional: 1] != nil {
      removed = try normalizedAxes(operands.integers(1), rank: type.shape.rank)
      for axis in removed where type.shape[axis].value.map({ $0 != 1 }) ?? false {
        throw GraphError(
          .shapeMismatch, "only an axis of size 1 can be removed", expected: "size 1 at axis \(axis)", found: "\(type.shape)")
      }
    } else {
      guard type.shape.sizes != nil else {
        throw GraphError(.dependsOnData, "which axes have size 1 is not known", found: "\(type.shape)")
      }
      removed = type.shape.dimensions.indices.filter { type.shape[$0] == 1 }
    }
    let kept = type.shape.dimensions.indices.filter { !removed.contains($0) }
    return [TensorType(type.dtype, Shape(kept.map { type.shape[$0] }))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    [[.whole(count: try checkedElementCount(operands.shape(0).concreteSizes()))]]
  }
}
