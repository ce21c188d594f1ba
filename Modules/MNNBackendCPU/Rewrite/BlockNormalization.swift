import MNNGraph

extension Rule {
  /// Channels are normalized where they lie: `LayerNorm(FromBlocked(x)) -> FromBlocked(BlockedLayerNorm(x))`, channels last.
  static let blockLayerNorm = Rule("cpu-block-layer-norm", on: LayerNorm.self) { op, node, graph throws(GraphError) in
    guard !op.givesStatistics, let (from, producer) = graph.producer(of: node.inputs[0], as: FromBlocked.self),
      from.channelsLast, op.axis == -1 || op.axis == from.rank - 1,
      node.inputs.dropFirst().allSatisfy({ $0 == nil || graph[$0]?.type?.shape.sizes == [from.channels] })
    else { return nil }
    let parameters = node.inputs.dropFirst()
    let norm = BlockedLayerNorm(channels: from.channels, rank: from.rank, epsilon: op.epsilon)
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let y = try builder.add(results: norm, [producer.inputs[0]] + parameters, name: node.name)
      return [try builder.add(from, y[0])]
    }
  }

  /// The normalization writes rows itself, unless what follows blocks them again:
  /// `FromBlocked(BlockedLayerNorm(x)) -> BlockedLayerNorm(x)`.
  static let unblockLayerNorm = Rule("cpu-unblock-layer-norm", on: FromBlocked.self) { op, node, graph throws(GraphError) in
    guard op.channelsLast, let (norm, producer) = graph.soleProducer(of: node.inputs[0], as: BlockedLayerNorm.self),
      !graph[node.results[0]].consumers.contains(where: { graph[$0]?.op is Transpose || graph[$0]?.op is ToBlocked })
    else { return nil }
    var rows = norm
    rows.unblocks = true
    let patched = rows
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: patched, producer.inputs, name: producer.name)
    }
  }

  /// `Transpose(FromBlocked(x), [0, 3, 1, 2]) -> FromBlocked(x)`, where it had channels last.
  static let unblockFromChannelsLast = Rule("cpu-unblock-from-channels-last", on: Transpose.self) {
    op, node, graph throws(GraphError) in
    guard let (from, producer) = graph.producer(of: node.inputs[0], as: FromBlocked.self), from.channelsLast,
      op.permutation.count > 2, op.permutation == [0, from.rank - 1] + Array(1..<(from.rank - 1))
    else { return nil }
    var target = from
    target.channelsLast = false
    let patched = target
    return GraphPatch(replacing: node) { builder throws(GraphError) in [try builder.add(patched, producer.inputs[0])] }
  }
}
