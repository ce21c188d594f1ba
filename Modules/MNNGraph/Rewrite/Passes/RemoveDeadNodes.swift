extension Pass {
  /// Removes nodes whose results nothing uses.
  public static let removeDeadNodes = Pass("remove-dead-nodes") { graph, budget throws(GraphError) in
    var changed = false
    for node in graph.nodes.reversed() {
      guard let node = graph[node.id],
        node.results.allSatisfy({ graph[$0].consumers.isEmpty && !graph.outputs.contains($0) })
      else { continue }
      guard budget.take() else { return changed }
      graph.removeDeadNode(node.id)
      changed = true
    }
    return changed
  }
}
