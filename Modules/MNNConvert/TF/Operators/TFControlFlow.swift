import MNNGraph

/// Loops, branches and calls: those that are functions, and those that TensorFlow 1 makes of Switch and Merge.
enum TFControlFlow {
  static let operators: [TFOperator] =
    [
      .op("Enter", enter),
      .op("Exit", exit),
      .op("LoopCond") { node, scope throws(ImportError) in try scope.finish(try node.input(0)) },
      .op("Merge", merge),
      .op("NextIteration") { node, scope throws(ImportError) in try scope.finish(values: node.values) },
      .op("Switch") { node, scope throws(ImportError) in
        // Outside of what it guards a value is itself, on both ways.
        let value = try scope.isGate(node.node) ? scope.captured(node.node.inputs[0]) : first(node)
        try scope.finish(values: [value, value])
      },
    ] + TFOperator.ops("If", "StatelessIf", translate: branch) + TFOperator.ops("StatelessWhile", "While", translate: loop)
    + TFOperator.ops("PartitionedCall", "StatefulPartitionedCall") { node, scope throws(ImportError) in
      try scope.finish(
        values: try scope.importer.inline(try node.function("f"), node.values, in: scope, prefix: node.name + "/"))
    }

  private static func first(_ node: TFCall) throws(ImportError) -> TFValue {
    guard let value = node.values.first else { throw ImportError(.invalidInput, "input 0 is missing") }
    return value
  }

  // MARK: Functions

  private static func branch(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let condition = try scope.truth(try node.input(0))
    let names = [true: try node.function("then_branch"), false: try node.function("else_branch")]
    let results = try scope.branches(condition, name: node.name) { target, holds throws(ImportError) in
      var values: [TFValue] = []
      for (i, value) in node.values.dropFirst().enumerated() {
        guard let id = value.tensor else { values.append(value); continue }
        values.append(.tensor(target.capture(id, of: scope, name: "\(node.name)/input_\(i)")))
      }
      return try scope.importer.fill(names[holds] ?? "", values, target: target, prefix: "", depth: scope.depth + 1).results
    }
    try scope.finish(results)
  }

  private static func loop(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let (condition, body) = (try node.function("cond"), try node.function("body"))
    node.ignore("_num_original_outputs")
    let depth = scope.depth + 1
    func goesOn(_ results: [TFValue]) throws(ImportError) -> Value.ID {
      guard results.count == 1, let id = results[0].tensor else {
        throw ImportError(.invalidGraph, "the loop's condition is not one value", expected: "1 output", found: "\(results.count)")
      }
      return id
    }
    let results = try scope.loop(node.values, name: node.name) { values throws(ImportError) in
      try scope.truth(
        try goesOn(try scope.importer.inline(condition, values, in: scope, prefix: node.name + "/condition/")))
    } body: { target, carried, prepare throws(ImportError) in
      let (next, inner) = try scope.importer.fill(body, carried, target: target, prefix: "", depth: depth, prepare)
      let holds = try goesOn(
        try scope.importer.fill(condition, next, target: target, prefix: "condition/", depth: depth).results)
      return (try inner.truth(holds), next, inner)
    }
    try scope.finish(results)
  }

  // MARK: Switch and Merge

  private static func enter(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    guard !scope.entersThis(node.node) else { return try scope.finish(values: [try scope.captured(try source(node))]) }
    try scope.finish(values: [try first(node)])
  }

  private static func source(_ node: TFCall) throws(ImportError) -> String {
    guard let input = node.node.inputs.first else { throw ImportError(.invalidInput, "input 0 is missing") }
    return input
  }

