extension Graph {
  /// Infers the types of all results again, in order, and folds nodes whose results follow from types or constants,
  /// so that shapes computed by the graph itself become known.
  ///
  /// - Throws: ``GraphError`` naming the node whose operands do not fit.
  package mutating func inferTypes() throws(GraphError) {
    try sortTopologically()
    for node in nodes {
      guard let node = self[node.id] else { continue }
      do throws(GraphError) {
        let types: [TensorType]?
        do throws(GraphError) { types = try inferTypes(node.op, node.inputs) } catch {
          guard toleratesMisfits, error.isMisfit else { throw error }
          types = nil
        }
        for (i, id) in node.results.enumerated() { setType(types?[i], of: id) }
        if let tensors = try foldedResults(of: node) {
          for (id, tensor) in zip(node.results, tensors) { try makeConstant(id, tensor) }
          removeDeadNode(node.id)
        }
      } catch { throw error.at(node: node.name, operator: node.op.name) }
    }
    try sortTopologically()
  }

  /// Gives the inputs these types, replaces symbols in all types, and infers everything again.
  ///
  /// - Parameter types: one per input, sizes all numbers.
  public func specialized(for types: [TensorType]) throws(GraphError) -> Graph {
    try specialized(for: types.map { Operand($0) })
  }

  /// As ``specialized(for:)-([TensorType])``; an input whose contents are given is used as a constant (and stays an input).
  package func specialized(for operands: [Operand]) throws(GraphError) -> Graph {
    guard operands.count == inputs.count else {
      throw GraphError(
        .inputMissing, "wrong number of inputs for graph \"\(name)\"", expected: "\(inputs.count)",
        found: "\(operands.count)")
    }
    var graph = self
    for (id, operand) in zip(inputs, operands) {
      graph.setType(operand.type, of: id)
      if let tensor = operand.constant, !graph.isOutput(id) {
        let constant = graph.addConstant(tensor, name: graph[id].name)
        try graph.replaceAllUses(of: id, with: constant)
      }
    }
    try graph.inferTypes()
    return graph
  }

  /// The largest result, in bytes, that folding makes: a shape or an index, or what is no larger than its inputs.
  private static let foldingLimit = 1 << 16

  /// Constants in place of the results of the node just appended, if they are small and follow from what is known.
  ///
  /// - Parameter results: all results of one node that nothing uses yet.
  package mutating func foldIfSmall(_ results: [Value.ID]) throws(GraphError) -> [Value.ID] {
    guard let node = producer(of: results.first),
      node.inputs.allSatisfy({ constant($0).map { $0.byteCount <= Graph.foldingLimit } ?? true }),
      let tensors = try foldedResults(of: node)
    else { return results }
    let constants = zip(results, tensors).map { addConstant($1, name: self[$0].name) }
    remove(node.id)
    return constants
  }

  /// The results of a node that can be computed now, or nil.
  func foldedResults(of node: Node) throws(GraphError) -> [Tensor]? {
    do throws(GraphError) { return try computedResults(of: node) } catch {
      guard toleratesMisfits, error.isMisfit else { throw error }
      return nil
    }
  }

  private func computedResults(of node: Node) throws(GraphError) -> [Tensor]? {
    guard node.op.isDeterministic, !(node.op is any ControlFlowOperator), !expandsWeights(node) else { return nil }
    var list: [Operand?] = []
    for input in node.inputs {
      guard let input else { list.append(nil); continue }
      guard let operand = operand(input) else { return nil }
      list.append(operand)
    }
    let operands = Operands(list)
    if let known = try node.op.constantResults(for: operands) { return known }
    var tensors: [Tensor?] = []
    var inputBytes = 0
    for (index, operand) in list.enumerated() {
      guard let operand else { tensors.append(nil); continue }
      guard let tensor = operand.constant else { return nil }
      // A value that is read twice is there once: joined to itself, it would grow without bound.
      if node.inputs.firstIndex(of: node.inputs[index]) == index { inputBytes += tensor.byteCount }
      tensors.append(tensor)
    }
    guard fitsFolding(node, inputBytes: inputBytes) else { return nil }
    return try folded(node, operands, Arguments(tensors), inputBytes)
  }

  /// The node's results, computed here if that takes no more than a share of the budget, else nil: then they are computed while
  /// running.
  private func folded(
    _ node: Node, _ operands: Operands, _ arguments: Arguments, _ inputBytes: Int
  ) throws(GraphError) -> [Tensor]? {
    let interpreter = Interpreter(phase: .folding)
    return try WorkBudget.ensured(.conversion.adding(bytes: inputBytes)) { budget throws(GraphError) in
      let work = try interpreter.work(of: node.op, for: operands, results: node.results.compactMap { self[$0].type })
      guard budget.spendShare(work) else { return nil }
      // What an expansion does not say before it runs is bounded too.
      let own = WorkBudget(
        WorkBudget.Limits(
          operations: work.operations.saturatingMultiply(4).saturatingAdd(1 << 20),
          bytes: work.bytes.saturatingMultiply(4).saturatingAdd(1 << 20), nodes: .max))
      do throws(GraphError) {
        return try own.run { () throws(GraphError) in try interpreter.evaluate(node.op, arguments) }
      } catch {
        if error.code == .workExceeded { return nil }
        throw error
      }
    }
  }

  /// Weights in few bits stay what they are: a fraction of the memory, what kernels for quantized tensors multiply, and what a
  /// file gets back bit for bit. So do the weights of convolutions in half precision.
  private func expandsWeights(_ node: Node) -> Bool {
    guard let tensor = node.inputs.first.flatMap({ constant($0) }), tensor.rank > 1 else { return false }
    switch node.op {
    case is DequantizeLinear: return tensor.dtype.isPacked || tensor.dtype == .int8 || tensor.dtype == .uint8
    case is Cast: return tensor.dtype == .float16 && feedsConvolutions(node)
    default: return false
    }
  }

  func feedsConvolutions(_ node: Node) -> Bool {
    node.results.allSatisfy { id in
      !outputs.contains(id) && !self[id].consumers.isEmpty
        && self[id].consumers.allSatisfy { consumer in
          guard let user = self[consumer], user.inputs.count > 1, user.inputs[1] == id, user.inputs[0] != id else { return false }
          return user.op is Convolution || user.op is ConvolutionTranspose
        }
    }
  }

  private func fitsFolding(_ node: Node, inputBytes: Int) -> Bool {
    node.results.allSatisfy { id in
      guard let type = self[id].type else { return inputBytes <= Graph.foldingLimit }
      guard let sizes = type.shape.sizes, let count = try? checkedElementCount(sizes) else { return false }
      return count * type.dtype.byteCount <= max(Graph.foldingLimit, inputBytes)
    }
  }

  /// Throws if the graph is not well formed: values used before they exist, types that differ from what operators infer.
  public func check() throws(GraphError) {
    var known = Set(inputs)
    for node in nodes {
      for case let input? in node.inputs {
        let value = self[input]
        guard value.constant != nil || known.contains(input) else {
          throw GraphError(.graphInvalid, "value \"\(value.name)\" is used before it is produced")
            .at(node: node.name, operator: node.op.name)
        }
        guard uses(input, in: node) else {
          throw GraphError(.graphInvalid, "value \"\(value.name)\" does not know its consumer")
            .at(node: node.name, operator: node.op.name)
        }
      }
      known.formUnion(node.results)
    }
    for output in outputs where self[output].constant == nil && !known.contains(output) {
      throw GraphError(.graphInvalid, "output \"\(self[output].name)\" is not produced")
    }
  }
}
