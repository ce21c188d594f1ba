extension Rule {
  /// An activation that came with an arithmetic operator is an operator of its own, which what precedes may take in:
  /// `a + b, then f -> f(a + b)`.
  public static let splitActivation = Rule("split-activation", on: Binary.self) { op, node, graph throws(GraphError) in
    guard op.activation != .identity else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let y = try builder.add(results: Binary(op.function), node.inputs)
      return try builder.add(results: Unary(op.activation), y, name: node.name)
    }
  }

  /// Elementwise operators that follow each other are one pass over memory: `f(g(x, y), z) -> chain(x, y, z)`, where nothing else
  /// uses what `g` gives.
  public static func fuseElementwise(_ claims: @escaping Claim) -> Rule {
    Rule("fuse-elementwise") { node, graph throws(GraphError) in
      guard let last = ElementwiseChain(node, in: graph), let type = graph[node.results[0]].type, type.shape.sizes != nil else {
        return nil
      }
      for case let input? in node.inputs {
        guard graph.hasSoleUser(input), let producer = graph.producer(of: input),
          graph[input].type?.shape == type.shape, let first = ElementwiseChain(producer, in: graph)
        else { continue }
        let (op, inputs) = first.continued(by: last, at: input)
        if let patch = GraphPatch(replacing: node, with: op, inputs.map { $0 }, in: graph, ifClaimed: claims) { return patch }
      }
      return nil
    }
  }
}

/// An elementwise node, or several that are one already, as a chain over values, each named once.
private struct ElementwiseChain {
  var steps: [FusedElementwise.Step]
  var inputs: [Value.ID]

  init?(_ node: Node, in graph: Graph) {
    var values: [Value.ID] = []
    for input in node.inputs {
      guard let input else { return nil }
      values.append(input)
    }
    if let op = node.op as? FusedElementwise {
      (steps, inputs) = (op.steps, values)
      return
    }
    guard let function = FusedElementwise.Function(node.op) else { return nil }
    inputs = []
    var sources: [FusedElementwise.Source] = []
    for value in values {
      if !inputs.contains(value) { inputs.append(value) }
      sources.append(.input(inputs.firstIndex(of: value) ?? 0))
    }
    steps = [FusedElementwise.Step(function: function, sources: sources)]
  }

  /// This chain, then `next`, which has its result as the input `joint`.
  func continued(by next: ElementwiseChain, at joint: Value.ID) -> (op: FusedElementwise, inputs: [Value.ID]) {
    var inputs = inputs
    var steps = steps
    var places: [FusedElementwise.Source] = []
    for input in next.inputs {
      if input == joint { places.append(.step(self.steps.count - 1)); continue }
      if !inputs.contains(input) { inputs.append(input) }
      places.append(.input(inputs.firstIndex(of: input) ?? 0))
    }
    for step in next.steps {
      var moved = step
      moved.sources = step.sources.map { source in
        switch source {
        case .input(let i): places[i]
        case .step(let i): .step(i + self.steps.count)
        }
      }
      steps.append(moved)
    }
    return (FusedElementwise(steps: steps), inputs)
  }
}
