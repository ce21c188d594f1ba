import MNNGraph

/// Branches and loops. See `Docs/format.md`, 11.
enum ControlFlowCodec {
  static let readers: [OperatorReader] = [
    .read(.If, branch),
    .read(.While, loop),
  ]

  static let writers: [OperatorWriter] = [
    .write(If.self) { op, node, scope throws(FormatError) in
      let then = try scope.model.subgraph(op.thenBranch, suggestedName: "\(node.name)/then")
      let other = try scope.model.subgraph(op.elseBranch, suggestedName: "\(node.name)/else")
      var p = Wire.IfParam()
      p.then_graph = then.name
      p.else_graph = other.name
      p.aliases_inputs = [Wire.StringVec()] + zip(then.inputs, other.inputs).map { names($0 == $1 ? [$0] : [$0, $1]) }
      p.aliases_outputs = zip(then.outputs, other.outputs).map { names([$0, $1]) }
      return .make(.If, p)
    },
    OperatorWriter(kind: ObjectIdentifier(Loop.self), accepts: { _, _ in true }, write: writeLoop),
  ]

  private static func names(_ list: [String]) -> Wire.StringVec {
    var vector = Wire.StringVec()
    vector.data = list
    return vector
  }

  /// Types of a subgraph's inputs: what is fed, with sizes left open, for they may change from run to run.
  static func open(_ id: Value.ID?, _ scope: ReadingScope, _ name: String) -> TensorType? {
    guard let id, let type = scope.type(of: id) else { return nil }
    return TensorType(type.dtype, Shape((0..<type.shape.rank).map { Dimension.symbol("\(name).\($0)") }))
  }

  // MARK: If

  private static func branch(_ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    let p = scope.main(Wire.IfParam.self)
    let aliases = p.aliases_inputs ?? []
    func graph(_ name: String?) throws(FormatError) -> (Graph, [Int]) {
      let inputs = try scope.model.inputNames(of: name)
      var sources: [Int] = []
      var types: [TensorType?] = []
      for (k, input) in inputs.enumerated() {
        let source = aliases.firstIndex { $0.data?.contains(input) ?? false } ?? k + 1
        sources.append(source)
        types.append(open(scope.optional(source), scope, input))
      }
      return (try scope.model.graph(named: name, types: types), sources)
    }
    let (then, thenSources) = try graph(p.then_graph)
    let (other, otherSources) = try graph(p.else_graph)
    // Both branches take all values that either uses.
    var sources: [Int] = []
    for source in thenSources + otherSources where !sources.contains(source) { sources.append(source) }
    func output(_ graph: Graph, _ name: String?, _ position: Int) throws(FormatError) -> Int {
      if let name, let index = graph.outputs.firstIndex(where: { graph[$0].name == name }) { return index }
      guard position < graph.outputs.count else {
        throw FormatError(
          .subgraphInvalid, "a branch has too few results", expected: "\(position + 1)", found: "\(graph.outputs.count)")
      }
      return position
    }
    let outputs = p.aliases_outputs ?? []
    var thenOrder: [Int] = []
    var otherOrder: [Int] = []
    for k in 0..<scope.resultCount {
      let pair = k < outputs.count ? outputs[k].data ?? [] : []
      thenOrder.append(try output(then, pair.first, k))
      otherOrder.append(try output(other, pair.count > 1 ? pair[1] : nil, k))
    }
    let types = sources.map { open(scope.optional($0), scope, "outer\($0)") }
    let op = If(
      thenBranch: rearranged(then, inputs: thenSources, as: sources, types, outputs: thenOrder),
      elseBranch: rearranged(other, inputs: otherSources, as: sources, types, outputs: otherOrder))
    var inputs: [Value.ID?] = [try scope.input(0)]
    for source in sources { inputs.append(try scope.input(source)) }
    return try scope.append(op, inputs)
  }

  /// The graph with inputs for all sources, in their order, and its outputs in an order.
  private static func rearranged(
    _ graph: Graph, inputs own: [Int], as sources: [Int], _ types: [TensorType?], outputs: [Int]
  ) -> Graph {
    var graph = graph
    let existing = graph.inputs
    var order: [Value.ID] = []
    for (i, source) in sources.enumerated() {
      if let k = own.firstIndex(of: source) {
        order.append(existing[k])
      } else {
        order.append(graph.addInput("unused\(i)", type: types[i]))
      }
    }
    graph.orderInputs(order)
    let results = graph.outputs
    graph.setOutputs(outputs.map { results[$0] })
    return graph
  }

  // MARK: While

  /// ONNX's loop: no condition graph, the condition is the body's first output.
  private static func loop(_ scope: ReadingScope) throws(FormatError) -> [Value.ID] {
    guard let p = scope.op.main(as: Wire.WhileParam.self) else {
      throw FormatError(.operatorUnsupported, "a loop over regions")
    }
    guard p.cond_graph == nil || p.cond_graph == "" else {
      throw FormatError(.operatorUnsupported, "a loop with a graph for its condition")
    }
    let names = try scope.model.inputNames(of: p.body_graph)
    guard names.count == scope.inputCount, names.count >= 2 else {
      throw FormatError(
        .subgraphInvalid, "the loop's body has the wrong number of inputs", expected: "\(scope.inputCount)",
        found: "\(names.count)")
    }
    var types: [TensorType?] = [TensorType(.int64, []), open(scope.optional(1), scope, "condition") ?? TensorType(.int32, [])]
    for i in 2..<max(2, names.count) { types.append(open(scope.optional(i), scope, names[i])) }
    var body = try scope.model.graph(named: p.body_graph, types: types, iteration: 0)
    // Everything the body takes is carried; MNN has no outer values.
    let carried = names.count - 2
    guard body.outputs.count >= 1 + carried else {
      throw FormatError(
        .subgraphInvalid, "the loop's body gives too few values", expected: "\(1 + carried)", found: "\(body.outputs.count)")
    }
    body.name = p.body_graph ?? "body"
    return try scope.append(Loop(body: body, carriedCount: carried), scope.inputs)
  }

  private static func writeLoop(_ node: Node, _ scope: WritingScope) throws(FormatError) {
    guard let op = node.op as? Loop else { return }
    let body = try scope.model.subgraph(passingOuterValues(op, node), suggestedName: "\(node.name)/body")
    var p = Wire.WhileParam()
    p.body_graph = body.name
    var inputs: [Int32] = []
    for (i, id) in node.inputs.enumerated() {
      if let id {
        inputs.append(try scope.tensor(id))
      } else {
        inputs.append(try scope.constant(scalar: i == 0 ? 1 << 30 : 1, "\(node.name)/\(i == 0 ? "limit" : "condition")"))
      }
    }
    var wire = Wire.Op.make(.While, p).with(inputs: inputs)
    wire.name = "\(node.name)/Loop"
    // MNN counts every outer value as carried: each comes out again, before what is collected.
    scope.emit(
      wire, results: Array(node.results.prefix(op.carriedCount)),
      unused: max(0, node.inputs.count - 2 - op.carriedCount), Array(node.results.dropFirst(op.carriedCount)))
  }

  /// The body with its outer values passed through, as the format wants it.
  private static func passingOuterValues(_ op: Loop, _ node: Node) -> Graph {
    var body = op.body
    let outer = Array(body.inputs.dropFirst(2 + op.carriedCount))
    let outputs = body.outputs
    body.setOutputs(Array(outputs.prefix(1 + op.carriedCount)) + outer + Array(outputs.dropFirst(1 + op.carriedCount)))
    return body
  }
}
