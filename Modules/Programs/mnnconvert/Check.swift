import MNNBackendCPU
import MNNGraph
import MNNRuntime
import ProgramSupport

/// Compares a simplified graph with the one it came from, on random inputs.
struct Check {
  private let original: Graph
  private let pipeline: PassPipeline
  private let bisects: Bool
  private let inputs: [Tensor]
  private let expected: [Tensor]

  /// Differences above this share of the largest magnitude are not rounding.
  static let tolerance: Float = 1e-3

  init(_ original: Graph, _ pipeline: PassPipeline, bisects: Bool) throws {
    self.original = original
    self.pipeline = pipeline
    self.bisects = bisects
    let module = try Module(graph: original, runtime: .cpu(), passes: PassPipeline([]))
    inputs = try ModelInputs.tensors(for: module, options: [])
    expected = try module.forward(inputs)
  }

  func run(_ graph: Graph) throws {
    let difference = try difference(of: graph)
    print("checked: largest difference over largest magnitude \(difference)")
    guard difference > Check.tolerance else { return }
    var advice = "; --bisect names the pass"
    if bisects, let found = try Bisection.run(pipeline, on: original, isRight: { try self.difference(of: $0) <= Check.tolerance })
    {
      advice =
        "; change \(found.goodChangeCount + 1), made by pass \(found.pass), is the first wrong one (--disable-pass \(found.pass) leaves it out)"
    }
    throw ProgramError("the simplified graph differs by \(difference) of the largest magnitude" + advice)
  }

  private func difference(of graph: Graph) throws -> Float {
    let results = try Module(graph: graph, runtime: .cpu(), passes: PassPipeline([])).forward(inputs) as [Tensor]
    var worst: Float = 0
    for (want, got) in zip(expected, results) {
      let (a, b) = (try want.scalars(as: Float.self), try got.scalars(as: Float.self))
      guard a.count == b.count else { return .infinity }
      let scale = a.reduce(Float(1e-30)) { max($0, $1.isFinite ? abs($1) : 0) }
      for (x, y) in zip(a, b) where x != y && !(x.isNaN && y.isNaN) { worst = max(worst, abs(x - y) / scale) }
    }
    return worst.isNaN ? .infinity : worst
  }
}
