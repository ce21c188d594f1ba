import MNNGraph
import MNNKernels

extension Rule {
  /// A product that is blocked next writes blocks: `ToBlocked(product(a, w)) -> BlockedProduct(a, w)`, channels last.
  static let blockProduct = Rule("cpu-block-product", on: ToBlocked.self) { op, node, graph throws(GraphError) in
    guard op.channelsLast, let id = node.inputs[0], graph.hasSoleUse(id), let producer = graph.producer(of: id),
      let product = FusedMatMul(producer.op), graph[producer.inputs[0]]?.type?.dtype == .float32,
      let sizes = graph[id].type?.shape.sizes, sizes.count > 2,
      producer.inputs.count <= FusedMatMul.residual || producer.inputs[FusedMatMul.residual] == nil,
      product.resultAxes == nil, product.aAxes == nil, !product.product.transposesA, product.activation.isFusable,
      graph.constant(producer.inputs[1])?.rank == 2,
      producer.inputs.count <= FusedMatMul.bias || producer.inputs[FusedMatMul.bias] == nil
        || graph[producer.inputs[FusedMatMul.bias]]?.type?.shape == Shape([sizes[sizes.count - 1]])
    else { return nil }
    let blocked = BlockedProduct(product: product, block: op.block)
    let inputs = producer.inputs + [Value.ID?](repeating: nil, count: max(FusedMatMul.parameters - producer.inputs.count, 0))
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: blocked, inputs, name: producer.name)
    }
  }

  /// `f(blocked product) -> blocked product`.
  static let fuseActivationIntoBlockedProduct = Rule("cpu-fuse-activation-blocked-product", on: Unary.self) {
    op, node, graph throws(GraphError) in
    guard op.function.isFusable, let (blocked, producer) = graph.soleProducer(of: node.inputs[0], as: BlockedProduct.self),
      blocked.product.activation == .identity, !blocked.product.addsResidualLast
    else { return nil }
    var fused = blocked
    fused.product.activation = op.function
    let patched = fused
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: patched, producer.inputs, name: producer.name)
    }
  }

  /// `blocked product + y -> blocked product`.
  static let fuseResidualIntoBlockedProduct = Rule("cpu-fuse-residual-blocked-product", on: Binary.self) {
    op, node, graph throws(GraphError) in
    guard op.function == .add, op.activation == .identity, let type = graph[node.results[0]].type else { return nil }
    for (i, other) in [(0, 1), (1, 0)] {
      guard let (blocked, producer) = graph.soleProducer(of: node.inputs[i], as: BlockedProduct.self),
        producer.inputs[FusedMatMul.residual] == nil, graph[node.inputs[other]]?.type == type,
        graph[node.inputs[i]]?.type == type
      else { continue }
      var fused = blocked
      fused.product.addsResidualLast = blocked.product.activation != .identity
      var inputs = producer.inputs
      inputs[FusedMatMul.residual] = node.inputs[other]
      let (patched, operands) = (fused, inputs)
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        try builder.add(results: patched, operands, name: producer.name)
      }
    }
    return nil
  }
}
