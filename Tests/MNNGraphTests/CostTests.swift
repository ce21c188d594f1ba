import Testing

@testable import MNNGraph

/// What is done to a graph must grow with it, not with its square: measured in steps, which are the same on every machine.
@Suite("Cost")
struct CostTests {
  struct Kind: CustomTestStringConvertible {
    let name: String
    /// How many links to try; twice as many are tried, too.
    var count = 200
    let build: @Sendable (inout Graph, Value.ID, Int) throws -> [Value.ID]
    var testDescription: String { name }
  }

  private static func chain(
    _ name: String, count: Int = 200, _ link: @escaping @Sendable (inout Graph, Value.ID, Int) throws -> Value.ID
  ) -> Kind {
    Kind(name: name, count: count) { graph, x, count in
      var y = x
      for i in 0..<count { y = try link(&graph, y, i) }
      return [y]
    }
  }

  private static func slice(_ graph: inout Graph, _ x: Value.ID, from start: Int64, to end: Int64, _ name: String) throws
    -> Value.ID
  {
    let bounds = try [start, end, 1].map { graph.addConstant(try Tensor([$0])) }
    return try graph.append(Slice(), [x] + bounds, name: name)[0]
  }

  static let kinds: [Kind] = [
    chain("functions") { g, x, i in try g.append(Unary(i % 2 == 0 ? .sin : .exp), [x], name: "f\(i)")[0] },
    chain("products") { g, x, i in
      let weight = g.addConstant(try Tensor(shape: [3, 3], scalars: (0..<9).map { Float($0 + i) }))
      return try g.append(MatMul(), [x, weight], name: "p\(i)")[0]
    },
    chain("identities") { g, x, i in try g.append(Identity(), [x], name: "i\(i)")[0] },
    chain("transpositions") { g, x, i in try g.append(Transpose(permutation: [1, 0]), [x], name: "t\(i)")[0] },
    chain("reshapes") { g, x, i in
      let shape = g.addConstant(try Tensor(i % 2 == 0 ? [Int64(3), -1] : [Int64(-1), 3]))
      return try g.append(Reshape(), [x, shape], name: "r\(i)")[0]
    },
    chain("paddings") { g, x, i in
      let pads = g.addConstant(try Tensor([Int64(0), Int64(i % 3), 0, 1]))
      return try g.append(Pad(mode: .wrap), [x, pads], name: "p\(i)")[0]
    },
    chain("slices") { g, x, i in try slice(&g, x, from: Int64(i % 2), to: i % 3 == 0 ? -1 : 1 << 40, "s\(i)") },
    chain("circular paddings") { g, x, i in
      let k = Int64(i + 1)
      let parts = [try slice(&g, x, from: -k, to: 1 << 40, "a\(i)"), x, try slice(&g, x, from: 0, to: k, "b\(i)")]
      return try g.append(Concat(axis: 1), parts, name: "c\(i)")[0]
    },
    chain("sums of shifted") { g, x, i in
      let pads = g.addConstant(try Tensor([Int64(0), 1, 0, 0]))
      let y = try g.append(Binary(.add), [x, try g.append(Unary(.sin), [x], name: "s\(i)")[0]], name: "a\(i)")[0]
      return try g.append(Pad(), [y, pads], name: "p\(i)")[0]
    },
    chain("poolings") { g, x, i in
      let axes = g.addConstant(try Tensor([Int64(0), 1]))
      let y = try g.append(Unsqueeze(), [x, axes], name: "u\(i)")[0]
      let pool = Pool(
        .maximum, kernel: [1, 2], strides: [1, 2], padding: .explicit(before: [0, 1], after: [0, 2]), rounding: .ceil)
      return try g.append(Squeeze(), [try g.append(pool, [y], name: "p\(i)")[0], axes], name: "q\(i)")[0]
    },
    chain("constants folded", count: 100) { g, x, i in
      let a = g.addConstant(try Tensor(Float(i))), b = g.addConstant(try Tensor(Float(1)))
      return try g.append(Binary(.add), [x, try g.append(Binary(.add), [a, b], name: "k\(i)")[0]], name: "a\(i)")[0]
    },
    Kind(name: "wide fan-out") { g, x, count in
      let parts = try (0..<count).map { i in
        try g.append(Binary(.multiply), [x, g.addConstant(try Tensor(Float(i + 2)))], name: "m\(i)")[0]
      }
      return [try g.append(Concat(axis: 0), parts, name: "all")[0]]
    },
    Kind(name: "equal nodes") { g, x, count in
      let parts = try (0..<count).map { try g.append(Unary(.exp), [x], name: "e\($0)")[0] }
      return [try g.append(Concat(axis: 0), parts, name: "all")[0]]
    },
    Kind(name: "equal outputs") { g, x, count in try (0..<count).map { try g.append(Unary(.exp), [x], name: "e\($0)")[0] } },
    Kind(name: "outputs that are the input") { g, x, count in
      try (0..<count).map { try g.append(Identity(), [x], name: "i\($0)")[0] }
    },
    Kind(name: "many outputs") { g, x, count in
      var y = x
      return try (0..<count).map { i in
        y = try g.append(Unary(.sin), [y], name: "o\(i)")[0]
        return y
      }
    },
    Kind(name: "many constants") { g, x, count in
      let parts = try (0..<count).map { i in g.addConstant(try Tensor(shape: [1, 3], scalars: [Float(i), 1, 2])) }
      return [try g.append(Concat(axis: 0), [x] + parts, name: "all")[0]]
    },
    Kind(name: "dead ends") { g, x, count in
      for i in 0..<count {
        var y = x
        for j in 0..<3 { y = try g.append(Unary(.sin), [y], name: "d\(i)_\(j)")[0] }
      }
      return [try g.append(Unary(.exp), [x], name: "y")[0]]
    },
  ]

