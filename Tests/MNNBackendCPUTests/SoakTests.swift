import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

/// Many runs in a row. `Scripts/tests/soak` runs them for longer, through `MNN_SOAK_RUNS` and `MNN_SOAK_SECONDS`.
@Suite(.serialized) struct SoakTests {
  static let runs = Int(ProcessInfo.processInfo.environment["MNN_SOAK_RUNS"] ?? "") ?? 400
  /// Whether this suite was started by itself, as Scripts/test and Scripts/tests/soak do.
  static let hasOwnProcess = ProcessInfo.processInfo.environment["MNN_SOAK_RUNS"] != nil
  /// How long eight tasks run at once.
  static let seconds = Double(ProcessInfo.processInfo.environment["MNN_SOAK_SECONDS"] ?? "") ?? 0.5

  /// Convolutions, a residual, a pooling and a product, with a symbolic batch and image.
  static func graph() throws -> Graph {
    var random = RandomNumbers(seed: 41)
    var graph = Graph(name: "soak")
    let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 3, .symbol("h"), .symbol("w")]))
    func add(_ op: any Operator, _ inputs: Value.ID...) throws -> Value.ID {
      try graph.append(op, inputs, name: "n\(graph.nodeCount)")[0]
    }
    let same = SpatialPadding.explicit(before: [1, 1], after: [1, 1])
    let a = try add(Convolution(padding: same, activation: .relu), x, graph.addConstant(random.floats([24, 3, 3, 3])))
    let b = try add(Convolution(groups: 24, padding: same), a, graph.addConstant(random.floats([24, 1, 3, 3])))
    let c = try add(Binary(.add), a, add(Unary(.sigmoid), b))
    let pooled = try add(Reduce(.mean, keepsDimensions: false), c, graph.addConstant(try Tensor([Int64(2), 3])))
    graph.setOutputs([try add(MatMul(), pooled, graph.addConstant(random.floats([24, 10])))])
    return graph
  }

  /// Bytes of the process that are in memory.
  static func residentByteCount() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  #if os(Linux)
    @Test(
      "stays in the same memory while shapes change from run to run",
      .enabled(if: hasOwnProcess, "the tests beside it take memory too: MNN_SOAK_RUNS=N, with this suite alone"))
    func flat() throws {
      let module = try Module(graph: Self.graph(), runtime: .cpu())
      var random = RandomNumbers(seed: 42)
      var settled = 0
      for run in 0..<Self.runs {
        let size = (0..<3).map { Int.random(in: 1...($0 == 0 ? 3 : 24), using: &random) }
        let x = try Tensor.zeros(.float32, [size[0], 3, size[1], size[2]])
        #expect(try module.forward([x])[0].shape == [size[0], 10])
        if run == min(200, Self.runs / 2) { settled = try Self.residentByteCount() }
      }
      let growth = try Self.residentByteCount() - settled
      // The allocator's own slack; a leak of one arena per plan would be ten times that in the long form.
      #expect(growth < 4 << 20, "\(growth) bytes after \(Self.runs) runs")
    }
  #endif

  @Test("gives the same bits to eight tasks at once, for any number of threads, while shapes change")
  func concurrent() async throws {
    var random = RandomNumbers(seed: 43)
    let alone = try Module(graph: Self.graph(), runtime: .cpu(threads: 1))
    var cases: [(input: Tensor, expected: [Tensor])] = []
    for shape in [[2, 3, 17, 19], [1, 3, 24, 24], [3, 3, 5, 40], [1, 3, 1, 1]] {
      let input = try random.floats(shape)
      cases.append((input, try await alone.forward([input])))
    }
    let (module, known) = (try Module(graph: Self.graph(), runtime: .cpu(threads: 2)), cases)
    let end = ContinuousClock.now + .seconds(Self.seconds)
    try await withThrowingTaskGroup(of: (runs: Int, wrong: Int).self) { group in
      for task in 0..<8 {
        group.addTask {
          var (runs, wrong) = (0, 0)
          while ContinuousClock.now < end || runs < known.count {
            let (input, expected) = known[(runs + task) % known.count]
            if try await module.forward([input]) != expected { wrong += 1 }
            runs += 1
          }
          return (runs, wrong)
        }
      }
      var total = 0
      for try await (runs, wrong) in group {
        #expect(wrong == 0, "\(wrong) of \(runs) runs differ")
        total += runs
      }
      print("soak: \(total) runs by eight tasks")
    }
  }
}
