extension Pass {
  /// Weights kept in few bits become the floats that kernels multiply: `DequantizeLinear(constant, …) -> constant`, and so for the
  /// halves of convolutions. What a file stored is let go with its node.
  ///
  /// Weights in bytes stay where tensors are quantized too: they may be multiplied as they are.
  package static let expandWeights = expandWeights(keepsFactors: false)

  /// The same, where `keepsFactors` says whether the weights of products and convolutions stay in few bits, for kernels that multiply
  /// them so.
  package static func expandWeights(keepsFactors: Bool) -> Pass {
    Pass("expand-weights") { graph, budget throws(GraphError) in
      try expandWeights(of: &graph, keepsFactors: keepsFactors, &budget)
    }
  }

  private static func expandWeights(
    of graph: inout Graph, keepsFactors: Bool, _ budget: inout PassBudget
  ) throws(GraphError) -> Bool {
    let quantizesTensors = graph.nodes.contains { graph.quantizesTensors($0) }
    var changed = false
    for node in graph.nodes {
      guard let node = graph[node.id] else { continue }
      if let op = node.op as? any ControlFlowOperator {
        guard budget.remaining > 0 else { return changed }
        guard let expanded = try expandWeights(in: op, keepsFactors: keepsFactors, &budget) else { continue }
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
        if keepsFactors, graph.isStoredFactor(node) { continue }
      case is Cast:
        guard code.rank > 1, code.dtype == .float16, graph.feedsConvolutions(node) else { continue }
      default: continue
      }
      var tensors: [Tensor?] = []
      for input in node.inputs { tensors.append(graph.constant(input)) }
      guard zip(node.inputs, tensors).allSatisfy({ ($0 == nil) == ($1 == nil) }) else { continue }
      guard let op = node.op as? any PrimitiveOperator else { continue }
      guard budget.take(at: node) else { return changed }
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
    in op: any ControlFlowOperator, keepsFactors: Bool, _ budget: inout PassBudget
  ) throws(GraphError) -> (any ControlFlowOperator)? {
    var (bodies, changed) = (op.subgraphs, false)
    for i in bodies.indices where try expandWeights(of: &bodies[i], keepsFactors: keepsFactors, &budget) { changed = true }
    return changed ? op.replacingSubgraphs(bodies) : nil
  }
}

extension Graph {
  /// Whether a node dequantizes a constant that is nothing but the right factor of products, the weights of convolutions without groups, or a
  /// table of rows.
  fileprivate func isStoredFactor(_ node: Node) -> Bool {
    guard let id = node.results.first, !isOutput(id), !self[id].consumers.isEmpty,
      node.inputs.dropFirst().allSatisfy({ $0 == nil || constant($0) != nil })
    else { return false }
    return self[id].consumers.allSatisfy { consumer in
      guard let user = self[consumer], user.inputs.count > 1 else { return false }
      if let gather = user.op as? Gather {
        return user.inputs[1] != id && self[id].type?.shape.rank == 2 && (gather.axis == 0 || gather.axis == -2)
      }
      guard user.inputs.indices.allSatisfy({ (user.inputs[$0] == id) == ($0 == 1) })
      else { return false }
      return user.op is MatMul || user.op is Gemm || (user.op as? Convolution)?.groups == 1
    }
  }

  /// Whether a node computes with, makes or reads quantized tensors that are not constant.
  fileprivate func quantizesTensors(_ node: Node) -> Bool {
    switch node.op {
    case is QuantizeLinear, is DynamicQuantizeLinear, is QLinearConv, is QLinearMatMul, is ConvInteger, is MatMulInteger: true
    case is DequantizeLinear: constant(node.inputs.first ?? nil) == nil
    default: false
    }
  }
}
