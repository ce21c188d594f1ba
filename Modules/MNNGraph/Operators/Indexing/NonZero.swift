/// The indices of the elements that are not zero, in row-major order.
///
/// - Input: `x`. Result: `[rank, number]`, or `[number, rank]` if ``givesRows``; a scalar has one index of rank 0.
/// - SeeAlso: ONNX NonZero; `.mnn` operator Where, which gives rows.
public struct NonZero: PrimitiveOperator {
  public var dtype: DType
  /// Each index is a row of the result, not a column.
  public var givesRows: Bool

  public init(dtype: DType = .int64, givesRows: Bool = false) {
    self.dtype = dtype
    self.givesRows = givesRows
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let rank = Dimension(try operands.shape(0).rank)
    let count = Dimension(try operands.constant(0).scalars(as: Bool.self).count { $0 })
    return [TensorType(dtype, givesRows ? [count, rank] : [rank, count])]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let holds = try x.scalars(as: Bool.self)
    let indices = zip(IndexSequence(x.shape), holds).filter(\.1).map(\.0)
    let scalars =
      givesRows
      ? indices.flatMap { $0.map { Int64($0) } } : x.shape.indices.flatMap { axis in indices.map { Int64($0[axis]) } }
    let shape = givesRows ? [indices.count, x.rank] : [x.rank, indices.count]
    return [try Tensor(shape: shape, scalars: scalars).converted(to: dtype)]
  }
}