  /// A loop is made where the first of its results is asked for; all of them are known then.
  private static func exit(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let body = scope.body
    guard let place = body.exits[node.node.name], let frame = body.frames[place.frame], let end = body.nodes[frame.condition],
      let test = end.inputs.first
    else { throw ImportError(.invalidGraph, "the loop that this leaves is not complete", advice: "freeze the model again") }
    func input(_ name: String) throws(ImportError) -> String {
      guard let first = body.nodes[name]?.inputs.first else {
        throw ImportError(.invalidGraph, "the loop is not complete", found: "\"\(name)\"")
      }
      return first
    }
    func part(_ target: ImportTarget, _ values: [TFValue]) throws(ImportError) -> TFScope {
      let inner = try TFScope(
        importer: scope.importer, target: target, body: body, outer: scope, frame: place.frame, prefix: scope.prefix,
        depth: scope.depth + 1)
      for (variable, value) in zip(frame.variables, values) { inner.bind(variable.merge, to: [value]) }
      return inner
    }
    var initial: [TFValue] = []
    for variable in frame.variables { initial.append(try scope.value(try input(variable.enter))) }
    let results = try scope.loop(initial, name: scope.prefix + place.frame) { values throws(ImportError) in
      try part(scope.target, values).tensor(test)
    } body: { target, carried, prepare throws(ImportError) in
      let inner = try part(target, carried)
      prepare(inner)
      for (variable, value) in zip(frame.variables, carried) where !variable.switches.isEmpty {
        inner.bind(variable.switches, to: [value, value])
      }
      var next: [TFValue] = []
      for variable in frame.variables { next.append(try inner.value(try input(variable.next))) }
      return (try part(target, next).tensor(test), next, inner)
    }
    for (name, other) in body.exits where other.frame == place.frame { scope.bind(name, to: [.tensor(results[other.variable])]) }
  }

  private static func merge(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let inputs = node.node.inputs.filter { !$0.hasPrefix("^") }
    guard inputs.count == 2, !scope.body.merges.contains(node.node.name) else {
      throw ImportError(.invalidGraph, "a Merge that belongs to no branch or loop", found: "\(inputs.count) inputs")
    }
    let ways = inputs.map { gates(before: $0, scope.body) }
    // The condition that sends values to one side only here, and to the other there.
    let predicates = Set(ways[0].keys).union(ways[1].keys).sorted().compactMap {
      name -> (name: String, then: Int, isSure: Bool)? in
      let (a, b) = (ways[0][name] ?? [], ways[1][name] ?? [])
      if a == [1], b == [0] { return (name, 0, true) }
      if a == [0], b == [1] { return (name, 1, true) }
      if a.count + b.count == 1 { return (name, a == [1] || b == [0] ? 0 : 1, false) }
      return nil
    }
    guard let found = predicates.first(where: \.isSure) ?? predicates.first else {
      throw ImportError(.invalidGraph, "the condition of a Merge is not to be found", advice: "freeze the model again")
    }
    let condition = try scope.truth(try scope.tensor(found.name))
    let results = try scope.branches(condition, name: node.name) { target, holds throws(ImportError) in
      let inner = try TFScope(
        importer: scope.importer, target: target, body: scope.body, outer: scope, frame: scope.frame, predicate: found.name,
        prefix: scope.prefix, depth: scope.depth + 1)
      return [try inner.value(inputs[holds ? found.then : 1 - found.then])]
    }
    try scope.finish(results + [try scope.constant(Int32(0))])
  }

  /// The conditions of all Switch nodes that a value has come through, and on which sides.
  private static func gates(before reference: String, _ body: TFFrames) -> [String: Set<Int>] {
    var gates: [String: Set<Int>] = [:]
    var seen: Set<String> = []
    var stack = [reference]
    while let next = stack.popLast() {
      guard seen.insert(next).inserted, let node = body.nodes[TFFrames.source(next)] else { continue }
      if node.op == "Switch", node.inputs.count > 1, !next.hasPrefix("^") {
        gates[node.inputs[1], default: []].insert(next.hasSuffix(":1") ? 1 : 0)
        stack.append(node.inputs[0])
        continue
      }
      stack += node.inputs
    }
    return gates
  }
}
