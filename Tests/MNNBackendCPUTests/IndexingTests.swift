import MNNBackendCPU
import MNNGraph
import MNNRuntime
import TestSupport
import Testing

@Suite struct IndexingTests {
  /// Runs one operator on these inputs and compares with its meaning.
  func check(_ op: any Operator, _ inputs: [Tensor], constants: Set<Int> = [], level: String) throws {
    var sample = Sample()
    var values: [Value.ID?] = []
    for (i, tensor) in inputs.enumerated() {
      values.append(constants.contains(i) ? sample.constant(tensor) : sample.input(tensor))
    }
    sample.graph.setOutputs(try sample.graph.append(op, values, name: "n"))
    let (error, fallbacks) = try sample.difference(level: level, threads: 2)
    #expect(error < tolerance, "\(op)")
    #expect(fallbacks.isEmpty, "\(op)")
  }

  @Test("gathers, scatters, orders and adds up as the reference does", arguments: levels)
  func agrees(level: String) throws {
    var random = RandomNumbers(seed: 31)
    let x = try random.floats([3, 4, 5])
    for dtype in [DType.int32, .int64] {
      for (axis, shape, range) in [(1, [3, 7, 5], -4...3), (-1, [3, 4, 2], -5...4), (0, [1, 4, 5], 0...2)]
        as [(Int, [Int], ClosedRange<Int64>)]
      {
        let indices = try random.integers(shape, in: range).converted(to: dtype)
        try check(GatherElements(axis: axis), [x, indices], level: level)
        try check(ScatterElements(axis: axis), [x, indices, random.floats(shape)], level: level)
      }
      let vectors = try random.integers([6, 2], in: -3...2).converted(to: dtype)
      try check(GatherND(), [x, vectors], level: level)
      try check(ScatterND(), [x, vectors, random.floats([6, 5])], level: level)
    }
    for axis in 0..<3 {
      let k = try Tensor([Int64(2)])
      try check(TopK(axis: axis), [x, k], constants: [1], level: level)
      try check(TopK(axis: axis, takesLargest: false), [x, k], constants: [1], level: level)
      let place = try Tensor(Int64(axis))
      try check(CumSum(), [x, place], constants: [1], level: level)
      try check(CumSum(isExclusive: true, isReversed: true), [x, place], constants: [1], level: level)
    }
  }

  @Test("names the node whose index is out of range")
  func refuses() throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [2, 2]))
    let indices = graph.addInput("i", type: TensorType(.int64, [1, 2]))
    graph.setOutputs([try graph.append(GatherElements(axis: 0), [x, indices], name: "picker")[0]])
    let module = try Module(graph: graph, runtime: .cpu())
    #expect {
      try module.forward([Tensor(shape: [2, 2], scalars: [Float(1), 2, 3, 4]), Tensor(shape: [1, 2], scalars: [Int64(0), 2])])
        as [Tensor]
    } throws: {
      ($0 as? RunError)?.underlying?.code == .indexOutOfRange && "\($0)".contains("picker")
    }
  }
}
