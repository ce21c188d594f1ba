import Foundation
import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

/// A small network of a kind, with open sizes.
enum NetworkClass: String, CaseIterable, Sendable {
  case convolutional, attention, recurrent, quantized

  /// The shape of the `index`th input: from one element to sizes for which kernels choose other algorithms.
  func shape(_ index: Int) -> [Int] {
    var random = RandomNumbers(seed: UInt64(index + 1))
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    switch self {
    case .convolutional: return [number(1...3), 8, index % 3 == 0 ? number(1...6) : number(7...33), number(1...33)]
    case .attention: return [number(1...3), index % 3 == 0 ? 1 : number(2...70), 32]
    case .recurrent: return [number(1...12), number(1...17), 24]
    case .quantized: return [number(1...2), 8, number(3...24), number(3...24)]
    }
  }

  func graph() throws -> Graph {
    var random = RandomNumbers(seed: 71)
    var graph = Graph(name: rawValue)
    func add(_ op: any Operator, _ inputs: Value.ID?...) throws -> Value.ID {
      try graph.append(op, inputs, name: "n\(graph.nodeCount)")[0]
    }
    func weights(_ shape: Int...) throws -> Value.ID {
      let bound = 1 / Float(shape.dropFirst().reduce(1, *)).squareRoot()
      return graph.addConstant(try random.floats(shape, in: -bound...bound))
    }
    func integers(_ values: Int64...) throws -> Value.ID { graph.addConstant(try Tensor(values)) }
    let open = shape(0).indices.map { axis -> MNNGraph.Dimension in
      // The last axis of sequences and the second of images are the features.
      axis == (shape(0).count == 4 ? 1 : 2) ? MNNGraph.Dimension(shape(0)[axis]) : .symbol("s\(axis)")
    }
    let x = graph.addInput("x", type: TensorType(.float32, Shape(open)))
    let same = SpatialPadding.explicit(before: [1, 1], after: [1, 1])
    switch self {
    case .convolutional:
      let a = try add(Convolution(padding: same, activation: .relu), x, weights(64, 8, 3, 3))
      let b = try add(Convolution(padding: same, activation: .relu), a, weights(64, 64, 3, 3))
      let c = try add(Binary(.add), a, add(Convolution(padding: same), b, weights(64, 64, 3, 3)))
      let d = try add(Convolution(groups: 64, padding: same), add(Convolution(), c, weights(64, 64, 1, 1)), weights(64, 1, 3, 3))
      let pooled = try add(Reduce(.mean, keepsDimensions: false), d, integers(2, 3))
      graph.setOutputs([try add(MatMul(), pooled, weights(64, 10)), d])
    case .attention:
      func headed(_ axes: [Int]) throws -> Value.ID {
        try add(Transpose(permutation: axes), add(Reshape(), add(MatMul(), x, weights(32, 32)), integers(0, 0, 4, 8)))
      }
      let scores = try add(MatMul(), headed([0, 2, 1, 3]), headed([0, 2, 3, 1]))
      let scaled = try add(Binary(.multiply), scores, graph.addConstant(try Tensor(Float(8).squareRoot())))
      let mixed = try add(Transpose(permutation: [0, 2, 1, 3]), add(MatMul(), add(Softmax(), scaled), headed([0, 2, 1, 3])))
      let rows = try add(Binary(.add), x, add(MatMul(), add(Reshape(), mixed, integers(0, 0, 32)), weights(32, 32)))
      graph.setOutputs([try add(Unary(.tanh), add(MatMul(), rows, weights(32, 48))), rows])
    case .recurrent:
      let a = try add(LSTM(direction: .bidirectional), x, weights(2, 80, 24), weights(2, 80, 20))
      let rows = try add(Reshape(), add(Transpose(permutation: [0, 2, 1, 3]), a), integers(0, 0, 40))
      let b = try add(GRU(direction: .forward, resetsAfterProduct: true), rows, weights(1, 48, 40), weights(1, 48, 16))
      graph.setOutputs([b, rows])
    case .quantized:
      func number(_ value: Float) throws -> Value.ID { graph.addConstant(try Tensor(value)) }
      let zero = graph.addConstant(try Tensor(shape: [], scalars: [Int32(0)]).converted(to: .int8))
      func pair(_ x: Value.ID, _ scale: Float) throws -> Value.ID {
        try add(DequantizeLinear(), add(QuantizeLinear(), x, number(scale), zero), number(scale), zero)
      }
      func bytes(_ shape: Int...) throws -> Value.ID {
        let values = graph.addConstant(try random.integers(shape, in: -128...127).converted(to: .int8))
        let zeros = graph.addConstant(try Tensor.zeros(.int8, [shape[0]]))
        let scales = graph.addConstant(try random.floats([shape[0]], in: 0.001...0.003))
        return try add(DequantizeLinear(granularity: QuantizationGranularity(axis: 0)), values, scales, zeros)
      }
      let a = try pair(add(Convolution(padding: same, activation: .relu), pair(x, 0.02), bytes(24, 8, 3, 3)), 0.05)
      let b = try pair(add(Convolution(groups: 24, padding: same), a, bytes(24, 1, 3, 3)), 0.02)
      let c = try pair(add(Binary(.add), a, b), 0.05)
      graph.setOutputs([try add(Convolution(), c, bytes(16, 24, 1, 1)), c])
    }
    return graph
  }
}

