/// The number of elements of a value.
///
/// - Input: any tensor. Result: a scalar.
/// - SeeAlso: ONNX and `.mnn` operator Size.
public struct SizeOf: PrimitiveOperator {
  public static let name = "Size"
  public var dtype: DType

  public init(dtype: DType = .int64) { self.dtype = dtype }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    _ = try operands.required(0)
    return [TensorType(dtype, [])]
  }

  public func constantResults(for operands: Operands) throws(GraphError) -> [Tensor]? {
    guard let sizes = try operands.shape(0).sizes else { return nil }
    return [try Tensor(Int64(checkedElementCount(sizes))).converted(to: dtype)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    [try Tensor(Int64(arguments.tensor(0).count)).converted(to: dtype)]
  }
}
