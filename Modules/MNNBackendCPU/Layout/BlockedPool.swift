import MNNGraph

/// `Pool` of a blocked tensor.
struct BlockedPool: PrimitiveOperator {
  var pool: Pool
  var channels: Int
  var rank: Int

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    let plain = TensorType(x.dtype, try BlockedShape.plain(x.shape, channels: channels, rank: rank))
    let result = try pool.resultTypes(for: Operands(plain))[0]
    return [TensorType(x.dtype, try BlockedShape.blocked(result.shape, block: x.shape[4].value ?? 1))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let plain = try FromBlocked(channels: channels, rank: rank).evaluate(Arguments([x]))
    return try ToBlocked(block: x.shape[4]).evaluate(Arguments(pool.evaluate(Arguments(plain))))
  }
}

/// `Reduce` of a blocked tensor over all its pixels: `[N, C/c, H, W, c]` to `[N, C/c, 1, 1, c]`.
struct BlockedGlobalPool: PrimitiveOperator {
  var function: Reduce.Function

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var x = try operands.type(0)
    for axis in [2, 3] where x.shape.rank == 5 { x.shape[axis] = 1 }
    return [x]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    try Reduce(function).evaluate(Arguments([try arguments.tensor(0), try Tensor([Int64(2), 3])]))
  }
}

/// `Concat` of blocked tensors along their channels.
struct BlockedConcat: PrimitiveOperator {
  /// Of each input.
  var channels: [Int]

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var type = try operands.type(0)
    let block = type.shape[4].value ?? 1
    type.shape[1] = Dimension((channels.reduce(0, +) + block - 1) / block)
    return [type]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    var plain: [Tensor?] = []
    for (x, count) in zip(try arguments.all(), channels) {
      plain += try FromBlocked(channels: count, rank: 4).evaluate(Arguments([x])) as [Tensor?]
    }
    let joined = try Interpreter().evaluate(Concat(axis: 1), Arguments(plain))
    return try ToBlocked(block: try arguments.tensor(0).shape[4]).evaluate(Arguments(joined))
  }
}
