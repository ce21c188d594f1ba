import MNNBackendCPU
import MNNGraph
import MNNRuntime
import MNNSchema
import TestSupport
import Testing

@testable import MNNQuant

/// Weights outside of convolutions: how they stand in files, and what comes back.
@Suite("Quantized products, tables and recurrent layers") struct WeightFormTests {
  private var numbers = RandomNumbers(seed: 11)

  private mutating func tensor(_ shape: Int...) throws -> Tensor {
    try numbers.floats(shape, in: -1...1)
  }

  private func written(_ graph: Graph, _ quantization: WeightQuantization) throws -> (once: Graph, again: Graph, byteCount: Int) {
    let (small, layers) = try graph.quantizingWeights(WeightChoice(quantization))
    #expect(layers.allSatisfy { $0.form != .floats } && !layers.isEmpty)
    let bytes = try small.mnnBytes()
    let once = try Graph(mnn: bytes)
    return (once, try Graph(mnn: once.mnnBytes()), bytes.count)
  }

  /// The constants below every `DequantizeLinear`.
  private func codes(_ graph: Graph) -> [[Tensor?]] {
    graph.nodes.filter { $0.op is DequantizeLinear }.map { node in node.inputs.map { graph.constant($0) } }
  }

  private func answers(_ graph: Graph, _ inputs: [Tensor]) throws -> [Tensor] {
    try Module(graph: graph, runtime: .cpu()).forward(inputs)
  }

  private func distance(_ a: Tensor, _ b: Tensor) throws -> Float {
    let (x, y) = (try a.scalars(as: Float.self), try b.scalars(as: Float.self))
    #expect(a.shape == b.shape)
    return zip(x, y).reduce(0) { max($0, abs($1.0 - $1.1)) } / y.reduce(1e-9) { max($0, abs($1)) }
  }

  static let quantizations = [
    WeightQuantization(bits: 8), WeightQuantization(bits: 8, isAsymmetric: false),
    WeightQuantization(bits: 4, blockSize: 32, method: .halfQuadratic, scaleBits: 16),
    WeightQuantization(bits: 4, isAsymmetric: false, blockSize: 32), WeightQuantization(bits: 3, blockSize: 16),
  ]

  /// How far answers may be: half a step of the codes, some times over.
  private func tolerance(_ quantization: WeightQuantization) -> Float { 1.5 / Float(1 << (quantization.bits - 1)) }

  @Test("products are kept as convolutions and come back as products", arguments: quantizations, [2, 3, 4])
  mutating func products(_ quantization: WeightQuantization, rank: Int) throws {
    let sizes = [2, 3, 5, 64].suffix(rank)
    for isTransposed in [false, true] {
      var graph = Graph(name: "g")
      let x = graph.addInput("x", type: TensorType(.float32, Shape(Array(sizes))))
      let w = graph.addConstant(try isTransposed ? tensor(24, 64) : tensor(64, 24))
      let bias = graph.addConstant(try tensor(24))
      graph.setOutputs(try graph.append(MatMul(transposesB: isTransposed), [x, w, bias], name: "y"))
      var (once, again, bytes) = try written(graph, quantization)
      #expect(bytes < 64 * 24 * 4)
      #expect(once.nodes.contains { $0.op is Convolution } && codes(once) == codes(again))
      let input = try Tensor(shape: Array(sizes), scalars: (0..<sizes.reduce(1, *)).map { Float($0 % 13) - 6 })
      let (want, got) = (try answers(graph, [input])[0], try answers(once, [input])[0])
      #expect(try distance(got, want) < tolerance(quantization))
      try PassPipeline.simplify.run(on: &once)
      #expect(once.nodes.map { $0.op.name }.filter { $0 != "DequantizeLinear" } == ["MatMul"])
      #expect(try distance(answers(once, [input])[0], got) < 1e-5)
    }
  }

