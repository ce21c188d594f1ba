import MNNGraph
import Testing

@Suite("Graph")
struct GraphTests {
  @Test("infers types, folds shapes and runs by reference")
  func foldsShapes() throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 3]))
    let shape = try graph.append(ShapeOf(start: 0, end: 1), [x], name: "shape")[0]
    let rest = graph.addConstant(try Tensor([Int64(-1)]))
    _ = rest
    let flat = try graph.append(Reshape(), [x, graph.addConstant(try Tensor([Int64(-1)]))], name: "flat")[0]
    let y = try graph.append(Unary(.square), [flat], name: "y")[0]
    graph.setOutputs([y, shape])
    #expect(graph[y].type == TensorType(.float32, [.symbol("n") * 3]))

    let fixed = try graph.specialized(for: [TensorType(.float32, [2, 3])])
    #expect(fixed.constant(fixed.outputs[1]) == (try Tensor([Int64(2)])))
    let input = try Tensor(shape: [2, 3], scalars: [Float(1), 2, 3, 4, 5, 6])
    #expect(try Interpreter().run(fixed, [input])[0] == Tensor([Float(1), 4, 9, 16, 25, 36]))
  }

  @Test("merges equal nodes and removes dead ones")
  func merges() throws {
    var graph = Graph()
    let x = graph.addInput("x", type: TensorType(.float32, [2]))
    let a = try graph.append(Unary(.exp), [x], name: "a")[0]
    let b = try graph.append(Unary(.exp), [x], name: "b")[0]
    _ = try graph.append(Unary(.log), [x], name: "dead")
    let y = try graph.append(Binary(.add), [a, b], name: "y")[0]
    graph.setOutputs([y])
    let report = try PassPipeline([.foldConstants, .mergeCommonNodes, .removeDeadNodes]).run(on: &graph)
    #expect(graph.nodeCount == 2)
    #expect(report.total == 2)
  }

  @Test("refuses operands that do not fit, naming the node")
  func refuses() throws {
    var graph = Graph()
    let x = graph.addInput("x", type: TensorType(.float32, [2]))
    let y = graph.addInput("y", type: TensorType(.float32, [3]))
    let error = #expect(throws: GraphError.self) { try graph.append(Binary(.add), [x, y], name: "sum") }
    #expect(error?.code == .shapeMismatch)
    #expect(error?.nodeName == "sum")
  }
}

@Suite("Dimension")
struct DimensionTests {
  @Test("keeps expressions in normal form")
  func normalForm() {
    let n = Dimension.symbol("n")
    #expect((n + 3) * 2 - 6 == n * 2)
    #expect(n * 4 / 4 == n)
    #expect((n * 2 + 1).substituting(["n": 5]) == 11)
    #expect(((n + 1) / 2).substituting(["n": 4]) == 2)
    #expect(Dimension(-7) / 2 == -4)
    #expect((Dimension(Int.max) * 2).value == nil)
  }
}

@Suite("Half")
struct HalfTests {
  @Test("converts every pattern exactly and rounds to nearest even")
  func roundTrips() {
    for bits in UInt16.min...UInt16.max {
      let value = Float(Half(bitPattern: bits))
      if value.isNaN { continue }
      #expect(Half(value).bitPattern == bits)
    }
    #expect(Half(65520).bitPattern == 0x7c00)
    #expect(Float(Half(2049)) == 2048)
    #expect(Float(BFloat16(1.00390625)) == 1)
  }
}
