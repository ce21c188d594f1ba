import MNNGraph
import MNNRuntime
import ProgramSupport

/// A loaded model with its inputs, and how long its runs took.
final class Subject {
  let model: String
  let label: String
  let threads: Int
  let plan: PlanSummary
  let load: Double
  /// Milliseconds of each measured run.
  private(set) var times: [Double] = []
  private let module: Module
  private var tensors: [Tensor]
  private var varied: VariedInputs?

  /// - Parameter vary: sizes to draw anew for every run, see ``VariedInputs``; empty for the same inputs every time.
  init(
    model: String, label: String, options: RuntimeOptions, inputs: [String], vary: [String] = [], cache: String?
  ) throws {
    self.model = model
    self.label = label
    var runtime = try options.runtime()
    threads = runtime.settings.threads
    let start = ContinuousClock.now
    if let cache { runtime.cachePath = cache }
    module = try Module(contentsOf: model, runtime: runtime, shapeMutable: options.shapeMutable)
    varied = vary.isEmpty ? nil : try VariedInputs(vary, for: module, work: options.work)
    tensors = try varied?.next(for: module) ?? ModelInputs.tensors(for: module, options: inputs, work: options.work)
    plan = try module.plan(forInputs: tensors.map(\.type))
    load = (ContinuousClock.now - start).milliseconds
  }

  func run() throws { _ = try module.forward(tensors) as [Tensor] }

  /// Draws the inputs of the next run, where they vary.
  func draw() throws { if let next = try varied?.next(for: module) { tensors = next } }

  func run(_ profiler: Profiler) throws { _ = try module.forward(tensors, profiler: profiler) }

  /// Runs for a time, and often enough.
  func measure(seconds: Double, atLeast count: Int) throws {
    let begin = ContinuousClock.now
    var done = 0
    while (ContinuousClock.now - begin).milliseconds < seconds * 1e3 || done < count {
      try draw()
      let start = ContinuousClock.now
      try run()
      times.append((ContinuousClock.now - start).milliseconds)
      done += 1
    }
  }

  func report(noise: [String]) -> Report {
    Report(
      model: model, label: label, threads: threads, latency: Latency(times), load: load, plan: plan, noise: noise,
      isVaried: varied != nil)
  }
}
