public import MNNGraph
import Synchronization

/// Collects how long each step of a run took.
public final class Profiler: Sendable {
  /// One launch of one node.
  public struct Record: Sendable, Hashable {
    public var node: String
    public var operatorName: String
    public var algorithm: String
    public var backend: String
    /// Since the profiler was made.
    public var start: Duration
    public var duration: Duration
    /// Multiplications and additions; 0 where the operator does not say.
    public var floatingPointOperations: Int
    public var inputTypes: [TensorType]
    public var resultTypes: [TensorType]
  }

  private let origin = ContinuousClock.now
  private let storage = Mutex<[Record]>([])

  public init() {}

  public var records: [Record] { storage.withLock { $0 } }

  func record(_ step: Plan.LaunchStep, backend: String, from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
    let record = Record(
      node: step.node, operatorName: step.operatorName, algorithm: step.launch.algorithm, backend: backend,
      start: start - origin, duration: end - start, floatingPointOperations: step.launch.floatingPointOperations,
      inputTypes: step.operands.list.compactMap { $0?.type }, resultTypes: step.resultTypes)
    storage.withLock { $0.append(record) }
  }

  /// A node that the host computes by its reference meaning between two plans.
  func record(
    _ node: Node, _ arguments: Arguments, _ results: [Tensor], from start: ContinuousClock.Instant,
    to end: ContinuousClock.Instant
  ) {
    let record = Record(
      node: node.name, operatorName: node.op.name, algorithm: "reference", backend: "reference", start: start - origin,
      duration: end - start, floatingPointOperations: 0, inputTypes: arguments.list.compactMap { $0?.type },
      resultTypes: results.map(\.type))
    storage.withLock { $0.append(record) }
  }
}
