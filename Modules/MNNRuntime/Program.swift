import MNNGraph
import Synchronization

/// A graph that can run: immutable but for a bounded cache of plans, one per set of input types.
final class Program: Sendable {
  let graph: Graph
  private let runtime: RuntimeManager
  private let backends: [any Backend]
  private let kernels: KernelCache
  /// Small integer inputs are bound by contents, because shapes may depend on them.
  private let bindsContents: Bool
  /// The mapped files that the graph's constants are borrowed from, or were computed from.
  private let files: [MappedFile]
  /// Nil where work is not bounded: what a caller computes with arrays of its own is meant.
  private let workFactor: Double?
  /// Bytes of constants, which explain work.
  private let constantByteCount: Int
  private let plans: Mutex<PlanCache>
  private let planning = Mutex<Void>(())
  /// The parts that run in place of the whole, if it has several.
  private let chain: ProgramChain?

  init(
    _ graph: Graph, runtime: RuntimeManager, kernels: KernelCache, files: [MappedFile], bindsContents: Bool = false,
    capacity: Int? = nil, workFactor: Double? = nil, constantByteCount: Int? = nil
  ) {
    self.files = files
    self.graph = graph
    self.workFactor = workFactor
    let constantByteCount = constantByteCount ?? (workFactor == nil ? 0 : graph.allConstantByteCount)
    self.constantByteCount = constantByteCount
    self.runtime = runtime
    self.kernels = kernels
    self.bindsContents = bindsContents
    backends = runtime.backends + [ReferenceBackend()]
    chain = try? ProgramChain(graph) { part, isFirst in
      Program(
        part, runtime: runtime, kernels: kernels, files: files, bindsContents: bindsContents || !isFirst, capacity: capacity,
        workFactor: workFactor, constantByteCount: constantByteCount)
    }
    plans = Mutex(PlanCache(capacity: max(1, capacity ?? runtime.planCapacity)))
  }

  /// A plan with what follows it where shapes depend on data.
  ///
  /// The values of a run are counted: first what the plan gives out, then the results of the border nodes.
  final class Entry: Sendable {
    let plan: Plan
    let border: [BorderNode]
    let rest: Program?
    /// Which values are the rest's inputs.
    let restInputs: [Int]
    /// True if a part is computed by reference.
    let isInterpreted: Bool

    init(plan: Plan, stage: Stage, rest: Program?, subprograms: [[Program]]) {
      self.plan = plan
      self.rest = rest
      let known = stage.kept + stage.border.flatMap(\.results)
      let places = Dictionary(zip(known, known.indices), uniquingKeysWith: { first, _ in first })
      border = zip(stage.border, subprograms).map { node, subprograms in
        BorderNode(
          node: node, subprograms: subprograms,
          inputs: node.inputs.map { id in
            guard let id else { return .absent }
            if let place = places[id] { return .value(place) }
            return stage.constants[id].map { .constant($0) } ?? .absent
          })
      }
      restInputs = stage.restInputs.compactMap { places[$0] }
      isInterpreted = !border.isEmpty || plan.placement.entries.contains { $0.backend == "reference" }
    }
  }

  /// A node that is computed on the host between two plans.
  struct BorderNode: Sendable {
    enum Input: Sendable {
      case value(Int)
      case constant(Tensor)
      case absent
    }

    let node: Node
    /// One per subgraph.
    let subprograms: [Program]
    let inputs: [Input]
  }

  func entry(for operands: [Operand]) throws(RunError) -> Entry {
    if let chain { return try chain.firstEntry(for: operands) }
    let key = PlanCache.Key(operands)
    // One builder at a time, so that callers who ask for the same shapes share one plan.
    return try planning.withLock { (_: inout Void) throws(RunError) -> Entry in
      if let known = plans.withLock({ $0.entry { $0 == key } }) { return known }
      let entry = try makeEntry(operands)
      plans.withLock { $0.insert(entry, for: key) }
      return entry
    }
  }

  private func entry(for inputs: [Tensor]) throws(RunError) -> Entry {
    let bindsContents = bindsContents
    if let known = plans.withLock({ $0.entry { $0.matches(inputs, bindsContents: bindsContents) } }) { return known }
    return try entry(for: inputs.map { Operand($0.type, constant: bindsContents && $0.isShape ? $0 : nil) })
  }

