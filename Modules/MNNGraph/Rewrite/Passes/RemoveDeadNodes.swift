extension Pass {
  /// Removes nodes whose results nothing uses.
  public static let removeDeadNodes = Pass("remove-dead-nodes") { graph, budget throws(GraphError) in
    var changed = false
    for id in graph.nodeIDs.reversed() {
      budget.steps += 1
      guard let node = graph[id],
        node.results.allSatisfy({ graph.isUnused($0) })
      else { continue }
      guard budget.take(at: node) else { return changed }
      graph.removeDeadNode(node.id)
      changed = true
    }
    return changed
  }
}
