import MNNGraph

extension Rule {
  /// A tensor that is blocked again was not unblocked: `ToBlocked(FromBlocked(x)) -> x`.
  static let cancelBlocking = Rule("cpu-cancel-blocking", on: ToBlocked.self) { op, node, graph throws(GraphError) in
    guard let (from, producer) = graph.producer(of: node.inputs[0], as: FromBlocked.self),
      from.channelsLast == op.channelsLast, let x = producer.inputs[0], graph[x].type == graph[node.results[0]].type
    else { return nil }
    return GraphPatch(replacing: node, with: x)
  }

  /// Elementwise operators run on blocked tensors: `f(FromBlocked(x), y) -> FromBlocked(f(x, ToBlocked(y)))`.
  static func sinkUnblocking(block: Int) -> Rule {
    Rule("cpu-sink-unblocking") { node, graph throws(GraphError) in
      guard node.op.isElementwise, let result = graph[node.results[0]].type, result.dtype == .float32,
        let shape = result.shape.sizes, BlockedShape.canBlock(rank: shape.count)
      else { return nil }
      var sources: [BlockedOperand] = []
      for input in node.inputs {
        guard let input, let operand = BlockedOperand(input, in: graph, result: shape, block: block) else { return nil }
        sources.append(operand)
      }
      guard sources.contains(where: { $0.isWholeUnblocking }) else { return nil }
      let operands = sources
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        var inputs: [Value.ID?] = []
        for operand in operands { inputs.append(try operand.add(to: &builder)) }
        let y = try builder.add(results: node.op, inputs, name: node.name)
        return [try builder.add(FromBlocked(channels: shape[1], rank: shape.count), y[0])]
      }
    }
  }

  /// `Pool(FromBlocked(x)) -> FromBlocked(BlockedPool(x))`.
  static let sinkUnblockingBelowPool = Rule("cpu-sink-unblocking-pool", on: Pool.self) { op, node, graph throws(GraphError) in
    guard let (from, producer) = graph.producer(of: node.inputs[0], as: FromBlocked.self), !from.channelsLast,
      op.kernelKind != nil, op.indices == nil, let x = graph[node.inputs[0]]?.type?.shape.sizes, x.count == 3 || x.count == 4,
      let y = graph[node.results[0]].type?.shape.sizes, !y.contains(0), (try? op.geometry(x, y)) != nil
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let pooled = try builder.add(
        BlockedPool(pool: op, channels: from.channels, rank: from.rank), producer.inputs[0], name: node.name)
      return [try builder.add(from, pooled)]
    }
  }

  /// `Reduce(FromBlocked(x), all pixels) -> FromBlocked(BlockedGlobalPool(x))`.
  static let sinkUnblockingBelowGlobalPool = Rule("cpu-sink-unblocking-global-pool", on: Reduce.self) {
    op, node, graph throws(GraphError) in
    guard let (from, producer) = graph.producer(of: node.inputs[0], as: FromBlocked.self), !from.channelsLast, from.rank > 2,
      op.function.globalPoolKind != nil, let operands = graph.operands(of: node),
      let axes = try? op.axes(operands), axes == Array(2..<from.rank)
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let pooled = try builder.add(BlockedGlobalPool(function: op.function), producer.inputs[0], name: node.name)
      return [
        try builder.add(FromBlocked(channels: from.channels, rank: op.keepsDimensions ? from.rank : 2), pooled)
      ]
    }
  }

  /// `Concat(FromBlocked(x), y) -> FromBlocked(BlockedConcat(x, ToBlocked(y)))` along channels.
  static func sinkUnblockingBelowConcat(block: Int) -> Rule {
    Rule("cpu-sink-unblocking-concat", on: Concat.self) { op, node, graph throws(GraphError) in
      guard let type = graph[node.results[0]].type, type.dtype == .float32, let shape = type.shape.sizes,
        shape.count == 3 || shape.count == 4, op.axis == 1 || op.axis == 1 - shape.count
      else { return nil }
      var channels: [Int] = []
      var isBlocked = false
      for input in node.inputs {
        guard let sizes = graph[input]?.type?.shape.sizes else { return nil }
        channels.append(sizes[1])
        if let (from, _) = graph.producer(of: input, as: FromBlocked.self), !from.channelsLast { isBlocked = true }
      }
      guard isBlocked else { return nil }
      let inputs = node.inputs
      let counts = channels
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        var blocked: [Value.ID?] = []
        for input in inputs { blocked.append(try builder.blocked(input, block: block)) }
        let joined = try builder.add(results: BlockedConcat(channels: counts), blocked, name: node.name)
        return [try builder.add(FromBlocked(channels: shape[1], rank: shape.count), joined[0])]
      }
    }
  }

  /// `Transpose(FromBlocked(x), [0, 2, 3, 1]) -> FromBlocked(x)` with channels last.
  static let unblockToChannelsLast = Rule("cpu-unblock-to-channels-last", on: Transpose.self) {
    op, node, graph throws(GraphError) in
    guard let (from, producer) = graph.producer(of: node.inputs[0], as: FromBlocked.self), !from.channelsLast,
      op.permutation.count > 2, op.permutation == [0] + Array(2..<from.rank) + [1]
    else { return nil }
    var target = from
    target.channelsLast = true
    let patched = target
    return GraphPatch(replacing: node) { builder throws(GraphError) in [try builder.add(patched, producer.inputs[0])] }
  }

  /// `ToBlocked(Transpose(x, [0, 3, 1, 2])) -> ToBlocked(x)` with channels last.
  static let blockFromChannelsLast = Rule("cpu-block-from-channels-last", on: ToBlocked.self) {
    op, node, graph throws(GraphError) in
    guard !op.channelsLast, let (transpose, producer) = graph.producer(of: node.inputs[0], as: Transpose.self),
      let rank = Optional(transpose.permutation.count), rank > 2,
      transpose.permutation == [0, rank - 1] + Array(1..<(rank - 1))
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(ToBlocked(block: op.block, channelsLast: true), producer.inputs[0])]
    }
  }
}

