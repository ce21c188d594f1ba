/// Its input, unchanged. It stays in a graph only where one value is both an input and an output, or two outputs.
public struct Identity: LayoutOperator {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] { [try operands.type(0)] }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    [[.whole(count: try checkedElementCount(operands.shape(0).concreteSizes()))]]
  }
}
