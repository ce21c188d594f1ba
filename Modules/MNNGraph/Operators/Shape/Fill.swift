/// A tensor of one number.
///
/// - Inputs: `value`, one element; `shape`, a vector of integers.
/// - SeeAlso: ONNX ConstantOfShape; `.mnn` operator Fill, whose inputs come in the other order.
public struct Fill: LayoutOperator {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let sizes = try operands.integers(1)
    _ = try checkedElementCount(sizes)
    return [TensorType(try operands.dtype(0), Shape(sizes))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    guard try checkedElementCount(operands.shape(0).concreteSizes()) == 1 else {
      throw GraphError(.shapeMismatch, "the value of Fill must be one element", found: "\(try operands.shape(0))")
    }
    let count = try checkedElementCount(operands.integers(1))
    return [[Region(size: [count], source: View(strides: [0]), target: View(strides: [1]))]]
  }
}