  @Test("a product whose left factor has open sizes")
  mutating func openSizes() throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, Shape([.symbol("b"), .symbol("s"), 32])))
    graph.setOutputs(try graph.append(MatMul(), [x, graph.addConstant(try tensor(32, 16))], name: "y"))
    let (once, again, _) = try written(graph, WeightQuantization(bits: 8))
    #expect(codes(once) == codes(again))
    for shape in [[1, 1, 32], [2, 7, 32], [5, 3, 32]] {
      let input = try Tensor(shape: shape, scalars: (0..<shape.reduce(1, *)).map { Float($0 % 11) - 5 })
      #expect(try distance(answers(once, [input])[0], answers(graph, [input])[0]) < 0.02)
    }
  }

  @Test("tables keep their codes bit for bit", arguments: quantizations)
  mutating func tables(_ quantization: WeightQuantization) throws {
    var graph = Graph(name: "g")
    let ids = graph.addInput("ids", type: TensorType(.int32, Shape([.symbol("b"), .symbol("s")])))
    graph.setOutputs(try graph.append(Gather(), [graph.addConstant(try tensor(50, 64)), ids], name: "y"))
    let (once, again, bytes) = try written(graph, quantization)
    let small = try graph.quantizingWeights(WeightChoice(quantization)).graph
    #expect(codes(once) == codes(small) && codes(again) == codes(small))
    #expect(bytes < 50 * 64 * 3 / 2 + 3000)
    // A model of floats that was written has the same layers.
    #expect(try Graph(mnn: graph.mnnBytes()).weightLayers.map(\.kind) == [.embedding])
    let input = try Tensor(shape: [2, 3], scalars: [0, 49, 7, 7, 1, 30] as [Int32])
    #expect(try distance(answers(once, [input])[0], answers(graph, [input])[0]) < tolerance(quantization))
    #expect(try answers(again, [input]) == answers(once, [input]))
  }

  @Test("recurrent layers keep their codes bit for bit", arguments: [RecurrentDirection.forward, .bidirectional])
  mutating func recurrent(_ direction: RecurrentDirection) throws {
    let count = direction.count
    for op in [LSTM(direction: direction), RNN(direction: direction)] as [any Operator] {
      let gates = op is LSTM ? 4 : 1
      var graph = Graph(name: "g")
      let x = graph.addInput("x", type: TensorType(.float32, [5, 2, 32]))
      let (w, r) = (try tensor(count, gates * 16, 32), try tensor(count, gates * 16, 16))
      graph.setOutputs(Array(try graph.append(op, [x, graph.addConstant(w), graph.addConstant(r)], name: "y").prefix(1)))
      for quantization in Self.quantizations {
        let (once, again, _) = try written(graph, quantization)
        let small = try graph.quantizingWeights(WeightChoice(quantization)).graph
        #expect(codes(once) == codes(small) && codes(again) == codes(small))
        let input = try tensor(5, 2, 32)
        #expect(try distance(answers(once, [input])[0], answers(small, [input])[0]) < 1e-5)
      }
    }
  }

  @Test("transposed convolutions in groups keep their codes", arguments: quantizations)
  mutating func transposed(_ quantization: WeightQuantization) throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [1, 8, 5, 5]))
    let w = graph.addConstant(try tensor(8, 6, 3, 3))
    graph.setOutputs(try graph.append(ConvolutionTranspose(groups: 4), [x, w], name: "y"))
    let (once, again, _) = try written(graph, quantization)
    #expect(codes(once).count == 4 && codes(again) == codes(once))
    let small = try graph.quantizingWeights(WeightChoice(quantization)).graph
    let input = try tensor(1, 8, 5, 5)
    #expect(try distance(answers(once, [input])[0], answers(small, [input])[0]) < 1e-5)
  }

  @Test("convolutions that are no product of pixels stay convolutions")
  mutating func pixels() throws {
    for (sizes, op) in [
      ([-1, 32, 1, 1], Convolution(groups: 2)), ([-1, 32, 1, 1], Convolution(strides: [2, 2])),
      ([-1, 32, 2, 1], Convolution()), ([-1, 32, 1, 1], Convolution(padding: .explicit(before: [1, 1], after: [1, 1]))),
    ] as [([Int64], Convolution)] {
      var graph = Graph(name: "g")
      let x = graph.addInput("x", type: TensorType(.float32, [4, 64]))
      let image = try graph.append(Reshape(), [x, graph.addConstant(try Tensor(sizes))])[0]
      let w = graph.addConstant(try tensor(16, 32 / op.groups, 1, 1))
      graph.setOutputs(try graph.append(op, [image, w], name: "y"))
      let input = try tensor(4, 64)
      let want = try Module(graph: graph, runtime: .cpu(), passes: PassPipeline([])).forward([input])[0]
      try PassPipeline.simplify.run(on: &graph)
      #expect(graph.nodes.contains { $0.op is Convolution })
      #expect(try distance(answers(graph, [input])[0], want) < 1e-5)
    }
  }

  @Test("a table that is also a product's matrix is one constant")
  mutating func shared() throws {
    var graph = Graph(name: "g")
    let ids = graph.addInput("ids", type: TensorType(.int32, [1, 4]))
    let table = graph.addConstant(try tensor(64, 32))
    let rows = try graph.append(Gather(), [table, ids], name: "rows")[0]
    graph.setOutputs(try graph.append(MatMul(transposesB: true), [rows, table], name: "scores"))
    let small = try graph.quantizingWeights(WeightChoice(WeightQuantization(bits: 8))).graph
    #expect(codes(small).count == 1)
  }

  @Test("bodies of branches are quantized too")
  mutating func bodies() throws {
    func body(_ name: String, _ weight: Tensor) throws -> Graph {
      var graph = Graph(name: name)
      let x = graph.addInput("x", type: TensorType(.float32, [2, 32]))
      graph.setOutputs(try graph.append(MatMul(), [x, graph.addConstant(weight)], name: "z"))
      return graph
    }
    var graph = Graph(name: "g")
    let condition = graph.addInput("c", type: TensorType(.bool, []))
    let x = graph.addInput("x", type: TensorType(.float32, [2, 32]))
    let op = If(thenBranch: try body("yes", tensor(32, 16)), elseBranch: try body("no", tensor(32, 16)))
    graph.setOutputs(try graph.append(op, [condition, x], name: "y"))
    let layers = try graph.quantizingWeights(WeightChoice(WeightQuantization(bits: 8))).layers
    #expect(layers.map(\.layer.path) == ["yes/z", "no/z"] && layers.allSatisfy { $0.byteCount == 32 * 16 + 16 * 8 })
  }
}
