/// What of a graph its outputs depend on. The rest is not translated: it may use what no tensor can hold.
struct ONNXUses {
  /// In the order of the file.
  private(set) var nodes: [ONNXNode] = []
  /// The values that these nodes or the outputs use, in graphs within them too.
  private(set) var names: Set<String>

  init(of nodes: [ONNXNode], outputs: [String]) {
    names = Set(outputs)
    for node in nodes.reversed() where node.outputs.contains(where: { !$0.isEmpty && names.contains($0) }) {
      self.nodes.append(node)
      take(node)
    }
    self.nodes.reverse()
  }

  private mutating func take(_ node: ONNXNode) {
    names.formUnion(node.inputs)
    for attribute in node.attributes {
      switch attribute.value {
      case .graph(let graph): take(graph)
      case .graphs(let graphs): for graph in graphs { take(graph) }
      default: break
      }
    }
  }

  private mutating func take(_ graph: ONNXGraph) {
    names.formUnion(graph.outputs.map(\.name))
    for node in graph.nodes { take(node) }
  }
}
