extension Pass {
  /// Weights kept in few bits become the floats that kernels multiply: `DequantizeLinear(constant, …) -> constant`, and so for the
  /// halves of convolutions. What a file stored is let go with its node.
  ///
  /// Weights in bytes stay where tensors are quantized too: they may be multiplied as they are.
  package static let expandWeights = Pass("expand-weights") { graph, budget throws(GraphError) in
    let quantizesTensors = graph.nodes.contains { graph.quantizesTensors($0) }
    var changed = false
    for node in graph.nodes {
      guard let node = graph[node.id] else { continue }
      if let op = node.op as? any ControlFlowOperator {
        guard budget.remaining > 0 else { return changed }
        guard let expanded = try expandWeights(in: op, &budget) else { continue }
        try graph.apply(
          GraphPatch(replacing: node) { builder throws(GraphError) in
            try builder.add(results: expanded, node.inputs, name: node.name)
          })
        changed = true
        continue
      }
      guard let code = graph.constant(node.inputs.first ?? nil) else { continue }
      switch node.op {
      case is DequantizeLinear:
        let mayStay = !code.dtype.isPacked && (node.inputs.count < 4 || node.inputs[3] == nil)
        guard code.dtype.isPacked || code.rank > 1 && !(mayStay && quantizesTensors) else { continue }
      case is Cast:
        guard code.rank > 1, code.dtype == .float16, graph.feedsConvolutions(node) else { continue }
      default: continue
      }
      var tensors: [Tensor?] = []
      for input in node.inputs { tensors.append(graph.constant(input)) }
      guard zip(node.inputs, tensors).allSatisfy({ ($0 == nil) == ($1 == nil) }) else { continue }
      guard let op = node.op as? any PrimitiveOperator else { continue }
      guard budget.take() else { return changed }
      let results: [Tensor]
      do throws(GraphError) { results = try op.evaluate(Arguments(tensors)) } catch {
        throw error.at(node: node.name, operator: node.op.name)
      }
      for (id, tensor) in zip(node.results, results) { try graph.makeConstant(id, tensor) }
      graph.removeDeadNode(node.id)
      changed = true
    }
    return changed
  }

  /// A loop or branch with the weights of its bodies expanded; nil if they have none.
  private static func expandWeights(
    in op: any ControlFlowOperator, _ budget: inout PassBudget
  ) throws(GraphError) -> (any ControlFlowOperator)? {
    var (bodies, changed) = (op.subgraphs, false)
    for i in bodies.indices where try expandWeights.apply(&bodies[i], &budget) { changed = true }
    return changed ? op.replacingSubgraphs(bodies) : nil
  }
}

extension Graph {
  /// Whether a node computes with, makes or reads quantized tensors that are not constant.
  fileprivate func quantizesTensors(_ node: Node) -> Bool {
    switch node.op {
    case is QuantizeLinear, is DynamicQuantizeLinear, is QLinearConv, is QLinearMatMul, is ConvInteger, is MatMulInteger: true
    case is DequantizeLinear: constant(node.inputs.first ?? nil) == nil
    default: false
    }
  }
}
