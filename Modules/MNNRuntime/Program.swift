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
  private let plans: Mutex<PlanCache>
  private let planning = Mutex<Void>(())

  init(_ graph: Graph, runtime: RuntimeManager, kernels: KernelCache, bindsContents: Bool = false, capacity: Int? = nil) {
    self.graph = graph
    self.runtime = runtime
    self.kernels = kernels
    self.bindsContents = bindsContents
    backends = runtime.backends + [ReferenceBackend()]
    plans = Mutex(PlanCache(capacity: max(1, capacity ?? runtime.planCapacity)))
  }

  /// A plan with what follows it where shapes depend on data.
  final class Entry: Sendable {
    let plan: Plan
    let stage: Stage
    let rest: Program?
    /// Per border node, one program per subgraph.
    let subprograms: [[Program]]

    init(plan: Plan, stage: Stage, rest: Program?, subprograms: [[Program]]) {
      self.plan = plan
      self.stage = stage
      self.rest = rest
      self.subprograms = subprograms
    }
  }

  func entry(for operands: [Operand]) throws(RunError) -> Entry {
    let key = PlanCache.Key(operands)
    if let known = plans.withLock({ $0[key] }) { return known }
    // One builder at a time, so that callers who ask for the same shapes share one plan.
    return try planning.withLock { (_: inout Void) throws(RunError) -> Entry in
      if let known = plans.withLock({ $0[key] }) { return known }
      let entry = try makeEntry(operands)
      plans.withLock { $0[key] = entry }
      return entry
    }
  }

  private func makeEntry(_ operands: [Operand]) throws(RunError) -> Entry {
    let (graph, runtime, kernels) = (graph, runtime, kernels)
    let stage = try asRunError { () throws(GraphError) in
      var specialized = try graph.specialized(for: operands)
      try PassPipeline.plan.run(on: &specialized)
      return try Stage(specialized)
    }
    var planner = Planner(backends: backends, settings: runtime.settings, kernels: kernels)
    let plan = try WeightCache.$current.withValue(runtime.weightCache) {
      Result { () throws(RunError) in try planner.plan(stage.plannable) }
    }.get()
    runtime.weightCache?.saveIfPossible()
    return Entry(
      plan: plan, stage: stage,
      rest: stage.rest.map { Program($0, runtime: runtime, kernels: kernels, bindsContents: true) },
      subprograms: stage.border.map { node in
        ((node.op as? any ControlFlowOperator)?.subgraphs ?? []).map { Program($0, runtime: runtime, kernels: kernels) }
      })
  }

  /// The largest integer vector that is bound by its contents.
  private static let boundContentsLimit = 64

  func operands(for inputs: [Tensor]) -> [Operand] {
    inputs.map { tensor in
      let isShape = bindsContents && tensor.dtype.isInteger && tensor.rank <= 1 && tensor.count <= Program.boundContentsLimit
      return Operand(tensor.type, constant: isShape ? tensor : nil)
    }
  }

  func run(_ inputs: [Tensor], profiler: Profiler? = nil) throws(RunError) -> [Tensor] {
    try run(inputs, on: try entry(for: operands(for: inputs)), profiler: profiler)
  }

  func run(_ inputs: [Tensor], on entry: Entry, profiler: Profiler? = nil) throws(RunError) -> [Tensor] {
    let kept = try entry.plan.run(inputs, profiler: profiler)
    guard let rest = entry.rest else { return kept }
    var values = Dictionary(zip(entry.stage.kept, kept), uniquingKeysWith: { first, _ in first })
    for (node, subprograms) in zip(entry.stage.border, entry.subprograms) {
      let results = try runBorder(node, subprograms, values, entry.stage, profiler)
      for (id, tensor) in zip(node.results, results) { values[id] = tensor }
    }
    return try rest.run(entry.stage.restInputs.compactMap { values[$0] }, profiler: profiler)
  }

  private func runBorder(
    _ node: Node, _ subprograms: [Program], _ values: [Value.ID: Tensor], _ stage: Stage, _ profiler: Profiler?
  ) throws(RunError) -> [Tensor] {
    let list = node.inputs.map { id in id.flatMap { values[$0] ?? stage.constants[$0] } }
    let arguments = Arguments(list)
    return try asRunError { () throws(GraphError) in
      do throws(GraphError) {
        guard let op = node.op as? any ControlFlowOperator else { return try Interpreter().evaluate(node.op, arguments) }
        return try op.evaluate(arguments) { index, tensors throws(GraphError) in
          do throws(RunError) { return try subprograms[index].run(tensors, profiler: profiler) } catch {
            throw error.underlying ?? GraphError(error.code == .outOfMemory ? .outOfMemory : .graphInvalid, error.what)
          }
        }
      } catch { throw error.at(node: node.name, operator: node.op.name) }
    }
  }
}

/// The plans used last.
struct PlanCache: Sendable {
  struct Key: Hashable, Sendable {
    let types: [TensorType]
    let contents: [Tensor?]

    init(_ operands: [Operand]) {
      types = operands.map(\.type)
      contents = operands.map(\.constant)
    }
  }

  let capacity: Int
  /// Most recently used last.
  private var entries: [(key: Key, entry: Program.Entry)] = []

  init(capacity: Int) { self.capacity = capacity }

  subscript(key: Key) -> Program.Entry? {
    mutating get {
      guard let index = entries.lastIndex(where: { $0.key == key }) else { return nil }
      if index != entries.count - 1 { entries.append(entries.remove(at: index)) }
      return entries.last?.entry
    }
    set {
      entries.removeAll { $0.key == key }
      if let newValue { entries.append((key, newValue)) }
      if entries.count > capacity { entries.removeFirst() }
    }
  }
}
