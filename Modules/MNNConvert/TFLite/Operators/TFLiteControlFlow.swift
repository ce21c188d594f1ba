import MNNGraph

/// Operators that run other graphs of the file.
enum TFLiteControlFlow {
  static let operators: [TFLiteOperator] = [
    .stored("CALL") { node, scope throws(ImportError) in
      let index = try node.int("subgraph", default: 0)
      try scope.finish(try scope.importer.inline(index, try node.allInputs(), in: scope, prefix: node.name + "/"))
    },
    .stored("IF", branch),
    .stored("WHILE", loop),
  ]

  private static func branch(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    let inputs = Array(try node.allInputs().dropFirst())
    let types = inputs.map { scope.type(of: $0) }
    let then = try scope.importer.subgraph(try node.int("then_subgraph_index", default: 0), inputs: types, in: scope)
    let other = try scope.importer.subgraph(try node.int("else_subgraph_index", default: 0), inputs: types, in: scope)
    guard then.outputs.count == other.outputs.count else {
      throw ImportError(
        .invalidGraph, "the branches differ in their number of results", expected: "\(then.outputs.count)",
        found: "\(other.outputs.count)")
    }
    try scope.append(If(thenBranch: then, elseBranch: other), [try node.input(0)] + inputs)
  }

  /// The condition is a graph too: it is computed before the loop, then in the body, of what the body gave.
  private static func loop(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    let inputs = try node.allInputs()
    let condition = try node.int("cond_subgraph_index", default: 0)
    let types = inputs.map { scope.type(of: $0) }
    let body = try scope.importer.subgraph(
      try node.int("body_subgraph_index", default: 0), inputs: types,
      leading: [TensorType(.int64, []), TensorType(.bool, [])], in: scope
    ) { inner, results throws(ImportError) in
      guard results.count == inputs.count else {
        throw ImportError(
          .invalidGraph, "the loop's body has the wrong outputs", expected: "\(inputs.count)", found: "\(results.count)")
      }
      return [try holds(inner, results, prefix: "condition/")] + results
    }
    func holds(_ scope: TFLiteScope, _ values: [Value.ID], prefix: String) throws(ImportError) -> Value.ID {
      let results = try scope.importer.inline(condition, values, in: scope, prefix: prefix)
      guard results.count == 1 else {
        throw ImportError(.invalidGraph, "the loop's condition is not one value", expected: "1 output", found: "\(results.count)")
      }
      return results[0]
    }
    let first = try holds(scope, inputs, prefix: node.name + "/condition/")
    try scope.append(Loop(body: body, carriedCount: inputs.count), [nil, first] + inputs)
  }
}
