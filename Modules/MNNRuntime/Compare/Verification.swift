import Dispatch
public import MNNGraph

/// What a model is expected to give on some inputs, and how far other forms of it are from that.
///
/// The expected results are another engine's, or those of a graph before anything was done to it: by the operators' reference meaning
/// where that takes about a second, otherwise by kernels without any pass.
public struct Verification: Sendable {
  /// How the expected results were computed.
  public enum Source: String, Sendable, Hashable {
    case reference = "reference meaning"
    case kernels = "kernels"
    case recorded = "recorded"
  }

  /// By name, in the model's order.
  public let inputs: [(name: String, tensor: Tensor)]
  public let expected: [(name: String, tensor: Tensor)]
  public let source: Source
  /// Runs that take longer are given up, in seconds.
  public let seconds: Double

  /// How much the reference meaning may take before kernels compute what is expected.
  private static let referenceLimits = WorkBudget.Limits(operations: 1 << 27, bytes: 1 << 27, nodes: 1 << 20)

  /// Results that are known.
  public init(inputs: [(name: String, tensor: Tensor)], recorded: [(name: String, tensor: Tensor)], seconds: Double = .infinity) {
    (self.inputs, expected, source, self.seconds) = (inputs, recorded, .recorded, seconds)
  }

  /// Computes what a graph gives.
  ///
  /// - Parameters:
  ///   - inputs: one tensor per input of the graph, in order.
  ///   - seconds: the time after which a run is given up.
  /// - Throws: ``RunError``; its code is ``RunError/Code/cancelled`` if the time is over.
  public init(of graph: Graph, inputs: [Tensor], runtime: RuntimeManager, seconds: Double = .infinity) throws(RunError) {
    let results: [Tensor]
    if let found = try Verification.byReference(graph, inputs) {
      (results, source) = (found, .reference)
    } else {
      let module = try Module(graph: graph, runtime: runtime, passes: PassPipeline([]))
      (results, source) = (try Verification.within(seconds) { () throws(RunError) in try module.forward(inputs) }, .kernels)
    }
    self.inputs = zip(graph.inputs, inputs).map { (graph[$0].name, $1) }
    expected = zip(graph.outputs, results).map { (graph[$0].name, $1) }
    self.seconds = seconds
  }

  /// Runs a model on the inputs and compares every output, found by its name.
  ///
  /// - Throws: ``RunError`` if the model has other inputs or lacks an output, cannot run, or takes too long.
  public func compare(_ module: Module) throws(RunError) -> [OutputComparison] {
    let known = Dictionary(inputs.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let found = try Verification.within(seconds) { () throws(RunError) in try module.forward(known) }
    var result: [OutputComparison] = []
    for (name, tensor) in expected {
      guard let other = found[name] else {
        throw RunError(
          .outputName, "output \"\(name)\" is missing", expected: expected.map(\.name).joined(separator: ", "),
          found: found.keys.sorted().joined(separator: ", "))
      }
      result.append(
        try asRunError { () throws(GraphError) in try OutputComparison(name: name, expected: tensor, found: other) })
    }
    return result
  }

  /// As above, for a graph that is not in a file; no pass is applied.
  public func compare(_ graph: Graph, runtime: RuntimeManager) throws(RunError) -> [OutputComparison] {
    try compare(Module(graph: graph, runtime: runtime, passes: PassPipeline([])))
  }

  /// nil if it takes too much.
  private static func byReference(_ graph: Graph, _ inputs: [Tensor]) throws(RunError) -> [Tensor]? {
    let budget = WorkBudget(referenceLimits.adding(bytes: graph.constantByteCount))
    do throws(GraphError) {
      return try budget.run { () throws(GraphError) in try Interpreter().run(graph, inputs) }
    } catch {
      guard error.code == .workExceeded else { throw RunError(error) }
      return nil
    }
  }

  private static func within<R>(_ seconds: Double, _ body: () throws(RunError) -> R) throws(RunError) -> R {
    let cancellation = Cancellation()
    let timer = DispatchSource.makeTimerSource()
    if seconds <= 0 {
      cancellation.cancel()
    } else if seconds < 1e6 {
      timer.schedule(deadline: .now() + seconds)
      timer.setEventHandler { cancellation.cancel() }
    }
    timer.activate()
    defer { timer.cancel() }
    return try Cancellation.$current.withValue(cancellation) { Result { () throws(RunError) in try body() } }.get()
  }
}

extension Verification {
  /// How much of a difference rounding alone explains: the largest relative difference between the results of a graph and those on inputs that
  /// are changed in their last bits. 0 if no input is floating-point.
  ///
  /// Networks that amplify rounding, as those with rounded activations do, differ by as much after any change of the order of sums.
  public func roundingNoise(of graph: Graph, runtime: RuntimeManager) throws(RunError) -> Double {
    guard inputs.contains(where: { $0.tensor.dtype.isFloatingPoint }) else { return 0 }
    var generator = SplitMix64(seed: 7)
    var changed: [Tensor] = []
    for (_, tensor) in inputs {
      guard tensor.dtype.isFloatingPoint else {
        changed.append(tensor)
        continue
      }
      changed.append(
        try asRunError { () throws(GraphError) in
          let values = try tensor.scalars(as: Float.self)
          return try Tensor.generated(tensor.shape) { i in
            values[i] * (1 + Float.random(in: -0x1p-21...0x1p-21, using: &generator))
          }.converted(to: tensor.dtype)
        })
    }
    let other = try Verification(of: graph, inputs: changed, runtime: runtime, seconds: seconds)
    var noise = 0.0
    for (a, b) in zip(expected, other.expected) {
      noise = max(
        noise,
        try asRunError { () throws(GraphError) in
          try OutputComparison(name: a.name, expected: a.tensor, found: b.tensor).relativeDifference
        })
    }
    return noise
  }
}

extension Graph {
  /// Whether a node, in a branch or a loop too, gives other results at every run.
  package var drawsRandomNumbers: Bool {
    nodes.contains { node in
      !node.op.isDeterministic || ((node.op as? any ControlFlowOperator)?.subgraphs.contains { $0.drawsRandomNumbers } ?? false)
    }
  }
}
