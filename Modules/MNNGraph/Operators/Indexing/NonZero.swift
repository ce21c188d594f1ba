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
    let count = holds.count { $0 }
    let shape = givesRows ? [count, x.rank] : [x.rank, count]
    // The type does not say how many there are.
    try WorkBudget.current?.spend(
      Work(bytes: try checkedElementCount(shape).saturatingMultiply(8 + dtype.byteCount)), on: .running)
    let result = try Tensor(uninitialized: .int64, shape: shape)
    let indices = result.unsafeMutable(as: Int64.self)
    var index = [Int](repeating: 0, count: x.rank)
    var found = 0
    for holds in holds {
      if holds {
        for axis in index.indices { indices[givesRows ? found * x.rank + axis : axis * count + found] = Int64(index[axis]) }
        found += 1
      }
      for axis in index.indices.reversed() {
        index[axis] += 1
        if index[axis] < x.shape[axis] { break }
        index[axis] = 0
      }
    }
    return [try result.converted(to: dtype)]
  }
}
