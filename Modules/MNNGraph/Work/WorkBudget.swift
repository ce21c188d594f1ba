import Synchronization

/// How much work a model may cause where nobody waits for its results: while it is converted, loaded, simplified and planned, and
/// where the reference interpreter computes.
///
/// Work is bounded by a fixed allowance and by what a file or its inputs really hold, so that a small file cannot ask for hours or
/// for all memory. One budget serves a whole conversion: ``run(_:)`` makes it the current one, and folding, expansion, inlining and
/// unpacking spend from it, whoever calls them.
public final class WorkBudget: Sendable {
  /// The allowance.
  public struct Limits: Hashable, Sendable {
    /// Elementary operations.
    public var operations: Int
    /// Bytes of tensors, names and tables that are made.
    public var bytes: Int
    /// Nodes of graphs.
    public var nodes: Int
    /// What each byte of data that a file or an input holds adds to the three: operations, bytes, nodes.
    public var perByte: (operations: Double, bytes: Double, nodes: Double)

    public init(
      operations: Int, bytes: Int, nodes: Int, perByte: (operations: Double, bytes: Double, nodes: Double) = (0, 0, 0)
    ) {
      self.operations = operations
      self.bytes = bytes
      self.nodes = nodes
      self.perByte = perByte
    }

    /// For converting and loading models.
    public static let conversion = Limits(
      operations: 1 << 27, bytes: 1 << 27, nodes: 1 << 14, perByte: (operations: 64, bytes: 32, nodes: 1.0 / 16))

    /// For what is computed by reference while a model runs.
    public static let reference = Limits(
      operations: 1 << 30, bytes: 1 << 27, nodes: 1 << 20, perByte: (operations: 0x1p14, bytes: 0x1p12, nodes: 1))

    /// For a whole run, by kernels.
    public static let running = Limits(
      operations: 1 << 32, bytes: 1 << 27, nodes: 1 << 20, perByte: (operations: 0x1p20, bytes: 0x1p12, nodes: 1))

    /// For a whole run on inputs that were made up from the sizes that a model states: they explain nothing, and with them it fits
    /// 256 MB unless its weights are large.
    public static let runningOnDrawnInputs = Limits(
      operations: 1 << 32, bytes: 3 << 26, nodes: 1 << 20, perByte: (operations: 0x1p20, bytes: 16, nodes: 1))

    /// The part of that which is computed by reference.
    public static let referenceOnDrawnInputs = Limits(
      operations: 1 << 30, bytes: 1 << 26, nodes: 1 << 20, perByte: (operations: 0x1p14, bytes: 16, nodes: 1))

    /// As many times of everything; infinity for no bounds.
    public func scaled(by factor: Double) -> Limits {
      func scaled(_ value: Int) -> Int { Int(clamping: Int64(converting: Double(value) * max(factor, 0))) }
      return Limits(
        operations: scaled(operations), bytes: scaled(bytes), nodes: scaled(nodes),
        perByte: (perByte.operations * max(factor, 0), perByte.bytes * max(factor, 0), perByte.nodes * max(factor, 0)))
    }

    /// With what `count` bytes of real data add.
    package func adding(bytes count: Int) -> Limits {
      func extra(_ factor: Double) -> Int { Int(clamping: Int64(converting: (Double(count) * factor).rounded(.down))) }
      var sum = self
      sum.operations = operations.saturatingAdd(extra(perByte.operations))
      sum.bytes = bytes.saturatingAdd(extra(perByte.bytes))
      sum.nodes = nodes.saturatingAdd(extra(perByte.nodes))
      return sum
    }

    public static func == (a: Limits, b: Limits) -> Bool {
      (a.operations, a.bytes, a.nodes) == (b.operations, b.bytes, b.nodes) && a.perByte == b.perByte
    }
    public func hash(into hasher: inout Hasher) { hasher.combine([operations, bytes, nodes]) }
  }

