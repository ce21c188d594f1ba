extension Graph {
  /// A graph of some of this graph's nodes.
  ///
  /// - Parameters:
  ///   - nodes: in topological order.
  ///   - inputs: values that become the inputs, in order; constants that the nodes use are taken along.
  ///   - outputs: values that become the outputs, in order.
  /// - Throws: ``GraphError/Code/graphInvalid`` if a node uses a value that is none of these.
  package func extracting(
    _ nodes: [Node], inputs: [Value.ID], outputs: [Value.ID], name: String? = nil
  ) throws(GraphError) -> Graph {
    var result = Graph(name: name ?? self.name)
    result.format = format
    result.toleratesMisfits = toleratesMisfits
    var map: [Value.ID: Value.ID] = [:]
    for id in inputs { map[id] = result.addInput(self[id].name, type: self[id].type) }
    func mapped(_ id: Value.ID) throws(GraphError) -> Value.ID {
      if let known = map[id] { return known }
      guard let tensor = constant(id) else {
        throw GraphError(.graphInvalid, "value \"\(self[id].name)\" lies outside the extracted part")
      }
      let new = result.addConstant(tensor, name: self[id].name)
      map[id] = new
      return new
    }
    for node in nodes {
      var list: [Value.ID?] = []
      for input in node.inputs { list.append(try input.map { id throws(GraphError) in try mapped(id) }) }
      let results = result.appendUnchecked(
        node.op, list, name: node.name, results: node.results.map { (self[$0].name, self[$0].type) })
      for (old, new) in zip(node.results, results) { map[old] = new }
    }
    var ids: [Value.ID] = []
    for id in outputs { ids.append(try mapped(id)) }
    result.setOutputs(ids)
    return result
  }
}
