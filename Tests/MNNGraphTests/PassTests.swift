import MNNGraph
import Testing

@Suite("Passes")
struct PassTests {
  /// A graph of one image input that `body` continues to its output.
  private func graph(
    channels: Int = 4, _ body: (inout Graph, Value.ID) throws -> Value.ID
  ) throws -> Graph {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, Shape([2, channels, 5, 6])))
    let y = try body(&graph, x)
    graph.setName("y", of: y)
    graph.setOutputs([y])
    return graph
  }

  private func numbers(_ shape: [Int], from low: Float = -1, to high: Float = 1, seed: UInt64) throws -> Tensor {
    var generator = SplitMix64(seed: seed)
    return try Tensor(
      shape: shape, scalars: (0..<shape.reduce(1, *)).map { _ in Float.random(in: low...high, using: &generator) })
  }

  /// Runs the pipeline and compares with the graph as it was.
  private func simplified(_ graph: Graph, _ pipeline: PassPipeline = .simplify) throws -> Graph {
    var result = graph
    try pipeline.run(on: &result)
    let inputs = try graph.inputs.map { try numbers(graph[$0].type?.shape.sizes ?? [], seed: 9) }
    for (want, got) in zip(try Interpreter().run(graph, inputs), try Interpreter().run(result, inputs)) {
      #expect(want.shape == got.shape)
      for (a, b) in zip(try want.scalars(as: Float.self), try got.scalars(as: Float.self)) {
        #expect(abs(a - b) <= 1e-5 * max(1, abs(a)))
      }
    }
    return result
  }

  private func operators(_ graph: Graph) -> [String] { graph.nodes.map(\.op.name) }

  @Test("folds batch normalization into the convolution before it", arguments: [1, 2, 4])
  func batchNormalization(groups: Int) throws {
    let before = try graph { g, x in
      let weight = g.addConstant(try numbers([8, 4 / groups, 3, 3], seed: 1))
      let y = try g.append(Convolution(groups: groups), [x, weight], name: "conv")[0]
      let parameters = try (0..<4).map { g.addConstant(try numbers([8], from: 0.5, to: 2, seed: UInt64($0 + 2))) }
      return try g.append(BatchNormalization(), [y] + parameters, name: "norm")[0]
    }
    #expect(operators(try simplified(before)) == ["Convolution"])
  }

  @Test("makes weights that a graph fills itself constants when it plans")
  func filledWeights() throws {
    let before = try graph { g, x in
      let value = g.addConstant(try Tensor(Float(0.25))), shape = g.addConstant(try Tensor([Int64(512), 4, 3, 3]))
      let weight = try g.append(Fill(), [value, shape], name: "weight")[0]
      return try g.append(Convolution(), [x, weight], name: "conv")[0]
    }
    #expect(operators(try simplified(before)) == ["Fill", "Convolution"])
    #expect(operators(try simplified(before, .plan)) == ["Convolution"])
  }

  @Test("folds batch normalization into a transposed convolution in groups")
  func transposed() throws {
    let before = try graph { g, x in
      let weight = g.addConstant(try numbers([4, 3, 2, 2], seed: 1))
      let bias = g.addConstant(try numbers([6], seed: 7))
      let y = try g.append(ConvolutionTranspose(strides: [2, 2], groups: 2), [x, weight, bias], name: "conv")[0]
      let parameters = try (0..<4).map { g.addConstant(try numbers([6], from: 0.5, to: 2, seed: UInt64($0 + 2))) }
      return try g.append(BatchNormalization(), [y] + parameters, name: "norm")[0]
    }
    #expect(operators(try simplified(before)) == ["ConvolutionTranspose"])
  }

  @Test("folds arithmetic per channel and the activation after it")
  func arithmetic() throws {
    let before = try graph { g, x in
      let weight = g.addConstant(try numbers([8, 4, 1, 1], seed: 1))
      let c = g.addConstant(try numbers([8, 1, 1], from: 0.5, to: 2, seed: 2))
      var y = try g.append(Convolution(), [x, weight], name: "conv")[0]
      y = try g.append(Binary(.subtract), [c, y], name: "from")[0]
      y = try g.append(Binary(.divide), [y, c], name: "by")[0]
      y = try g.append(Binary(.add), [y, g.addConstant(try Tensor(Float(0.25)))], name: "plus")[0]
      return try g.append(Unary(.clip(minimum: 0, maximum: 6)), [y], name: "relu6")[0]
    }
    let after = try simplified(before)
    #expect(operators(after) == ["Convolution"])
    #expect((after.nodes[0].op as? Convolution)?.activation == .clip(minimum: 0, maximum: 6))
  }

  @Test("finds hard sigmoids and hard swishes that are spelt out")
  func hardSigmoid() throws {
    let before = try graph { g, x in
      var y = try g.append(Binary(.multiply), [g.addConstant(try Tensor(Float(1) / 6)), x], name: "line")[0]
      y = try g.append(Binary(.add), [y, g.addConstant(try Tensor([Float(0.5)]))], name: "shifted")[0]
      y = try g.append(Unary(.clip(minimum: 0, maximum: 1)), [y], name: "gate")[0]
      let z = try g.append(Binary(.multiply), [x, y], name: "swish")[0]
      return try g.append(Unary(.hardSigmoid(alpha: 0.2, beta: 0.5)), [z], name: "last")[0]
    }
    let after = try simplified(before)
    #expect(operators(after) == ["Unary", "Unary"])
    #expect((after.nodes[0].op as? Unary)?.function == .hardSwish)
  }

  @Test("leaves alone what is used twice, differs along other axes, or comes after an activation")
  func leaves() throws {
    let shared = try graph { g, x in
      let weight = g.addConstant(try numbers([4, 4, 1, 1], seed: 1))
      let y = try g.append(Convolution(), [x, weight], name: "conv")[0]
      let z = try g.append(Unary(.relu), [y], name: "relu")[0]
      return try g.append(Binary(.add), [y, z], name: "sum")[0]
    }
    #expect(operators(try simplified(shared)).sorted() == ["Binary", "Convolution", "Unary"])
    let rows = try graph { g, x in
      let weight = g.addConstant(try numbers([4, 4, 1, 1], seed: 1))
      let y = try g.append(Convolution(activation: .relu), [x, weight], name: "conv")[0]
      let z = try g.append(Binary(.multiply), [y, g.addConstant(try numbers([5, 1], seed: 3))], name: "rows")[0]
      return try g.append(Binary(.multiply), [z, g.addConstant(try numbers([4, 1, 1], seed: 3))], name: "channels")[0]
    }
    #expect(operators(try simplified(rows)) == ["Convolution", "Binary", "Binary"])
  }

  @Test("recognizes activations that multiply an input by a function of itself")
  func selfGates() throws {
    let gates: [(ScalarFunction, [any Operator])] = [
      (.silu, [Unary(.sigmoid)]), (.hardSwish, [Unary(.hardSigmoid(alpha: 1 / 6, beta: 0.5))]),
      (.mish, [Unary(.softplus), Unary(.tanh)]),
    ]
    for (function, chain) in gates {
      let before = try graph { g, x in
        let gate = try chain.reduce(x) { try g.append($1, [$0], name: $1.name)[0] }
        return try g.append(Binary(.multiply), [gate, x], name: "gated")[0]
      }
      let after = try simplified(before)
      #expect((after.nodes.first?.op as? Unary)?.function == function)
      #expect(after.nodeCount == 1)
    }
  }

  /// `x` of rank 4 and a way to add numbers and operators, for spellings of GELU.
  private struct Spelling {
    var graph: Graph
    let x: Value.ID
    mutating func callAsFunction(_ function: Binary.Function, _ a: Value.ID, _ b: Value.ID) throws -> Value.ID {
      try graph.append(Binary(function), [a, b], name: "n\(graph.nodeCount)")[0]
    }
    mutating func callAsFunction(_ function: ScalarFunction, _ a: Value.ID) throws -> Value.ID {
      try graph.append(Unary(function), [a], name: "n\(graph.nodeCount)")[0]
    }
    mutating func number(_ value: Float) throws -> Value.ID { graph.addConstant(try Tensor(value)) }
  }

  @Test("recognizes GELU in the spellings of exporters, and only those")
  func gelu() throws {
    let spellings: [(ScalarFunction?, (inout Spelling) throws -> Value.ID)] = [
      (
        .gelu,
        { s in
          let gate = try s(.add, s(.erf, s(.divide, s.x, s.number(1.4142135))), s.number(1))
          return try s(.multiply, s(.multiply, s.x, gate), s.number(0.5))
        }
      ),
      (
        .gelu,
        { s in
          let gate = try s(.add, s.number(1), s(.erf, s(.multiply, s.number(0.70710677), s.x)))
          return try s(.multiply, gate, s(.multiply, s.number(0.5), s.x))
        }
      ),
      (
        .gelu,
        { s in
          let half = try s(.multiply, s(.erf, s(.divide, s.x, s.number(1.4142135))), s.number(0.5))
          return try s(.multiply, s.x, s(.add, half, s.number(0.5)))
        }
      ),
      (
        .geluTanh,
        { s in
          let cube = try s(.multiply, s(.power, s.x, s.number(3)), s.number(0.044715))
          let inner = try s(.multiply, s(.add, s.x, cube), s.number(0.7978846))
          return try s(.multiply, s(.multiply, s.x, s.number(0.5)), s(.add, s(.tanh, inner), s.number(1)))
        }
      ),
      (
        .geluTanh,
        { s in
          let square = try s(.multiply, s(.multiply, s.x, s.number(0.044715)), s.x)
          let inner = try s(.multiply, s(.multiply, s.x, s(.add, square, s.number(1))), s.number(0.7978846))
          return try s(.multiply, s(.multiply, s.number(0.5), s.x), s(.add, s.number(1), s(.tanh, inner)))
        }
      ),
      (
        nil,
        { s in
          let gate = try s(.add, s(.erf, s(.divide, s.x, s.number(1.5))), s.number(1))
          return try s(.multiply, s(.multiply, s.x, gate), s.number(0.5))
        }
      ),
      (
        nil,
        { s in
          let gate = try s(.add, s(.erf, s(.divide, s.x, s.number(1.4142135))), s.number(1))
          return try s(.multiply, s.x, gate)
        }
      ),
    ]
    for (i, (function, body)) in spellings.enumerated() {
      let before = try graph { g, x in
        var spelling = Spelling(graph: g, x: x)
        let y = try body(&spelling)
        g = spelling.graph
        return y
      }
      let after = try simplified(before)
      if let function {
        #expect((after.nodes.first?.op as? Unary)?.function == function && after.nodeCount == 1, "spelling \(i)")
      } else {
        #expect(after == before, "spelling \(i)")
      }
    }
  }

  @Test("folds a factor per column into the weights of a product, through a transposition", arguments: [false, true])
  func productScale(transposesB: Bool) throws {
    for (bias, isMoved) in [(nil, false), ("added", true), ("input", true), ("added", false)] as [(String?, Bool)] {
      let before = try graph { g, x in
        let weight = g.addConstant(try numbers(transposesB ? [3, 6] : [6, 3], seed: 1))
        let b = g.addConstant(try numbers([3], seed: 2))
        var y = try g.append(MatMul(transposesB: transposesB), [x, weight] + (bias == "input" ? [b] : []), name: "product")[0]
        if bias == "added" { y = try g.append(Binary(.add), [b, y], name: "bias")[0] }
        if isMoved { y = try g.append(Transpose(permutation: [0, 3, 1, 2]), [y], name: "moved")[0] }
        let factor = g.addConstant(try numbers(isMoved ? [3, 1, 1] : [3], seed: 3))
        return try g.append(Binary(.multiply), [factor, y], name: "scaled")[0]
      }
      let wanted = ["MatMul"] + (bias == "added" ? ["Binary"] : []) + (isMoved ? ["Transpose"] : [])
      #expect(operators(try simplified(before)) == wanted)
    }
  }

  @Test("keeps a factor that differs along rows, or follows a product that is used twice")
  func keepsFactor() throws {
    let rows = try graph { g, x in
      let weight = g.addConstant(try numbers([6, 5], seed: 1))
      let y = try g.append(MatMul(), [x, weight], name: "product")[0]
      return try g.append(Binary(.multiply), [y, g.addConstant(try numbers([5, 1], seed: 3))], name: "scaled")[0]
    }
    #expect(operators(try simplified(rows)) == ["MatMul", "Binary"])
    let shared = try graph { g, x in
      let weight = g.addConstant(try numbers([6, 5], seed: 1))
      let y = try g.append(MatMul(), [x, weight], name: "product")[0]
      let z = try g.append(Binary(.multiply), [y, g.addConstant(try numbers([5], seed: 3))], name: "scaled")[0]
      return try g.append(Binary(.add), [y, z], name: "sum")[0]
    }
    #expect(operators(try simplified(shared)) == ["MatMul", "Binary", "Binary"])
  }

  @Test("removes nodes that change nothing and merges movement")
  func movement() throws {
    let before = try graph { g, x in
      var y = try g.append(Identity(), [x], name: "same")[0]
      y = try g.append(Transpose(permutation: [0, 2, 3, 1]), [y], name: "a")[0]
      y = try g.append(Transpose(permutation: [0, 3, 1, 2]), [y], name: "b")[0]
      y = try g.append(Binary(.multiply), [y, g.addConstant(try Tensor(Float(1)))], name: "one")[0]
      y = try g.append(Reshape(), [y, g.addConstant(try Tensor([Int64(2), 20, 6]))], name: "c")[0]
      y = try g.append(Reshape(), [y, g.addConstant(try Tensor([Int64(-1), 10]))], name: "d")[0]
      return try g.append(Unary(.negate), [y], name: "minus")[0]
    }
    #expect(operators(try simplified(before)) == ["Reshape", "Unary"])
  }

  @Test("keeps the names of an output that is an input, and of two outputs that are one value")
  func outputNames() throws {
    var graph = Graph()
    let x = graph.addInput("x", type: TensorType(.float32, [3]))
    let a = try graph.append(Identity(), [x], name: "a")[0]
    let b = try graph.append(Identity(), [a], name: "b")[0]
    graph.setOutputs([a, b])
    let after = try simplified(graph)
    #expect(after.outputs.map { after[$0].name } == ["a", "b"])
    #expect(after.inputs.map { after[$0].name } == ["x"])
  }

  @Test("passes can be switched off by name")
  func disabled() throws {
    let before = try graph { g, x in
      let weight = g.addConstant(try numbers([4, 4, 1, 1], seed: 1))
      let y = try g.append(Convolution(), [x, weight], name: "conv")[0]
      return try g.append(Unary(.relu), [y], name: "relu")[0]
    }
    var pipeline = PassPipeline.simplify
    pipeline.disabled = ["fuse-activation"]
    #expect(operators(try simplified(before, pipeline)) == ["Convolution", "Unary"])
    #expect(pipeline.names.contains("fuse-activation"))
  }

  @Test("bisecting names the pass that breaks a graph")
  func bisection() throws {
    let before = try graph { g, x in
      var y = x
      for i in 0..<6 { y = try g.append(Unary(i % 2 == 0 ? .negate : .absolute), [y], name: "n\(i)")[0] }
      return y
    }
    // A law that does not hold.
    let wrong = Rule("drop-abs", on: Unary.self) { op, node, graph throws(GraphError) in
      guard op.function == .absolute, let x = node.inputs[0] else { return nil }
      return GraphPatch(replacing: node, with: x)
    }
    let input = try numbers([2, 4, 5, 6], seed: 9)
    let want = try Interpreter().run(before, [input])
    let found = try Bisection.run(PassPipeline([.foldConstants, Pass(wrong)]), on: before) {
      try Interpreter().run($0, [input]) == want
    }
    #expect(found?.pass == "drop-abs")
    #expect(found?.patch.node == "n5")
    // -| -| -| x: dropping the first or second abs leaves a later one to hide it; the last shows.
    #expect(found?.goodChangeCount == 2)
    #expect(try Bisection.run(.simplify, on: before) { try Interpreter().run($0, [input]) == want } == nil)
  }
}

/// A small generator whose numbers are the same everywhere.
