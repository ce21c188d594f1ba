import MNNGraph
import MNNQuant
import MNNRuntime

/// How long a run of a model takes before and after, in milliseconds: the least of some.
struct Speed {
  let before: Double
  let after: Double

  private static let runCount = 5

  init(_ graph: Graph, _ quantized: Graph, _ samples: Samples, _ runtime: RuntimeManager) throws {
    before = try Self.least(graph, samples, runtime)
    after = try Self.least(quantized, samples, runtime)
  }

  private static func least(_ graph: Graph, _ samples: Samples, _ runtime: RuntimeManager) throws -> Double {
    guard let sample = samples.inputs.first else { return 0 }
    let module = try Module(graph: graph, runtime: runtime)
    _ = try module.forward(sample)
    let clock = ContinuousClock()
    var least = Duration.seconds(1 << 20)
    for _ in 0..<runCount { least = min(least, try clock.measure { _ = try module.forward(sample) }) }
    return Double(least.components.seconds) * 1e3 + Double(least.components.attoseconds) / 1e15
  }
}
