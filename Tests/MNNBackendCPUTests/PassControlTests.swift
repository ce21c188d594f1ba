import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@testable import MNNBackendCPU

@Suite("Control of passes")
struct PassControlTests {
  /// An inverted residual, then a product with a bias and an activation: passes of every pipeline change it.
  private func network() throws -> (graph: Graph, input: Tensor) {
    var sample = Sample()
    var numbers = RandomNumbers(seed: 5)
    func weight(_ shape: [Int], _ sample: inout Sample) throws -> Value.ID { sample.constant(try numbers.floats(shape)) }
    let input = try numbers.floats([1, 16, 40, 40])
    let x = sample.input(input)
    var y = x
    for (convolution, shape) in [
      (Convolution(), [96, 16, 1, 1]), (Convolution(groups: 96, padding: .sameUpper), [96, 1, 3, 3]),
      (Convolution(), [16, 96, 1, 1]),
    ] {
      y = try sample.graph.append(convolution, [y, weight(shape, &sample)], name: "conv")[0]
      if shape[0] == 96 { y = try sample.graph.append(Unary(.hardSwish), [y], name: "act")[0] }
    }
    y = try sample.graph.append(Binary(.add), [y, x], name: "sum")[0]
    y = try sample.graph.append(MatMul(), [y, weight([40, 24], &sample)], name: "product")[0]
    y = try sample.graph.append(Binary(.add), [y, weight([24], &sample)], name: "bias")[0]
    y = try sample.graph.append(Unary(.relu), [y], name: "relu")[0]
    sample.graph.setOutputs([y])
    return (sample.graph, input)
  }

  private func run(_ graph: Graph, _ input: Tensor, _ control: PassControl) throws -> (Tensor, [String]) {
    var runtime = try RuntimeManager.cpu()
    runtime.passes = control
    let module = try Module(graph: graph, runtime: runtime)
    return (try module.forward([input])[0], try module.plan(forInputs: [input.type]).steps.map(\.operatorName))
  }

  @Test("a network means the same after any number of changes")
  func limits() throws {
    let (graph, input) = try network()
    let expected = try Interpreter().run(graph, [input])
    let log = PatchLog()
    let whole = try run(graph, input, PassControl(log: log))
    #expect(try relativeDifference([whole.0], from: expected) < 1e-5)
    #expect(whole.1.contains("Bottleneck") && whole.1.contains("FusedMatMul"))
    #expect(
      Set(log.patches.map(\.pass)).isSuperset(of: ["fuse-inverted-residual", "cpu-block-inverted-residual", "fuse-bias-product"]))
    #expect(log.patches.map(\.number) == Array(1...log.patches.count))
    for limit in 0..<log.patches.count {
      let (y, _) = try run(graph, input, PassControl(patchLimit: limit))
      #expect(try relativeDifference([y], from: expected) < 1e-5, "\(limit) changes")
    }
  }

  @Test("every pass of the backend can be left out")
  func disabled() throws {
    let (graph, input) = try network()
    let expected = try Interpreter().run(graph, [input])
    for name in try RuntimeManager.cpu().passNames {
      let log = PatchLog()
      let (y, _) = try run(graph, input, PassControl(disabled: [name], log: log))
      #expect(try relativeDifference([y], from: expected) < 1e-5, "\(name)")
      #expect(!log.patches.contains { $0.pass == name })
    }
  }

  @Test("bisecting names the one change of a backend that matters")
  func bisection() throws {
    let (graph, input) = try network()
    // What changes the plan is found as what changes results is.
    let found = try Bisection.run(under: PassControl()) { control in
      try !run(graph, input, control).1.contains("Bottleneck")
    }
    #expect(found?.pass == "cpu-block-inverted-residual")
    #expect(found?.patch.node == "conv")
  }
}
