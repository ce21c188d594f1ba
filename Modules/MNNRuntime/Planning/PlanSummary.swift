/// What a plan needs and does, known before it runs.
public struct PlanSummary: Sendable, Hashable {
  /// One launch of one node.
  public struct Step: Sendable, Hashable {
    public var node: String
    public var operatorName: String
    public var backend: String
    public var algorithm: String
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
        algorithm: launch.launch.algorithm, liveByteCount: live)
    }
    self.isPartial = isPartial
  }
}
