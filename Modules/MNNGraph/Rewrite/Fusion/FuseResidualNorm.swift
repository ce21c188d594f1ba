extension Rule {
  /// `LayerNorm(x + y) -> ResidualLayerNorm(x, y)`, where nothing else uses the sum.
  public static func fuseResidualIntoLayerNorm(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-residual-layer-norm", on: LayerNorm.self) { op, node, graph throws(GraphError) in
      guard !op.givesStatistics, let (sum, producer) = graph.soleProducer(of: node.inputs[0], as: Binary.self),
        sum.function == .add, sum.activation == .identity, let type = graph[node.inputs[0]]?.type,
        graph[producer.inputs[0]]?.type == type, graph[producer.inputs[1]]?.type == type
      else { return nil }
      let fused = ResidualLayerNorm(axis: op.axis, epsilon: op.epsilon)
      return GraphPatch(replacing: node, with: fused, producer.inputs + node.inputs.dropFirst(), in: graph, ifClaimed: claims)
    }
  }
}