  /// What work is spent on.
  public enum Phase: String, Sendable, CaseIterable {
    case folding = "computing constants"
    case expanding = "expanding operators"
    case inlining = "inlining functions and graphs"
    case unpacking = "unpacking tensors"
    case quantizing = "quantizing weights"
    case writing = "writing the model"
    case planning = "planning"
    case running = "running"
  }

  /// What was spent.
  public struct Spent: Hashable, Sendable {
    public var operations = 0
    public var bytes = 0
    public var nodes = 0
  }

  private struct State {
    var limits: Limits
    var spent = Spent()
    var refusal: GraphError?
  }
  private let state: Mutex<State>

  public init(_ limits: Limits = .conversion) { state = Mutex(State(limits: limits)) }

  /// What was spent so far.
  public var spent: Spent { state.withLock { $0.spent } }

  /// The budget that work on this task is spent from.
  @TaskLocal package static var current: WorkBudget?

  /// Makes this the current budget while `body` runs.
  public func run<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    try WorkBudget.$current.withValue(self) { Result { () throws(E) in try body() } }.get()
  }

  /// Runs `body` with the current budget, or with a new one if there is none.
  package static func ensured<R, E: Error>(
    _ limits: @autoclosure () -> Limits = .conversion, _ body: (WorkBudget) throws(E) -> R
  ) throws(E) -> R {
    if let current { return try body(current) }
    let budget = WorkBudget(limits())
    return try budget.run { () throws(E) in try body(budget) }
  }

  /// Adds what real data of a file or an input allow.
  package func grow(bytes count: Int) { state.withLock { $0.limits = $0.limits.adding(bytes: count) } }

  /// Takes work from the budget, before it is done.
  ///
  /// - Throws: ``GraphError/Code/workExceeded`` if there is not enough left; then nothing is taken.
  package func spend(_ work: Work, nodes: Int = 0, on phase: Phase) throws(GraphError) {
    let error = state.withLock { state -> GraphError? in
      let sum = Spent(
        operations: state.spent.operations.saturatingAdd(work.operations),
        bytes: state.spent.bytes.saturatingAdd(work.bytes), nodes: state.spent.nodes.saturatingAdd(nodes))
      for (unit, needed, total, used, limit) in [
        ("operations", work.operations, sum.operations, state.spent.operations, state.limits.operations),
        ("bytes", work.bytes, sum.bytes, state.spent.bytes, state.limits.bytes),
        ("nodes", nodes, sum.nodes, state.spent.nodes, state.limits.nodes),
      ] where total > limit {
        return .workExceeded(phase, needed, left: max(limit - used, 0), of: limit, unit)
      }
      state.spent = sum
      return nil
    }
    if let error { throw error }
  }

  /// Whether ``spendShare(_:)`` would take this.
  package func hasShare(_ work: Work) -> Bool {
    state.withLock { state in
      work.operations <= (state.limits.operations - state.spent.operations) / 2
        && work.bytes <= (state.limits.bytes - state.spent.bytes) / 2
    }
  }

  /// Takes the work of a computation that can as well be done later, if it takes no more than a fair share of what is left.
  ///
  /// - Returns: false if it should be done later.
  package func spendShare(_ work: Work) -> Bool {
    state.withLock { state in
      // Halves of what is left never use it up: small computations, on which shapes depend, always find room.
      guard work.operations <= (state.limits.operations - state.spent.operations) / 2,
        work.bytes <= (state.limits.bytes - state.spent.bytes) / 2
      else { return false }
      state.spent.operations += work.operations
      state.spent.bytes += work.bytes
      return true
    }
  }
}

extension GraphError {
  package static func workExceeded(
    _ phase: WorkBudget.Phase, _ needed: Int, left: Int, of limit: Int, _ unit: String
  ) -> GraphError {
    GraphError(
      .workExceeded, "\(phase.rawValue) takes more work than is allowed",
      expected: "at most \(left) \(unit) (left of \(limit))", found: needed == .max ? "more than can be counted" : "\(needed)",
      advice: "if the model is to be trusted, allow more: --work N of the programs, or WorkBudget.Limits")
  }
}
