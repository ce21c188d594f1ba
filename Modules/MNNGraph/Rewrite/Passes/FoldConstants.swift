extension Pass {
  /// Computes nodes whose inputs are constant or whose results follow from types: `Shape(x[1, 3]) -> const [1, 3]`.
  public static let foldConstants = foldConstants { _, _ in true }

  /// As above, but nothing is taken from the sizes of inputs, which in `.mnn` files are an example.
  public static let foldConstantsAlone = foldConstants { node, graph in
    node.inputs.allSatisfy { $0.map { graph.constant($0) != nil } ?? true }
  }

  private static func foldConstants(_ isFoldable: @escaping @Sendable (Node, Graph) -> Bool) -> Pass {
    Pass("fold-constants") { graph, budget throws(GraphError) in
      var changed = false
      for node in graph.nodes {
        budget.steps += 1
        guard let node = graph[node.id], isFoldable(node, graph) else { continue }
        let tensors: [Tensor]?
        do throws(GraphError) { tensors = try graph.foldedResults(of: node) } catch {
          throw error.at(node: node.name, operator: node.op.name)
        }
        guard let tensors else { continue }
        guard budget.take(at: node) else { return changed }
        for (id, tensor) in zip(node.results, tensors) { try graph.makeConstant(id, tensor) }
        graph.removeDeadNode(node.id)
        changed = true
      }
      if changed { try graph.inferTypes() }
      return changed
    }
  }
}
