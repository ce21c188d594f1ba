extension Rule {
  /// `pointwise(depthwise(pointwise(x))) -> InvertedResidual(x)`, or without the first where only the others are claimed. Functions
  /// after a convolution are its activation.
  public static func fuseInvertedResidual(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-inverted-residual", on: Convolution.self) { op, node, graph throws(GraphError) in
      guard let projection = ConvolutionStep(op, node, in: graph), projection.isPointwise,
        let depthwise = ConvolutionStep(soleProducerOf: node.inputs[0], in: graph), depthwise.isDepthwise
      else { return nil }
      let expansion = ConvolutionStep(soleProducerOf: depthwise.node.inputs[0], in: graph).flatMap { $0.isPointwise ? $0 : nil }
      for first in expansion == nil ? [nil] : [expansion, nil] {
        let fused = InvertedResidual(expansion: first?.op, depthwise: depthwise.op, projection: op)
        let x = first?.node.inputs[0] ?? depthwise.node.inputs[0]
        let inputs = [x] + (first?.parameters ?? [nil, nil]) + depthwise.parameters + projection.parameters + [nil]
        if let patch = GraphPatch(replacing: node, with: fused, inputs, in: graph, ifClaimed: claims) { return patch }
      }
      return nil
    }
  }

  /// `InvertedResidual(x) + y -> InvertedResidual(x, y)`.
  public static func fuseResidualIntoInvertedResidual(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-residual-inverted-residual", on: Binary.self) { op, node, graph throws(GraphError) in
      guard op.function == .add, op.activation == .identity else { return nil }
      for (i, other) in [(0, 1), (1, 0)] {
        guard let (block, producer) = graph.soleProducer(of: node.inputs[i], as: InvertedResidual.self),
          block.projection.activation == .identity, producer.inputs[InvertedResidual.residual] == nil,
          graph[node.inputs[other]]?.type == graph[node.results[0]].type
        else { continue }
        var inputs = producer.inputs
        inputs[InvertedResidual.residual] = node.inputs[other]
        let patch = GraphPatch(replacing: node, with: block, inputs, name: producer.name, in: graph, ifClaimed: claims)
        if let patch { return patch }
      }
      return nil
    }
  }

  /// `f(InvertedResidual(x)) -> InvertedResidual(x, activation: f)`.
  public static func fuseActivationIntoInvertedResidual(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-activation-inverted-residual", on: Unary.self) { op, node, graph throws(GraphError) in
      guard let (block, producer) = graph.soleProducer(of: node.inputs[0], as: InvertedResidual.self),
        block.projection.activation == .identity, graph[node.results[0]].type == graph[node.inputs[0]]?.type
      else { return nil }
      var fused = block
      fused.projection.activation = op.function
      return GraphPatch(
        replacing: node, with: fused, producer.inputs, name: producer.name, in: graph, ifClaimed: claims)
    }
  }
}

/// A convolution of images, with the function that follows as its activation.
private struct ConvolutionStep {
  var op: Convolution
  let node: Node
  private let channels: Int
  private let weight: [Int]

  init?(_ op: Convolution, _ node: Node, in graph: Graph) {
    guard let weight = graph[node.inputs[1]]?.type?.shape.sizes, weight.count == 4,
      let x = graph[node.inputs[0]]?.type?.shape.sizes, x.count == 4
    else { return nil }
    (self.op, self.node, self.weight, channels) = (op, node, weight, x[1])
  }

  /// What gives a value that nothing else uses.
  init?(soleProducerOf id: Value.ID?, in graph: Graph) {
    if let (op, node) = graph.soleProducer(of: id, as: Convolution.self) {
      self.init(op, node, in: graph)
    } else if let (f, user) = graph.soleProducer(of: id, as: Unary.self),
      graph[id]?.type == graph[user.inputs[0]]?.type,
      let (op, node) = graph.soleProducer(of: user.inputs[0], as: Convolution.self), op.activation == .identity
    {
      self.init(op, node, in: graph)
      self.op.activation = f.function
    } else {
      return nil
    }
  }

  /// Weight and bias.
  var parameters: [Value.ID?] { [node.inputs[1], node.inputs.count > 2 ? node.inputs[2] : nil] }

  /// Every result comes from the pixel at its place.
  var isPointwise: Bool {
    op.groups == 1 && weight[2...] == [1, 1] && op.strides.allSatisfy { $0 == 1 } && hasNoPadding
  }

  /// Groups are channels: of `x` and of the result.
  var isDepthwise: Bool { op.groups > 1 && op.groups == channels && weight[0] == channels }

  private var hasNoPadding: Bool {
    switch op.padding {
    case .explicit(let before, let after): (before + after).allSatisfy { $0 == 0 }
    default: true
    }
  }
}
