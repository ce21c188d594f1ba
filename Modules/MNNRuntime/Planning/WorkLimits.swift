import MNNGraph

/// What one run of a model may take.
struct RunLimits {
  var planning: WorkBudget.Limits
  /// All of it, by kernels.
  var running: WorkBudget.Limits
  /// What is computed by reference.
  var reference: WorkBudget.Limits
}

extension RuntimeManager {
  /// - Parameters: bytes of the inputs of the run, and of the model's constants.
  func runLimits(inputs: Int, constants: Int) -> RunLimits {
    let data = inputsExplainWork ? inputs.saturatingAdd(constants) : constants
    func limits(_ standard: WorkBudget.Limits) -> WorkBudget.Limits { standard.scaled(by: workFactor).adding(bytes: data) }
    guard !inputsExplainWork else {
      return RunLimits(planning: limits(.conversion), running: limits(.running), reference: limits(.reference))
    }
    var running = limits(.runningOnDrawnInputs)
    running.bytes = max(0, running.bytes - inputs)
    return RunLimits(planning: limits(.conversion), running: running, reference: limits(.referenceOnDrawnInputs))
  }
}

extension Graph {
  /// Throws if the nodes take more operations, or one of them more memory, than is allowed: before anything of their size is made.
  func requireWork(within limits: WorkBudget.Limits) throws(GraphError) {
    var operations = 0
    for node in nodes {
      let types = node.results.compactMap { self[$0].type }
      let list = node.inputs.map { $0.flatMap { operand($0) } }
      let work = node.op.work(for: Operands(list), results: types)
      let bytes = types.map { $0.elementCount.saturatingMultiply($0.dtype.byteCount) }.max() ?? 0
      guard bytes <= limits.bytes else {
        throw GraphError.workExceeded(.running, bytes, left: limits.bytes, of: limits.bytes, "bytes")
          .at(node: node.name, operator: node.op.name)
      }
      guard work.operations <= limits.operations - operations else {
        throw GraphError.workExceeded(
          .running, work.operations, left: limits.operations - operations, of: limits.operations, "operations"
        ).at(node: node.name, operator: node.op.name)
      }
      operations += work.operations
    }
  }

  /// The bytes of all constants, those of subgraphs too.
  var allConstantByteCount: Int {
    nodes.reduce(constantByteCount) { sum, node in
      guard let op = node.op as? any ControlFlowOperator else { return sum }
      return op.subgraphs.reduce(sum) { $0.saturatingAdd($1.allConstantByteCount) }
    }
  }
}

extension Plan {
  /// Throws if a session of the plan takes more memory than is allowed.
  ///
  /// - Parameter reference: of what is computed by reference, tables on the way included.
  func requireMemory(within limits: WorkBudget.Limits, reference: WorkBudget.Limits) throws(GraphError) {
    for case .launch(let step) in steps where backends[step.backend].name == "reference" {
      let bytes = step.work.bytes
      guard bytes <= reference.bytes else {
        throw GraphError.workExceeded(.running, bytes, left: reference.bytes, of: reference.bytes, "bytes")
          .at(node: step.node, operator: step.operatorName)
      }
    }
    let bytes = arenaByteCount.saturatingAdd(outputByteCount)
    guard bytes <= limits.bytes else {
      throw GraphError.workExceeded(.running, bytes, left: limits.bytes, of: limits.bytes, "bytes")
    }
  }
}
