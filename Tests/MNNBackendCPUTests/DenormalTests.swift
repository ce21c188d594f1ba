import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct DenormalTests {
  @Test(
    "takes denormal numbers for zeros on every thread during a run, and gives the caller its mode back", arguments: levels,
    [1, 2, 5])
  func flushes(level: String, threads: Int) throws {
    // Enough elements for every thread; 1e-20 squared is denormal.
    let count = 1 << 20
    let tiny: Float = 1e-20
    var sample = Sample()
    let x = sample.input(try Tensor(shape: [count], scalars: [Float](repeating: tiny, count: count)))
    sample.graph.setOutputs([try sample.add(Binary(.multiply), x, x)])
    let runtime = try RuntimeManager.cpu(threads: threads, instructionSet: level)
    let module = try Module(graph: sample.graph, runtime: runtime)
    let y = try module.forward(sample.inputs)[0].scalars(as: Float.self)
    #expect(y.allSatisfy { $0 == 0 })
    #expect(tiny * y.reduce(tiny, +) > 0)
  }
}
