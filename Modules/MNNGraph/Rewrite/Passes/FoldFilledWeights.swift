extension Rule {
  /// Weights that a graph fills itself become constants, as kernels want them: `Conv(x, Fill(v, shape)) -> Conv(x, const)`.
  ///
  /// Only when a graph is planned: there the memory is needed anyway, in a file it is not.
  public static let foldFilledWeights = Rule("fold-filled-weights", on: Fill.self) { op, node, graph throws(GraphError) in
    guard let value = graph.constant(node.inputs[0]), let shape = graph.constant(node.inputs[1]) else { return nil }
    let result = graph[node.results[0]]
    guard !graph.isOutput(result.id), !result.consumers.isEmpty,
      result.consumers.allSatisfy({ graph[$0].map { isWeight(result.id, of: $0) } ?? false })
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [builder.constant(try Interpreter().evaluate(op, Arguments([value, shape]))[0], name: result.name)]
    }
  }

  private static func isWeight(_ value: Value.ID, of node: Node) -> Bool {
    (node.op is Convolution || node.op is ConvolutionTranspose || node.op is MatMul || node.op is Gemm)
      && node.inputs.first != value
  }
}
