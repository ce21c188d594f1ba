import MNNGraph

extension Rule {
  /// Squeeze and excitation without a pass over the image: the convolution that follows multiplies its weights.
  ///
  ///     pointwise(x * factors) -> pointwise(x, factors: factors)
  static let fuseFactors = Rule("cpu-fuse-factors", on: BlockedConvolution.self) { op, node, graph throws(GraphError) in
    guard !op.isDepthwise, !op.readsPlain, node.inputs.count <= BlockedConvolution.factors,
      let (product, producer) = graph.soleProducer(of: node.inputs[0], as: Binary.self), product.function == .multiply,
      product.activation == .identity, let operands = graph.operands(of: node), let shape = try? op.geometry(operands),
      shape.isPointwise, graph.constant(node.inputs[1]) != nil, let type = graph[node.inputs[0]]?.type
    else { return nil }
    var factorsType = type
    for axis in [2, 3] where type.shape.rank == 5 { factorsType.shape[axis] = 1 }
    for (i, other) in [(0, 1), (1, 0)] {
      guard let x = producer.inputs[i], let factors = producer.inputs[other], graph[x].type == type,
        graph[factors].type == factorsType
      else { continue }
      let rest = (1...3).map { node.inputs.count > $0 ? node.inputs[$0] : nil }
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        try builder.add(results: op, [x] + rest + [factors], name: node.name)
      }
    }
    return nil
  }
}
