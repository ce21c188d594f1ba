import MNNGraph
import MNNKernels

extension Rule {
  /// An addition to a convolution's result happens while it is stored: `conv(x) + y -> conv(x, residual: y)`.
  static let fuseResidual = Rule("cpu-fuse-residual", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.function == .add, let type = graph[node.results[0]].type, node.inputs.count == 2 else { return nil }
    for (i, other) in [(0, 1), (1, 0)] {
      guard let (convolution, producer) = graph.soleProducer(of: node.inputs[i], as: BlockedConvolution.self),
        !convolution.isDepthwise, producer.inputs.count < 4 || producer.inputs[3] == nil,
        let residual = node.inputs[other], graph[residual].type == type, graph[node.inputs[i]]?.type == type
      else { continue }
      var fused = convolution
      fused.addsResidualLast = convolution.activation != .identity
      let patched = fused
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let bias = producer.inputs.count > 2 ? producer.inputs[2] : nil
        return try builder.add(
          results: patched, [producer.inputs[0], producer.inputs[1], bias, residual] + producer.inputs.dropFirst(4),
          name: producer.name)
      }
    }
    return nil
  }

  /// `f(conv(x)) -> conv(x, activation: f)`.
  static let fuseActivationIntoConvolution = Rule("cpu-fuse-activation-convolution") { node, graph throws(GraphError) in
    guard let function = (node.op as? Unary)?.function, function.isFusable,
      let (convolution, producer) = graph.soleProducer(of: node.inputs[0], as: BlockedConvolution.self),
      convolution.activation == .identity, !convolution.addsResidualLast
    else { return nil }
    var fused = convolution
    fused.activation = function
    let patched = fused
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      try builder.add(results: patched, producer.inputs, name: producer.name)
    }
  }
}
