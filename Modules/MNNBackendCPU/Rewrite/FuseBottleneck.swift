import MNNGraph
import MNNKernels

extension Rule {
  /// What lies between the convolutions of an inverted residual stays in the caches:
  ///
  ///     pointwise(depthwise(pointwise(x))) + residual -> Bottleneck(x, residual)
  static let fuseBottleneck = Rule("cpu-fuse-bottleneck", on: BlockedConvolution.self) { op, node, graph throws(GraphError) in
    guard let projection = PointwiseStep(op, node, in: graph), !projection.addsResidualLast,
      let (depthwise, middle) = graph.soleProducer(of: node.inputs[0], as: BlockedConvolution.self), depthwise.isDepthwise,
      Bottleneck.hasConstantParameters(middle, in: graph)
    else { return nil }
    let expansion = PointwiseStep(expansionOf: middle, in: graph)
    guard Bottleneck.pays(expansion: expansion, depthwise: middle, in: graph) else { return nil }
    let fused = Bottleneck(expansion: expansion?.op, depthwise: depthwise, projection: op)
    let inputs =
      Bottleneck.inputs(expansion, middle) + [node.inputs[1], projection.bias, projection.residual]
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: fused, inputs, name: node.name)
    }
  }

  /// Squeeze and excitation reads the means that the depthwise convolution leaves behind:
  ///
  ///     y = depthwise(pointwise(x)), BlockedGlobalPool(y) -> y, means = Bottleneck(x)
  static let fuseMeans = Rule("cpu-fuse-means", on: BlockedConvolution.self) { op, node, graph throws(GraphError) in
    let consumers = graph[node.results[0]].consumers.compactMap { graph[$0] }
    guard op.isDepthwise, Bottleneck.hasConstantParameters(node, in: graph),
      consumers.contains(where: { ($0.op as? BlockedGlobalPool)?.function == .mean })
    else { return nil }
    let step = PointwiseStep(expansionOf: node, in: graph)
    let expansion = Bottleneck.pays(expansion: step, depthwise: node, in: graph) ? step : nil
    let fused = Bottleneck(expansion: expansion?.op, depthwise: op, givesMeans: true)
    let inputs = Bottleneck.inputs(expansion, node) + [nil, nil, nil]
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(results: fused, inputs, name: node.name)[0]]
    }
  }

  /// `BlockedGlobalPool(Bottleneck(x)) -> the means of Bottleneck(x)`.
  static let useMeans = Rule("cpu-use-means", on: BlockedGlobalPool.self) { op, node, graph throws(GraphError) in
    guard op.function == .mean, let (bottleneck, producer) = graph.producer(of: node.inputs[0], as: Bottleneck.self),
      bottleneck.givesMeans, producer.results.count == 2, producer.results[0] == node.inputs[0]
    else { return nil }
    return GraphPatch(replacing: node, with: producer.results[1])
  }
}

/// A 1x1 convolution that reads every pixel once, its parameters constant.
private struct PointwiseStep {
  let op: BlockedConvolution
  let input: Value.ID
  let weight: Value.ID?
  let bias: Value.ID?
  let residual: Value.ID?
  var addsResidualLast: Bool { op.addsResidualLast }

  init?(_ op: BlockedConvolution, _ node: Node, in graph: Graph) {
    guard !op.isDepthwise, !op.readsPlain, op.convolution.groups == 1, let input = node.inputs[0],
      Bottleneck.hasConstantParameters(node, in: graph), node.inputs.count <= BlockedConvolution.factors,
      let operands = graph.operands(of: node), let shape = try? op.geometry(operands), shape.isPointwise
    else { return nil }
    self.op = op
    self.input = input
    self.weight = node.inputs[1]
    bias = node.inputs.count > 2 ? node.inputs[2] : nil
    residual = node.inputs.count > 3 ? node.inputs[3] : nil
  }

  /// What gives a depthwise convolution its input, and nothing else.
  init?(expansionOf depthwise: Node, in graph: Graph) {
    guard let (op, node) = graph.soleProducer(of: depthwise.inputs[0], as: BlockedConvolution.self) else { return nil }
    self.init(op, node, in: graph)
    if residual != nil { return nil }
  }
}

extension Bottleneck {
  /// Smaller maps stay in the second cache from one node to the next, as do parts of them: measured with 2 MB of it.
  private static let smallestExpansion = 256 * 1024
  private static let smallestDepthwise = 1024 * 1024

  /// True if the weights and the bias of a convolution are known.
  fileprivate static func hasConstantParameters(_ node: Node, in graph: Graph) -> Bool {
    graph.constant(node.inputs[1]) != nil
      && (node.inputs.count < 3 || node.inputs[2] == nil || graph.constant(node.inputs[2]) != nil)
  }

  /// Whether what lies before the depthwise convolution is worth keeping in the caches.
  fileprivate static func pays(expansion: PointwiseStep?, depthwise: Node, in graph: Graph) -> Bool {
    guard let sizes = graph[depthwise.inputs[0]]?.type?.shape.sizes, sizes.count == 5 else { return false }
    let byteCount = elementCount(Array(sizes.dropFirst())) &* MemoryLayout<Float>.stride
    return byteCount >= (expansion == nil ? smallestDepthwise : smallestExpansion)
  }

  /// `x`, and the parameters of the first two steps.
  fileprivate static func inputs(_ expansion: PointwiseStep?, _ depthwise: Node) -> [Value.ID?] {
    [
      expansion?.input ?? depthwise.inputs[0], expansion?.weight, expansion?.bias, depthwise.inputs[1],
      depthwise.inputs.count > 2 ? depthwise.inputs[2] : nil,
    ]
  }
}
