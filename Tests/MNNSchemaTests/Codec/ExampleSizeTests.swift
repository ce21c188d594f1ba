import MNNGraph
import MNNSchema
import Testing

/// The sizes that a file states for its inputs are an example: an open first axis is written as 1.
@Suite("Example sizes")
struct ExampleSizeTests {
  @Test("a model that does not fit its example is read with open sizes")
  func reads() throws {
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 4]))
    let shape = graph.addConstant(try Tensor([Int32(-1), 8]))
    graph.setOutputs(try graph.append(Reshape(), [x, shape], name: "y"))
    let read = try Graph(mnn: try graph.mnnBytes())
    let four = try read.specialized(for: [TensorType(.float32, [4, 4])])
    #expect(four[four.outputs[0]].type == TensorType(.float32, [2, 8]))
    #expect(throws: GraphError.self) { try read.specialized(for: [TensorType(.float32, [1, 4])]) }
  }
}
