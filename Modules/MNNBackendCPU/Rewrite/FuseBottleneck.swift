import CKernels
import MNNGraph
import MNNKernels

extension Rule {
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

/// Puts inverted residuals into blocked layout:
///
///     InvertedResidual(x, residual) -> FromBlocked(Bottleneck(ToBlocked(x), ToBlocked(residual)))
func blockInvertedResidual(_ processor: Processor) -> Rule {
  Rule("cpu-block-inverted-residual", on: InvertedResidual.self) { op, node, graph throws(GraphError) in
    guard let operands = graph.operands(of: node), InvertedResidual.claims(processor)(op, operands, []),
      let types = try? op.stepTypes(for: operands), let input = node.inputs[0], let x = graph[input].type?.shape.sizes,
      let channels = types.last?.shape.sizes?[1]
    else { return nil }
    let block = processor.block
    func blocked(_ op: Convolution, _ channels: Int) -> BlockedConvolution {
      var plain = op
      plain.activation = .identity
      return BlockedConvolution(convolution: plain, channels: channels, rank: 4, block: block, activation: op.activation)
    }
    var middle = x[1]
    let expansion = op.expansion.map { blocked($0, x[1]) }
    if expansion != nil { middle = types[0].shape.sizes?[1] ?? middle }
    var depthwise = blocked(op.depthwise, middle)
    depthwise.isDepthwise = true
    let fused = Bottleneck(expansion: expansion, depthwise: depthwise, projection: blocked(op.projection, middle))
    let parameters = Array(node.inputs[1..<InvertedResidual.residual])
    let residual = node.inputs[InvertedResidual.residual]
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let source = try builder.add(ToBlocked(block: block), input)
      var inputs = [source] + parameters + [nil]
      if let residual { inputs[Bottleneck.residual] = try builder.blocked(residual, block: block) }
      let y = try builder.add(results: fused, inputs, name: node.name)
      return [try builder.add(FromBlocked(channels: channels, rank: 4), y[0])]
    }
  }
}

extension InvertedResidual {
  /// What is worth computing a few rows at a time: of large images, with constant weights, each step a kernel's in blocked layout.
  static func claims(_ processor: Processor) -> Claim {
    { op, operands, _ in
      guard let op = op as? InvertedResidual, let types = try? op.stepTypes(for: operands),
        let x = operands[optional: 0]?.type, x.dtype == .float32,
        (1..<InvertedResidual.residual).allSatisfy({ operands[optional: $0] == nil || operands[optional: $0]?.constant != nil }),
        op.steps.allSatisfy({ $0.op.activation.isFusable })
      else { return false }
      let isExpanded = op.expansion != nil
      var source = x
      for (step, type) in zip(op.steps, types) {
        guard let from = source.shape.sizes, let to = type.shape.sizes, !from.contains(0), !to.contains(0),
          let weight = operands[optional: step.weight]?.type.shape.sizes,
          let shape = try? ck_conv2d_shape(step.op, x: from, weight: weight, result: to)
        else { return false }
        let algorithm = ConvolutionChoice(shape, processor, inputIsBlocked: true).algorithm
        let isDepthwise = step.weight == InvertedResidual.depthwiseWeight
        guard algorithm == (isDepthwise ? .depthwise : .blocked), isDepthwise || shape.isPointwise else { return false }
        if isDepthwise, !Bottleneck.pays(from, isExpanded: isExpanded, block: processor.block) { return false }
        source = type
      }
      return true
    }
  }
}

/// A 1x1 convolution that reads every pixel once, its parameters constant.
private struct PointwiseStep {
  let op: BlockedConvolution
  let input: Value.ID
  let weight: Value.ID?
  let bias: Value.ID?

  /// What gives a depthwise convolution its input, and nothing else.
  init?(expansionOf depthwise: Node, in graph: Graph) {
    guard let (op, node) = graph.soleProducer(of: depthwise.inputs[0], as: BlockedConvolution.self), !op.isDepthwise,
      !op.readsPlain, op.convolution.groups == 1, let input = node.inputs[0], Bottleneck.hasConstantParameters(node, in: graph),
      node.inputs.count < 4 || node.inputs[3] == nil, node.inputs.count <= BlockedConvolution.factors,
      let operands = graph.operands(of: node), let shape = try? op.geometry(operands), shape.isPointwise
    else { return nil }
    self.op = op
    self.input = input
    weight = node.inputs[1]
    bias = node.inputs.count > 2 ? node.inputs[2] : nil
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
    return pays(byteCount: elementCount(Array(sizes.dropFirst())) &* MemoryLayout<Float>.stride, isExpanded: expansion != nil)
  }

  /// The same of a plain image `[N, C, H, W]`.
  fileprivate static func pays(_ sizes: [Int], isExpanded: Bool, block: Int) -> Bool {
    let channels = (sizes[1] + block - 1) / block * block
    return pays(byteCount: elementCount([channels] + sizes.dropFirst(2)) &* MemoryLayout<Float>.stride, isExpanded: isExpanded)
  }

  private static func pays(byteCount: Int, isExpanded: Bool) -> Bool {
    byteCount >= (isExpanded ? smallestExpansion : smallestDepthwise)
  }

  /// `x`, and the parameters of the first two steps.
  fileprivate static func inputs(_ expansion: PointwiseStep?, _ depthwise: Node) -> [Value.ID?] {
    [
      expansion?.input ?? depthwise.inputs[0], expansion?.weight, expansion?.bias, depthwise.inputs[1],
      depthwise.inputs.count > 2 ? depthwise.inputs[2] : nil,
    ]
  }
}
