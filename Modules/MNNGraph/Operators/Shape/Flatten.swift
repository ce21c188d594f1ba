/// A matrix of the same elements: the axes before `axis` make the rows, the others the columns.
///
/// - Input: `x`, any type. Result: `[product of sizes before axis, product of the rest]`.
/// - SeeAlso: ONNX Flatten; `.mnn` operator Flatten.
public struct Flatten: LayoutOperator {
  /// In `-rank ... rank`.
  public var axis: Int

  public init(axis: Int = 1) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let rank = type.shape.rank
    guard axis >= -rank, axis <= rank else {
      throw GraphError(.axisOutOfRange, "axis out of range", expected: "\(-rank) ... \(rank)", found: "\(axis)")
    }
    let split = axis < 0 ? axis + rank : axis
    return [
      TensorType(
        type.dtype,
        [type.shape.dimensions[..<split].reduce(1, *), type.shape.dimensions[split...].reduce(1, *)])
    ]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    [[.whole(count: try checkedElementCount(operands.shape(0).concreteSizes()))]]
  }
}
