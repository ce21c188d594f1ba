import MNNGraph

/// A specialized graph, cut where shapes stop being known: a part that can be planned, the nodes at the border that must be
/// computed to know more, and the rest, which is planned once they are.
struct Stage: Sendable {
  /// The plannable part. Its outputs are `kept`.
  let plannable: Graph
  /// Values of the specialized graph that the plannable part gives out, in order.
  let kept: [Value.ID]
  /// Control flow, and nodes whose results' shapes depend on data: computed on the host after the plannable part.
  let border: [Node]
  /// Constants that border nodes use.
  let constants: [Value.ID: Tensor]
  /// What is left, or nil if nothing is.
  let rest: Graph?
  /// Values of the specialized graph that are the rest's inputs, in order.
  let restInputs: [Value.ID]

  init(_ graph: Graph) throws(GraphError) {
    var available = Set(graph.inputs)
    var waiting: Set<Value.ID> = []
    var planned: [Node] = []
    var border: [Node] = []
    var rest: [Node] = []
    for node in graph.nodes {
      let inputs = node.inputs.compactMap { $0 }
      if inputs.contains(where: { waiting.contains($0) }) {
        rest.append(node)
        waiting.formUnion(node.results)
      } else if node.op is any ControlFlowOperator
        || node.results.contains(where: { graph[$0].type?.shape.sizes == nil })
      {
        border.append(node)
        waiting.formUnion(node.results)
      } else {
        planned.append(node)
        available.formUnion(node.results)
      }
    }
    // What is needed beyond the plannable part.
    var needed: [Value.ID] = []
    var seen: Set<Value.ID> = []
    func need(_ id: Value.ID) {
      if available.contains(id), seen.insert(id).inserted { needed.append(id) }
    }
    if border.isEmpty {
      needed = graph.outputs
    } else {
      graph.outputs.forEach(need)
    }
    for node in border + rest { node.inputs.compactMap { $0 }.forEach(need) }
    kept = needed
    plannable = try graph.extracting(planned, inputs: graph.inputs, outputs: needed)
    self.border = border
    constants = Dictionary(
      border.flatMap(\.inputs).compactMap { id in id.flatMap { id in graph.constant(id).map { (id, $0) } } },
      uniquingKeysWith: { first, _ in first })
    if border.isEmpty {
      self.rest = nil
      restInputs = []
      return
    }
    var inputs: [Value.ID] = []
    seen = []
    let borderResults = Set(border.flatMap(\.results))
    func takeInput(_ id: Value.ID) {
      if available.contains(id) || borderResults.contains(id), seen.insert(id).inserted { inputs.append(id) }
    }
    for node in rest { node.inputs.compactMap { $0 }.forEach(takeInput) }
    graph.outputs.forEach(takeInput)
    restInputs = inputs
    self.rest = try graph.extracting(rest, inputs: inputs, outputs: graph.outputs)
  }
}
