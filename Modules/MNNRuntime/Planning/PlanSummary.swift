import MNNGraph

/// What a plan needs and does, known before it runs.
public struct PlanSummary: Sendable, Hashable {
  /// One launch of one node.
  public struct Step: Sendable, Hashable {
    public var node: String
    public var operatorName: String
    public var backend: String
    public var algorithm: String
    /// What numbers it computes with: a type, or `bytes by 4 bits, blocks of 32`.
    public var arithmetic: String
    /// What of the settings it does not honor, and why; nil if nothing.
    public var shortfall: String?
    /// Bytes of working memory that hold something during the step.
    public var liveByteCount: Int
  }

  /// Bytes of working memory of one running request, all backends together; weights, inputs and outputs come on top.
  public var arenaByteCount: Int
  /// Bytes of weights in the form that kernels read, shared by all requests; the model's own weights can leave memory.
  public var packedByteCount: Int
  /// Bytes of the tensors that a request gives out.
  public var outputByteCount: Int
  /// What one request needs beside its inputs: ``arenaByteCount``, ``packedByteCount`` and ``outputByteCount``.
  public var peakBytes: Int { arenaByteCount + packedByteCount + outputByteCount }
  public var placement: Placement
  /// In the order in which they run.
  public var steps: [Step]
  /// True if shapes depend on data, so that more is planned while running.
  public var isPartial: Bool

  init(_ plan: Plan, isPartial: Bool) {
    arenaByteCount = plan.arenaByteCount
    packedByteCount = plan.packedByteCount
    outputByteCount = plan.outputByteCount
    placement = plan.placement
    steps = zip(plan.steps, plan.liveByteCounts).compactMap { step, live in
      guard case .launch(let launch) = step else { return nil }
      return Step(
        node: launch.node, operatorName: launch.operatorName, backend: plan.backends[launch.backend].name,
        algorithm: launch.launch.algorithm, arithmetic: launch.arithmetic, shortfall: launch.shortfall, liveByteCount: live)
    }
    self.isPartial = isPartial
  }

  /// What of the settings could not be honored: how many steps each reason concerns, the most frequent first.
  public var shortfalls: [(reason: String, steps: Int)] {
    let counts = steps.reduce(into: [String: Int]()) { counts, step in
      if let reason = step.shortfall { counts[reason, default: 0] += 1 }
    }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (reason: $0.key, steps: $0.value) }
  }
}

extension Plan.LaunchStep {
  /// What the launch says, or the type of the first result.
  fileprivate var arithmetic: String {
    launch.arithmetic.isEmpty ? resultTypes.first?.dtype.description ?? "" : launch.arithmetic
  }
}
