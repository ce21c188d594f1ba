/// A graph as lines of text, for people and for tests: `%c: float32[1, 8] = Add(%a, %b)`.
struct GraphText {
  var lines: [String] = []

  init(_ graph: Graph) {
    var names: [Value.ID: String] = [:]
    func name(_ id: Value.ID?) -> String {
      guard let id else { return "_" }
      if let known = names[id] { return known }
      let text: String
      if let tensor = graph.constant(id) {
        text = tensor.count <= 8 ? "const(\(tensor))" : "const(\(tensor.type))"
      } else {
        text = "%\(names.count)"
      }
      names[id] = text
      return text
    }
    func typed(_ id: Value.ID) -> String { "\(name(id)): \(graph[id].type?.description ?? "?")" }
    lines.append("graph \(graph.name)(" + graph.inputs.map { "\(typed($0)) \"\(graph[$0].name)\"" }.joined(separator: ", ") + ")")
    for node in graph.nodes {
      let results = node.results.map(typed).joined(separator: ", ")
      lines.append("  \(results) = \(node.op)(" + node.inputs.map(name).joined(separator: ", ") + ")")
    }
    lines.append("  return " + graph.outputs.map { "\(name($0)) \"\(graph[$0].name)\"" }.joined(separator: ", "))
  }
}

extension Graph: CustomStringConvertible {
  public var description: String { GraphText(self).lines.joined(separator: "\n") }
}
