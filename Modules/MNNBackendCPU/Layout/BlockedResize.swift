import MNNGraph

/// `Resize` of a blocked tensor along rows and columns.
struct BlockedResize: PrimitiveOperator {
  var resize: Resize
  var channels: Int
  var rank: Int
  /// The scales or sizes of the plain operator, which are constant.
  var scales: Tensor?
  var sizes: Tensor?

  /// What the plain operator is told.
  var operands: Operands {
    Operands([nil, nil] + [scales, sizes].map { tensor in tensor.map { Operand($0.type, constant: $0) } })
  }

  /// The plain sizes that a blocked tensor of sizes `x` stands for.
  func plainSizes(_ x: [Int]) -> [Int] { [x[0], channels] + [x[2], x[3]].suffix(rank - 2) }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    let plain = TensorType(x.dtype, try BlockedShape.plain(x.shape, channels: channels, rank: rank))
    var list: [Operand?] = self.operands.list
    list[0] = Operand(plain)
    let result = try resize.resultTypes(for: Operands(list))[0]
    return [TensorType(x.dtype, try BlockedShape.blocked(result.shape, block: x.shape[4].value ?? 1))]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let plain = try FromBlocked(channels: channels, rank: rank).evaluate(Arguments([x]))[0]
    let y = try resize.evaluate(Arguments([plain, nil, scales, sizes]))
    return try ToBlocked(block: x.shape[4]).evaluate(Arguments(y))
  }
}

extension Rule {
  /// `Resize(FromBlocked(x)) -> FromBlocked(BlockedResize(x))`, unless the result leaves the graph: a small blocked image is
  /// cheaper to unblock than a large one.
  static let sinkUnblockingBelowResize = Rule("cpu-sink-unblocking-resize", on: Resize.self) {
    op, node, graph throws(GraphError) in
    guard let (from, producer) = graph.producer(of: node.inputs[0], as: FromBlocked.self), !from.channelsLast, from.rank > 2,
      !graph.isOutput(node.results[0]), let operands = graph.operands(of: node),
      let sizes = operands[optional: 0]?.type.shape.sizes, let plans = try? op.plans(operands, sizes: sizes),
      plans.allSatisfy({ $0.axis >= 2 }), let sampling = try? Sampling(op, operands, sizes: sizes), !sampling.isEmpty,
      plans.count == from.rank - 2
    else { return nil }
    let blocked = BlockedResize(
      resize: op, channels: from.channels, rank: from.rank, scales: operands[optional: 2]?.constant,
      sizes: operands[optional: 3]?.constant)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let y = try builder.add(blocked, producer.inputs[0], name: node.name)
      return [try builder.add(from, y)]
    }
  }
}