/// The same module gives the same bits, whatever shapes it saw before and in whatever order tasks came. The short form runs in CI,
/// `Scripts/tests/soak` runs the long one.
@Suite(.serialized) struct HistoryTests {
  static let isLong = SoakTests.hasOwnProcess
  static let runs = isLong ? SoakTests.runs / NetworkClass.allCases.count : 240
  static let tasks = isLong ? 64 : 8
  /// After so many runs all begins again, cold.
  static let runsOfModule = isLong ? 1500 : 120
  static let shapes = isLong ? 40 : 12

  struct Case: Sendable {
    var input: Tensor
    var expected: [Tensor]
  }

  /// Inputs of many shapes, each with what a module gives that saw nothing else.
  static func cases(_ network: NetworkClass) throws -> [Case] {
    var random = RandomNumbers(seed: 72)
    let graph = try network.graph()
    return try (0..<shapes).map { index in
      let input = try random.floats(network.shape(index))
      return Case(input: input, expected: try Module(graph: graph, runtime: .cpu()).forward([input]))
    }
  }

  @Test("gives the same bits for shapes in any order, from a cold start, also after NaN", arguments: NetworkClass.allCases)
  func order(_ network: NetworkClass) throws {
    let (cases, graph) = (try Self.cases(network), try network.graph())
    for seed in 0..<UInt64(3) {
      var random = RandomNumbers(seed: 73 + seed)
      let module = try Module(graph: graph, runtime: .cpu(threads: 1 + Int(seed)))
      for index in cases.indices.shuffled(using: &random) + cases.indices.shuffled(using: &random) {
        // What a run leaves in memory must not be seen by the next.
        let poison = try Tensor(
          shape: cases[index].input.shape, scalars: [Float](repeating: .nan, count: cases[index].input.count))
        _ = try module.forward([poison])
        #expect(try module.forward([cases[index].input]) == cases[index].expected, "\(network) \(cases[index].input.shape)")
      }
    }
  }

  @Test("gives the same bits to many tasks, shapes in random order, without warm-up", arguments: NetworkClass.allCases)
  func tasks(_ network: NetworkClass) async throws {
    let (cases, graph) = (try Self.cases(network), try network.graph())
    var done = 0
    for round in 0... {
      let module = try Module(graph: graph, runtime: .cpu(threads: 1 + round % 2))
      let perTask = max(1, Self.runsOfModule / Self.tasks)
      let wrong = try await withThrowingTaskGroup(of: [String].self) { group in
        for task in 0..<Self.tasks {
          group.addTask {
            var random = RandomNumbers(seed: UInt64(round * 1000 + task))
            var wrong: [String] = []
            for _ in 0..<perTask {
              let known = cases[Int.random(in: cases.indices, using: &random)]
              if try await module.forward([known.input]) as [Tensor] != known.expected { wrong.append("\(known.input.shape)") }
            }
            return wrong
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(wrong.isEmpty, "\(network): \(wrong.count) runs differ: \(Set(wrong).sorted())")
      done += perTask * Self.tasks
      if done >= Self.runs { break }
    }
    print("history: \(done) runs of the \(network) network by \(Self.tasks) tasks")
  }
}
