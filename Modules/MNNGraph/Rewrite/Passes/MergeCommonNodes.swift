extension Pass {
  /// Uses one node where several compute the same: equal operators on the same values.
  public static let mergeCommonNodes = Pass("merge-common-nodes") { graph, budget throws(GraphError) in
    var seen: [MergeKey: Node] = [:]
    var constants: [Tensor: Value.ID] = [:]
    var changed = false
    for node in graph.nodes {
      budget.steps += 1
      guard let node = graph[node.id], node.op.isDeterministic, !(node.op is any ControlFlowOperator) else { continue }
      // Small equal constants count as one value, so that equal shape arithmetic merges.
      let inputs = node.inputs.map { id -> Value.ID? in
        guard let id, let tensor = graph.constant(id), tensor.count <= 16 else { return id }
        if let first = constants[tensor] { return first }
        constants[tensor] = id
        return id
      }
      let key = MergeKey(op: node.op, inputs: inputs)
      guard let first = seen[key] else { seen[key] = node; continue }
      // Nodes that give a value a second name as an output stay.
      if node.op is Identity, graph.isOutput(node.results[0]), graph.isOutput(first.results[0]) { continue }
      guard budget.take(at: node) else { return changed }
      for (old, new) in zip(node.results, first.results) { try graph.replaceAllUses(of: old, with: new) }
      graph.removeDeadNode(node.id)
      changed = true
    }
    return changed
  }
}

private struct MergeKey: Hashable {
  let op: any Operator
  let inputs: [Value.ID?]

  static func == (a: MergeKey, b: MergeKey) -> Bool { a.inputs == b.inputs && a.op.isEqual(to: b.op) }
  func hash(into hasher: inout Hasher) {
    hasher.combine(op)
    hasher.combine(inputs)
  }
}