  private func graph(_ kind: Kind, _ count: Int) throws -> Graph {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 3]))
    graph.setOutputs(try kind.build(&graph, x, count))
    return graph
  }

  private func steps(_ kind: Kind, _ count: Int) throws -> Int {
    var graph = try graph(kind, count)
    var steps = try PassPipeline.simplify.run(on: &graph).steps
    let types = [TensorType(.float32, [9, 3])]
    if var planned = try? graph.specialized(for: types) {
      steps += try PassPipeline.plan.run(on: &planned).steps
      graph = planned
    }
    return steps + graph.work
  }

  @Test("grows with the model", arguments: kinds)
  func linear(_ kind: Kind) throws {
    let (one, two) = (try steps(kind, kind.count), try steps(kind, 2 * kind.count))
    #expect(Double(two) < 2.3 * Double(one), "\(one) steps for \(kind.count), \(two) for twice as many")
  }

  @Test("a body within a body is looked at as often as one alone")
  func nesting() throws {
    func nested(_ depth: Int) throws -> Graph {
      var graph = Graph(name: "g\(depth)")
      let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 3]))
      if depth == 0 {
        graph.setOutputs(try graph.append(Unary(.exp), [x], name: "e"))
      } else {
        let condition = graph.addInput("c", type: TensorType(.bool, []))
        let body = try nested(depth - 1)
        let inputs = depth == 1 ? [condition, x] : [condition, x, condition]
        graph.setOutputs(try graph.append(If(thenBranch: body, elseBranch: body), inputs, name: "if"))
      }
      return graph
    }
    func steps(_ depth: Int) throws -> Int {
      var graph = try nested(depth)
      return try PassPipeline.simplify.run(on: &graph).steps + graph.work
    }
    #expect(try steps(12) < 3 * steps(6))
  }

  @Test("a size that would grow becomes a symbol that equals itself")
  func bounded() {
    func grown() -> MNNGraph.Dimension {
      (1..<40).reduce(MNNGraph.Dimension.symbol("n")) { size, i in
        size + MNNGraph.Dimension.min(size, MNNGraph.Dimension(i * i)) / 3
      }
    }
    let size = grown()
    #expect(size.size < 100)
    #expect(size == grown())
    #expect(size != grown() + 1)
    #expect(size - size == 0)
    #expect(size.substituting(["n": 4]).value == nil)
    #expect(size.description.utf8.count < 1000)
  }
}
