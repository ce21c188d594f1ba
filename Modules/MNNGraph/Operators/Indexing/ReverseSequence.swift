/// Reverses the first elements along the time axis, a different number of them in each batch.
///
/// - Inputs: `x`; `lengths`, a vector of integers, one per batch.
/// - SeeAlso: ONNX and `.mnn` operator ReverseSequence.
public struct ReverseSequence: PrimitiveOperator {
  public var batchAxis: Int
  public var timeAxis: Int

  public init(batchAxis: Int = 1, timeAxis: Int = 0) {
    self.batchAxis = batchAxis
    self.timeAxis = timeAxis
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 2)
    let lengths = try operands.type(1, rank: 1)
    let axes = try normalizedAxes([batchAxis, timeAxis], rank: x.shape.rank)
    _ = axes
    try requireEqual(x.shape[x.shape.axis(batchAxis)], lengths.shape[0], "the number of lengths")
    return [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let batch = try normalizedAxis(batchAxis, rank: x.rank)
    let time = try normalizedAxis(timeAxis, rank: x.rank)
    let lengths = try arguments.scalars(1, as: Int64.self)
    if let bad = lengths.first(where: { $0 < 0 || $0 > Int64(x.shape[time]) }) {
      throw GraphError(.indexOutOfRange, "a length is out of range", expected: "0 ... \(x.shape[time])", found: "\(bad)")
    }
    let strides = rowMajorStrides(x.shape)
    let positions = IndexSequence(x.shape).map { index in
      var index = index
      let length = Int(lengths[index[batch]])
      if index[time] < length { index[time] = length - 1 - index[time] }
      return position(index, strides)
    }
    return [try x.elements(at: positions, shape: x.shape)]
  }
}
