extension Rule {
  /// A fixed map per channel becomes part of the weights before it:
  ///
  ///     BatchNormalization(Convolution(x, w, b)) -> Convolution(x, w·s, b·s + t)
  public static let foldBatchNormalization = Rule("fold-batch-norm", on: BatchNormalization.self) {
    norm, node, graph throws(GraphError) in
    guard let affine = try ChannelAffine(norm, node, in: graph) else { return nil }
    return try fold(affine, of: node, image: 0, graph)
  }

  /// `Convolution(x, w, b) * s -> Convolution(x, w·s, b·s)`, likewise for `+ t`, `- t` and `/ s`.
  public static let foldChannelScale = Rule("fold-channel-scale", on: Binary.self) {
    op, node, graph throws(GraphError) in
    for x in 0..<min(node.inputs.count, 2) {
      guard let id = node.inputs[x], graph.hasSoleUse(id), let type = graph[id].type,
        graph[node.results[0]].type == type, type.shape.rank >= 2, let channels = type.shape[1].value,
        let affine = try ChannelAffine(op, node, image: x, channels: channels, rank: type.shape.rank, in: graph),
        let patch = try fold(affine, of: node, image: x, graph)
      else { continue }
      return patch
    }
    return nil
  }

  private static func fold(
    _ affine: ChannelAffine, of node: Node, image: Int, _ graph: Graph
  ) throws(GraphError) -> GraphPatch? {
    let source: (op: any Operator, node: Node, resultAxis: Int, groups: Int)
    if let (op, producer) = graph.soleProducer(of: node.inputs[image], as: Convolution.self), op.activation == .identity {
      source = (op, producer, 0, op.groups)
    } else if let (op, producer) = graph.soleProducer(of: node.inputs[image], as: ConvolutionTranspose.self),
      op.activation == .identity
    {
      source = (op, producer, 1, op.groups)
    } else {
      return nil
    }
    var inputs = source.node.inputs
    while inputs.count < 3 { inputs.append(nil) }
    guard
      let (weight, bias) = try affine.folded(
        weight: inputs[1], bias: inputs[2], resultAxis: source.resultAxis, groups: source.groups, in: graph)
    else { return nil }
    let name = source.node.name
    let operands = inputs
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      var operands = operands
      operands[1] = builder.constant(weight, name: "\(name)/weight")
      operands[2] = builder.constant(bias, name: "\(name)/bias")
      return try builder.add(results: source.op, operands, name: name)
    }
  }
}
