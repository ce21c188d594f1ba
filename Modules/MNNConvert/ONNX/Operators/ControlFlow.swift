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
    try scope.append(If(thenBranch: then.graph, elseBranch: other.graph), [try node.input(0)] + outer)
  }

  private static func loop(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let carried = Array(try inputs(of: node, from: 2))
    let types = [TensorType(.int64, []), TensorType(.bool, [])] + carried.map { scope.type(of: $0) }
    let body = try scope.subgraph(try node.graph("body"), inputs: types)
    try requireInputs(body, 2 + carried.count)
    let outer = body.captures.map(\.outer)
    let inputs = [node.optionalInput(0), node.optionalInput(1)] + carried + outer
    try scope.append(Loop(body: body.graph, carriedCount: carried.count), inputs)
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
