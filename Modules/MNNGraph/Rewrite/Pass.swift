/// A transformation of a graph that keeps its meaning.
public struct Pass: Sendable {
  /// Kebab-case; what `--disable-pass` takes.
  public let name: String
  /// Changes the graph and tells whether it did.
  package let apply: @Sendable (inout Graph, inout PassBudget) throws(GraphError) -> Bool

  public init(
    _ name: String, apply: @escaping @Sendable (inout Graph, inout PassBudget) throws(GraphError) -> Bool
  ) {
    self.name = name
    self.apply = apply
  }
}

/// How many changes passes may still make: the driver's guard against endless rewriting, and the handle of bisecting.
public struct PassBudget: Sendable {
  public private(set) var remaining: Int
  public private(set) var used = 0
  /// How often a pass has looked at a node: the measure of its work.
  package var steps = 0
  /// Where changes are noted, with the name of the pass that runs and the number of the change before the first.
  var log: PatchLog?
  var pass = ""
  var first = 0

  public init(limit: Int) { remaining = limit }

  /// Takes one change from the budget; false if it is used up.
  ///
  /// - Parameter node: what is changed.
  public mutating func take(at node: Node) -> Bool {
    guard remaining > 0 else { return false }
    remaining -= 1
    used += 1
    log?.append(AppliedPatch(number: first + used, pass: pass, node: node.name))
    return true
  }
}

/// A list of passes, repeated to a fixed point.
public struct PassPipeline: Sendable {
  public var passes: [Pass]
  /// Names of passes to leave out.
  public var disabled: Set<String> = []
  /// Checks the graph's structure and types after every pass that changed something.
  public var checksGraph: Bool
  /// Stops after this many changes. Halving it finds the change that breaks a model (`--bisect`).
  public var changeLimit = 1_000_000

  public init(_ passes: [Pass], checksGraph: Bool = isDebugBuild) {
    self.passes = passes
    self.checksGraph = checksGraph
  }

  /// What a run did: pass names with their numbers of changes, in order of first change.
  public struct Report: Sendable, Hashable {
    public var changes: [(pass: String, count: Int)] = []
    /// How often passes looked at a node.
    package var steps = 0
    public var total: Int { changes.reduce(0) { $0 + $1.count } }
    public static func == (a: Report, b: Report) -> Bool { a.changes.elementsEqual(b.changes) { $0 == $1 } }
    public func hash(into hasher: inout Hasher) { hasher.combine(total) }
  }

  /// Applies the passes until none changes anything.
  ///
  /// - Throws: ``GraphError`` with the name of the pass; ``GraphError/Code/passFailed`` if the fixed point is not reached.
  @discardableResult
  public func run(on graph: inout Graph) throws(GraphError) -> Report {
    var control = PassControl()
    return try run(on: &graph, under: &control)
  }

  /// The same, as far as a control allows; the changes are counted there.
  @discardableResult
  public func run(on graph: inout Graph, under control: inout PassControl) throws(GraphError) -> Report {
    try WorkBudget.ensured(.conversion.adding(bytes: graph.constantByteCount)) { _ throws(GraphError) in
      try runWithinBudget(on: &graph, under: &control)
    }
  }

  private func runWithinBudget(on graph: inout Graph, under control: inout PassControl) throws(GraphError) -> Report {
    var report = Report()
    var budget = PassBudget(limit: min(changeLimit, control.patchLimit - control.patchCount))
    (budget.log, budget.first) = (control.log, control.patchCount)
    let disabled = disabled.union(control.disabled)
    try graph.sortTopologically()
    /// The number of changes that each pass has seen without finding something to change.
    var atRest = [Int?](repeating: nil, count: passes.count)
    for round in 0... {
      guard round < 100 else {
        throw GraphError(.passFailed, "the passes do not come to rest", found: "\(report.changes)")
      }
      var changed = false
      for (i, pass) in passes.enumerated() where !disabled.contains(pass.name) {
        let before = budget.used
        if atRest[i] == before { continue }
        budget.pass = pass.name
        do throws(GraphError) {
          guard try pass.apply(&graph, &budget) else {
            atRest[i] = before
            continue
          }
          try graph.sortTopologically()
          if checksGraph { try graph.check() }
        } catch { throw error.inPass(pass.name) }
        changed = true
        if let i = report.changes.firstIndex(where: { $0.pass == pass.name }) {
          report.changes[i].count += budget.used - before
        } else {
          report.changes.append((pass.name, budget.used - before))
        }
        if budget.remaining == 0 { break }
      }
      if !changed || budget.remaining == 0 { break }
    }
    report.steps = budget.steps
    control.patchCount += budget.used
    return report
  }
}

/// True in builds without optimization.
public var isDebugBuild: Bool {
  var result = false
  assert(
    {
      result = true; return true
    }())
  return result
}