  private func makeEntry(_ operands: [Operand]) throws(RunError) -> Entry {
    let (graph, runtime, kernels, files, workFactor, constantByteCount) = (
      graph, runtime, kernels, files, workFactor, constantByteCount
    )
    let inputs = operands.reduce(0) {
      $0.saturatingAdd($1.type.elementCount.saturatingMultiply($1.type.dtype.byteCount))
    }
    let limits = runtime.runLimits(inputs: inputs, constants: constantByteCount)
    let budget = WorkBudget(limits.planning)
    let (stage, passes) = try asRunError { () throws(GraphError) in
      // A body whose shapes change at every turn is planned at every turn.
      try WorkBudget.current?.spend(Work(operations: (graph.nodeCount + 1).saturatingMultiply(1 << 16)), on: .planning)
      let (stage, passes) = try budget.run { () throws(GraphError) in
        var specialized = try graph.specialized(for: operands)
        var passes = runtime.passes
        try PassPipeline.plan.run(on: &specialized, under: &passes)
        return (try Stage(specialized), passes)
      }
      if workFactor != nil { try stage.plannable.requireWork(within: limits.running) }
      return (stage, passes)
    }
    var planner = Planner(backends: backends, settings: runtime.settings, kernels: kernels, passes: passes)
    let plan = try WeightCache.$current.withValue(runtime.weightCache) {
      Result { () throws(RunError) in try budget.run { () throws(RunError) in try planner.plan(stage.plannable) } }
    }.get()
    if workFactor != nil {
      try asRunError { () throws(GraphError) in
        try plan.requireMemory(within: limits.running, reference: limits.reference)
      }
    }
    runtime.weightCache?.saveIfPossible()
    return Entry(
      plan: plan, stage: stage,
      rest: stage.rest.map {
        Program(
          $0, runtime: runtime, kernels: kernels, files: files, bindsContents: true, workFactor: workFactor,
          constantByteCount: constantByteCount)
      },
      subprograms: stage.border.map { node in
        ((node.op as? any ControlFlowOperator)?.subgraphs ?? []).map {
          Program(
            $0, runtime: runtime, kernels: kernels, files: files, workFactor: workFactor, constantByteCount: constantByteCount)
        }
      })
  }

  func run(_ inputs: [Tensor], profiler: Profiler? = nil) throws(RunError) -> [Tensor] {
    if let chain { return try bounded(inputs) { () throws(RunError) in try chain.run(inputs, profiler: profiler) } }
    return try run(inputs, on: try entry(for: inputs), profiler: profiler)
  }

  func run(_ inputs: [Tensor], on entry: Entry, profiler: Profiler? = nil) throws(RunError) -> [Tensor] {
    if let chain { return try bounded(inputs) { () throws(RunError) in try chain.run(inputs, profiler: profiler) } }
    guard entry.isInterpreted else { return try steps(inputs, on: entry, profiler: profiler) }
    return try bounded(inputs) { () throws(RunError) in try steps(inputs, on: entry, profiler: profiler) }
  }

  /// Runs what is computed by reference within one budget for the whole run.
  private func bounded(_ inputs: [Tensor], _ body: () throws(RunError) -> [Tensor]) throws(RunError) -> [Tensor] {
    guard workFactor != nil, WorkBudget.current == nil else { return try body() }
    let limits = runtime.runLimits(inputs: inputs.reduce(0) { $0.saturatingAdd($1.byteCount) }, constants: constantByteCount)
    return try WorkBudget(limits.reference).run(body)
  }

  private func steps(_ inputs: [Tensor], on entry: Entry, profiler: Profiler?) throws(RunError) -> [Tensor] {
    var values = try entry.plan.run(inputs, profiler: profiler)
    if MappedFile.anyIsDamaged { try checkFiles(inputs) }
    guard let rest = entry.rest else { return values }
    for border in entry.border {
      let results = try run(border, values, profiler)
      guard results.count == border.node.results.count else {
        throw RunError(
          .graph, "\(border.node.op.name) \"\(border.node.name)\" gave another number of results",
          expected: "\(border.node.results.count)", found: "\(results.count)")
      }
      values += results
    }
    return try rest.run(entry.restInputs.map { values[$0] }, profiler: profiler)
  }

  /// Throws if anything that a run reads is in a file that was truncated: what was computed from it means nothing.
  private func checkFiles(_ inputs: [Tensor]) throws(RunError) {
    try asRunError { () throws(GraphError) in
      try files.check()
      try runtime.weightCache?.checkFiles()
      for input in inputs { try input.storage.mappedFile?.check() }
    }
  }

  private func run(_ border: BorderNode, _ values: [Tensor], _ profiler: Profiler?) throws(RunError) -> [Tensor] {
    let arguments = Arguments(
      border.inputs.map { input -> Tensor? in
        switch input {
        case .value(let index): values[index]
        case .constant(let tensor): tensor
        case .absent: nil
        }
      })
    let (node, subprograms) = (border.node, border.subprograms)
    return try asRunError { () throws(GraphError) in
      do throws(GraphError) {
        guard let op = node.op as? any ControlFlowOperator else {
          let start = ContinuousClock.now
          let results = try Interpreter().evaluate(node.op, arguments)
          profiler?.record(node, arguments, results, from: start, to: .now)
          return results
        }
        return try op.evaluate(arguments) { index, tensors throws(GraphError) in
          do throws(RunError) {
            let results = try subprograms[index].run(tensors, profiler: profiler)
            // What starting a run costs, and what it leaves.
            try asRunError { () throws(GraphError) in
              let work = Work(operations: 1 << 13, bytes: results.reduce(0) { $0 + $1.byteCount })
              try WorkBudget.current?.spend(work, on: .running)
            }
            return results
          } catch {
            throw error.underlying ?? GraphError(error.code == .outOfMemory ? .outOfMemory : .graphInvalid, error.what)
          }
        }
      } catch { throw error.at(node: node.name, operator: node.op.name) }
    }
  }
}
