/// The number of axes of a value.
///
/// - Input: any tensor. Result: a scalar.
/// - SeeAlso: `.mnn` operator Rank.
public struct RankOf: PrimitiveOperator {
  public static let name = "Rank"
  public var dtype: DType

  public init(dtype: DType = .int32) { self.dtype = dtype }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    _ = try operands.required(0)
    return [TensorType(dtype, [])]
  }

  public func constantResults(for operands: Operands) throws(GraphError) -> [Tensor]? {
    [try Tensor(Int64(operands.shape(0).rank)).converted(to: dtype)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    [try Tensor(Int64(arguments.tensor(0).rank)).converted(to: dtype)]
  }
}
