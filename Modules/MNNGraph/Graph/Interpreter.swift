/// Runs a graph by the operators' reference meanings: slow, and the oracle of everything that is fast.
///
/// Where there is a current ``WorkBudget``, every node's work is spent from it before the node is computed.
public struct Interpreter: Sendable {
  private let phase: WorkBudget.Phase

  public init(phase: WorkBudget.Phase = .running) { self.phase = phase }

  /// - Parameter inputs: one tensor per graph input, in order.
  /// - Returns: one tensor per graph output, in order.
  /// - Throws: ``GraphError`` naming the node.
  public func run(_ graph: Graph, _ inputs: [Tensor]) throws(GraphError) -> [Tensor] {
    guard inputs.count == graph.inputs.count else {
      throw GraphError(
        .inputMissing, "wrong number of inputs for graph \"\(graph.name)\"", expected: "\(graph.inputs.count)",
        found: "\(inputs.count)")
    }
    // A loop whose body is empty must come to an end too.
    try WorkBudget.current?.spend(Work(operations: Interpreter.nodeOperations), on: phase)
    var values: [Value.ID: Tensor] = [:]
    for (id, tensor) in zip(graph.inputs, inputs) { values[id] = tensor }
    func value(_ id: Value.ID) throws(GraphError) -> Tensor {
      guard let tensor = values[id] ?? graph.constant(id) else {
        throw GraphError(.graphInvalid, "value \"\(graph[id].name)\" is used before it is computed")
      }
      return tensor
    }
    for node in graph.nodes {
      do throws(GraphError) {
        var list: [Tensor?] = []
        for input in node.inputs { list.append(try input.map { id throws(GraphError) in try value(id) }) }
        let results = try evaluate(node.op, Arguments(list))
        for (id, tensor) in zip(node.results, results) { values[id] = tensor }
      } catch { throw error.at(node: node.name, operator: node.op.name) }
    }
    var outputs: [Tensor] = []
    for id in graph.outputs { outputs.append(try value(id)) }
    return outputs
  }

  /// Computes one operator on tensors.
  public func evaluate(_ op: any Operator, _ arguments: Arguments) throws(GraphError) -> [Tensor] {
    if let known = try op.constantResults(for: Operands(arguments.list.map { $0.map { Operand($0) } })) { return known }
    var types: [TensorType] = []
    if !op.infersByComputing {
      do throws(GraphError) { types = try op.resultTypes(for: arguments.operands) } catch {
        guard error.code == .dependsOnData else { throw error }
      }
    }
    // A composite is charged by its parts.
    let own = op is any CompositeOperator ? Work() : op.work(for: arguments.operands, results: types)
    if let budget = WorkBudget.current {
      try budget.spend(own + Work(operations: Interpreter.nodeOperations), on: phase)
    } else if own.bytes > 1 << 26 {
      // Arrays on the way would end the process where memory is short: ask for it first.
      _ = try TensorStorage.allocate(byteCount: own.bytes)
    }
    try op.checkPacking(arguments.operands, types)
    switch op {
    case let op as any PrimitiveOperator:
      return try op.evaluate(arguments)
    case let op as any LayoutOperator:
      let regions = try op.regions(for: arguments.operands)
      var results: [Tensor] = []
      for (type, regions) in zip(types, regions) {
        // Only what is copied takes part: shapes and axes may be of another type, optional inputs absent.
        let used = Array(Set(regions.map(\.input))).sorted()
        let sources = used.isEmpty ? [arguments[optional: 0]] : used.map { arguments[optional: $0] }
        var renumbered = regions
        for i in renumbered.indices { renumbered[i].input = used.firstIndex(of: regions[i].input) ?? 0 }
        results += try Raster(shape: type.shape.concreteSizes(), regions: renumbered).evaluate(Arguments(sources))
      }
      return results
    case let op as any CompositeOperator:
      return try run(expansion(of: op, for: arguments.operands), arguments.list.compactMap { $0 })
    case let op as any ControlFlowOperator:
      return try op.evaluate(arguments) { index, tensors throws(GraphError) in try run(op.subgraphs[index], tensors) }
    default:
      throw GraphError(.graphInvalid, "operator \(op.name) has no meaning")
    }
  }

  /// What a node costs beside its elements, in operations.
  private static let nodeOperations = 256

  /// What computing an operator takes, its expansion included, if its operands' contents are as known.
  func work(of op: any Operator, for operands: Operands, results: [TensorType]) throws(GraphError) -> Work {
    let own = op.work(for: operands, results: results)
    guard let op = op as? any CompositeOperator else { return own }
    // The tables that an expansion makes are no larger than inputs and results.
    if let budget = WorkBudget.current, !budget.hasShare(own) { return own }
    let graph = try expansion(of: op, for: operands)
    var sum = Work()
    for node in graph.nodes {
      let types = node.results.compactMap { graph[$0].type }
      let list = node.inputs.map { $0.flatMap { graph.operand($0) } }
      sum += try work(of: node.op, for: Operands(list), results: types)
    }
    return sum
  }

  private func expansion(
    of op: any CompositeOperator, for operands: Operands
  ) throws(GraphError) -> Graph {
    var graph = Graph(name: op.name)
    let ids = operands.list.map { $0.map { graph.addInput("", type: $0.type) } }
    // An operand whose contents decide a shape is a constant of the expansion.
    let inputs = zip(ids, operands.list).map { id, operand -> Value.ID? in
      guard let id, let operand else { return nil }
      guard let tensor = operand.constant, tensor.dtype.isInteger, tensor.rank <= 1 else { return id }
      return graph.addConstant(tensor)
    }
    var builder = GraphBuilder(graph, prefix: op.name)
    let results = try op.expand(inputs, in: &builder)
    graph = builder.take()
    graph.setOutputs(results)
    try graph.sortTopologically()
    return graph
  }
}
