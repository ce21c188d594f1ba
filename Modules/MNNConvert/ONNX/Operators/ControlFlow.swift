import MNNGraph

/// Operators that hold graphs. What such a graph uses from outside becomes inputs of the node.
enum ONNXControlFlow {
  static let operators: [ONNXOperator] = [
    .op("If", branch),
    .op("Loop", loop),
    .op("Scan", since: [9: scan]),
  ]

  private static func branch(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let then = try scope.subgraph(try node.graph("then_branch"), inputs: [])
    let other = try scope.subgraph(try node.graph("else_branch"), inputs: [])
    // Both branches take the same list of outer values.
    var outer: [Value.ID] = []
    for (value, _) in then.captures + other.captures where !outer.contains(value) { outer.append(value) }
    then.takeCaptures(outer, of: scope)
    other.takeCaptures(outer, of: scope)
    guard then.outputStructures.map({ $0 == nil }) == other.outputStructures.map({ $0 == nil }) else {
      throw ImportError(.invalidGraph, "the branches differ in which of their outputs are sequences")
    }
    let results = try scope.add(
      results: If(thenBranch: then.graph, elseBranch: other.graph), [try node.input(0)] + outer, named: true)
    try finish(results, as: then.outputStructures, node, scope)
  }

  /// Says what the node's outputs are, two results for each sequence.
  ///
  /// - Parameter structures: what the outputs of a graph within the node are.
  private static func finish(
    _ results: [Value.ID], as structures: some Sequence<ONNXStructure?>, _ node: ONNXCall, _ scope: ONNXScope
  ) throws(ImportError) {
    var rest = results[...]
    for (structure, name) in zip(structures, node.node.outputs) {
      let count = structure == nil ? 1 : 2
      guard rest.count >= count else { throw ImportError(.invalidGraph, "the graphs within the node differ in their outputs") }
      let parts = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
      if name.isEmpty { continue }
      if count == 2 {
        try scope.define(name, as: .packed(elements: parts[0], layout: parts[1]))
      } else {
        try scope.define(name, as: parts[0])
      }
    }
  }

  private static func loop(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    var carried: [Value.ID] = []
    var types: [TensorType?] = [TensorType(.int64, []), TensorType(.bool, [])]
    for index in min(2, node.inputs.count)..<node.inputs.count {
      if let structure = node.structures[index] {
        let list = try scope.packed(structure)
        carried += [list.elements, list.layout]
        types.append(nil)
      } else {
        carried.append(try node.input(index))
        types.append(scope.type(of: try node.input(index)))
      }
    }
    let body = try scope.subgraph(try node.graph("body"), inputs: types)
    try requireInputs(body, 2 + carried.count)
    let outer = body.captures.map(\.outer)
    let inputs = [node.optionalInput(0), node.optionalInput(1)] + carried + outer
    let results = try scope.add(results: Loop(body: body.graph, carriedCount: carried.count), inputs, named: true)
    try finish(results, as: body.outputStructures.dropFirst(), node, scope)
  }

  private static func scan(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let count = try node.required("num_scan_inputs", try node.int("num_scan_inputs"))
    let all = try inputs(of: node, from: 0)
    guard count > 0, count <= all.count else {
      throw node.invalid("num_scan_inputs", expected: "1 to \(all.count)", found: "\(count)")
    }
    let stateCount = all.count - count
    let inputAxes = try node.ints("scan_input_axes") ?? [Int](repeating: 0, count: count)
    var types: [TensorType?] = all.map { scope.type(of: $0) }
    for (i, axis) in inputAxes.prefix(count).enumerated() {
      guard var type = types[stateCount + i] else { continue }
      type.shape.dimensions.remove(at: try scope.converting { () throws(GraphError) in try type.shape.axis(axis) })
      types[stateCount + i] = type
    }
    let body = try scope.subgraph(try node.graph("body"), inputs: types)
    try requireInputs(body, all.count)
    let resultCount = body.graph.outputs.count - stateCount
    guard resultCount >= 0 else {
      throw ImportError(
        .invalidGraph, "the body has too few outputs", expected: "at least \(stateCount)",
        found: "\(body.graph.outputs.count)")
    }
    func reversed(_ name: String, _ count: Int) throws(ImportError) -> [Bool] {
      try node.ints(name)?.map { $0 != 0 } ?? [Bool](repeating: false, count: count)
    }
    let op = Scan(
      body: body.graph, stateCount: stateCount, inputAxes: inputAxes,
      inputsReversed: try reversed("scan_input_directions", count),
      outputAxes: try node.ints("scan_output_axes") ?? [Int](repeating: 0, count: resultCount),
      outputsReversed: try reversed("scan_output_directions", resultCount))
    try scope.append(op, all + body.captures.map(\.outer))
  }

  private static func inputs(of node: ONNXCall, from first: Int) throws(ImportError) -> [Value.ID] {
    var result: [Value.ID] = []
    for index in min(first, node.inputs.count)..<node.inputs.count { result.append(try node.input(index)) }
    return result
  }

  /// The body's own inputs come first, then what it captured.
  private static func requireInputs(_ body: ONNXTarget, _ count: Int) throws(ImportError) {
    let own = body.graph.inputs.count - body.captures.count
    guard own == count else {
      throw ImportError(
        .invalidGraph, "the body has the wrong number of inputs", expected: "\(count)", found: "\(own)")
    }
  }
}