extension Operator {
  /// True for operators of which every element of the result depends only on the elements at its place, lanes included.
  fileprivate var isElementwise: Bool {
    self is Unary || self is Binary || self is ParametricRelu
      || self is FakeQuantize
  }
}

/// An operand of an elementwise operator, and how it becomes one of a blocked result.
private enum BlockedOperand {
  /// The blocked tensor that a node unblocks; `whole` if it has the result's shape.
  case unblocked(Value.ID, whole: Bool)
  /// One number for all channels of a pixel, or for everything: an axis of 1 in place of the lanes.
  case sharedByChannels(Value.ID, [Int])
  /// To be blocked, under this shape of the result's rank.
  case plain(Value.ID, [Int], block: Int)

  init?(_ id: Value.ID, in graph: Graph, result: [Int], block: Int) {
    guard let type = graph[id].type, type.dtype == .float32, let own = type.shape.sizes, own.count <= result.count else {
      return nil
    }
    let sizes = [Int](repeating: 1, count: result.count - own.count) + own
    if let (from, producer) = graph.producer(of: id, as: FromBlocked.self), let x = producer.inputs[0], !from.channelsLast,
      from.rank == result.count, from.channels == result[1]
    {
      self = .unblocked(x, whole: own == result)
    } else if sizes[1] == 1 {
      // A result of one channel would have only garbage in the other lanes: they may hold anything.
      let image = [Int](repeating: 1, count: 4 - sizes.count) + sizes.dropFirst(2)
      self = .sharedByChannels(id, [sizes[0], 1] + image + [1])
    } else {
      self = .plain(id, sizes, block: block)
    }
  }

  var isWholeUnblocking: Bool {
    if case .unblocked(_, whole: true) = self { true } else { false }
  }

  func add(to builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
    switch self {
    case .unblocked(let id, _): return id
    case .sharedByChannels(let id, let sizes): return try builder.reshaped(id, to: sizes)
    case .plain(let id, let sizes, let block): return try builder.blocked(builder.reshaped(id, to: sizes), block: block)
    }
  }
}

extension GraphBuilder {
  /// The value under another shape; a constant stays one.
  mutating func reshaped(_ id: Value.ID, to sizes: [Int]) throws(GraphError) -> Value.ID {
    if try type(of: id).shape.sizes == sizes { return id }
    if let tensor = graph.constant(id) { return constant(try tensor.reshaped(sizes)) }
    let shape = try constant(sizes.map { Int64($0) })
    return try add(Reshape(allowsZero: true), id, shape)
  }

  /// The value in blocked layout; a constant stays one.
  mutating func blocked(_ id: Value.ID?, block: Int) throws(GraphError) -> Value.ID {
    if let tensor = graph.constant(id) {
      return constant(try ToBlocked(block: block).evaluate(Arguments([tensor]))[0])
    }
    return try add(ToBlocked(block: block), id)
  }
}
