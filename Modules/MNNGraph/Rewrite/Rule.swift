/// A rewriting of one node: looks at it and answers with a patch, or nil.
public struct Rule: Sendable {
  /// Kebab-case; what `--disable-pass` takes.
  public let name: String
  /// The type of the operators it is about; nil for any.
  let kind: ObjectIdentifier?
  let match: @Sendable (Node, Graph) throws(GraphError) -> GraphPatch?

  /// A rule about nodes of operator `Op`.
  public init<Op: Operator>(
    _ name: String, on: Op.Type,
    _ match: @escaping @Sendable (Op, Node, Graph) throws(GraphError) -> GraphPatch?
  ) {
    self.name = name
    kind = ObjectIdentifier(Op.self)
    self.match = { node, graph throws(GraphError) in
      guard let op = node.op as? Op else { return nil }
      return try match(op, node, graph)
    }
  }

  /// A rule about nodes of any operator.
  public init(_ name: String, onAny match: @escaping @Sendable (Node, Graph) throws(GraphError) -> GraphPatch?) {
    self.name = name
    kind = nil
    self.match = match
  }
}

/// New nodes that take the place of a node's results.
public struct GraphPatch {
  let node: Node.ID
  let build: (inout GraphBuilder) throws(GraphError) -> [Value.ID]

  /// `build` adds nodes and returns one value per result of `node`. The replaced node, and what only it used, are removed.
  public init(replacing node: Node, _ build: @escaping (inout GraphBuilder) throws(GraphError) -> [Value.ID]) {
    self.node = node.id
    self.build = build
  }

  /// Uses `value` in place of the only result of `node`.
  public init(replacing node: Node, with value: Value.ID) {
    self.init(replacing: node) { _ in [value] }
  }
}

extension Pass {
  /// One sweep over the nodes with one rule, applied again to what it made until it no longer matches.
  public init(_ rule: Rule) {
    self.init(rule.name) { graph, budget throws(GraphError) in
      var changed = false
      for id in graph.nodeIDs where rule.kind == nil || graph.kind(of: id) == rule.kind {
        guard let node = graph[id] else { continue }
        budget.steps += 1
        let patch: GraphPatch?
        do throws(GraphError) { patch = try rule.match(node, graph) } catch {
          throw error.at(node: node.name, operator: node.op.name)
        }
        guard let patch else { continue }
        guard budget.take(at: node) else { return changed }
        do throws(GraphError) { try graph.apply(patch) } catch { throw error.at(node: node.name, operator: node.op.name) }
        changed = true
      }
      return changed
    }
  }
}

extension Graph {
  /// Applies a patch and removes what died with the replaced node.
  package mutating func apply(_ patch: GraphPatch) throws(GraphError) {
    guard let node = self[patch.node] else { return }
    var builder = GraphBuilder(self, prefix: node.name)
    self = Graph()  // so that the builder is the only owner
    var replacements: [Value.ID] = []
    do throws(GraphError) { replacements = try patch.build(&builder) } catch {
      self = builder.take()
      throw error
    }
    self = builder.take()
    guard replacements.count == node.results.count else {
      throw GraphError(
        .passFailed, "a patch has the wrong number of results", expected: "\(node.results.count)",
        found: "\(replacements.count)")
    }
    for (old, new) in zip(node.results, replacements) {
      if self[new].type == nil { setType(self[old].type, of: new) }
      try replaceAllUses(of: old, with: new)
    }
    removeDeadNode(patch.node)
  }

  /// Removes a node if nothing uses its results, then its producers if they died with it.
  package mutating func removeDeadNode(_ id: Node.ID) {
    var pending = [id]
    while let next = pending.popLast() {
      guard let node = self[next],
        node.results.allSatisfy({ isUnused($0) })
      else { continue }
      let producers = node.inputs.compactMap { producer(of: $0)?.id }
      remove(next)
      pending += producers
    }
  }
}
