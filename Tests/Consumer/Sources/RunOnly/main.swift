import MNNBackendCPU
import MNNGraph
import MNNRuntime

// A graph made by hand, run by the processor's kernels.
var graph = Graph(name: "consumer")
let x = graph.addInput("x", type: TensorType(.float32, [.symbol("n"), 4]))
let w = graph.addConstant(try Tensor(shape: [4, 2], scalars: [Float(1), 0, 0, 1, 1, 0, 0, 1]), name: "w")
graph.setOutputs(try graph.append(MatMul(), [x, w], name: "y"))
let module = try Module(graph: graph, runtime: .cpu(threads: 2))
let result = try module.forward([Tensor(shape: [1, 4], scalars: [Float(1), 2, 3, 4])] as [Tensor])
let numbers = try result[0].scalars(as: Float.self)
guard numbers == [4, 6] else { fatalError("product: \(numbers)") }
print("MNNRuntime, MNNBackendCPU: \(numbers)")
