import MNNGraph

// Arrays, a graph and its reference meaning, with nothing of the rest of the house.
var graph = Graph(name: "consumer")
let x = graph.addInput("x", type: TensorType(.float32, [2, 3]))
let y = try graph.append(Softmax(axis: 1), [x], name: "y")
graph.setOutputs(y)
let input = try Tensor(shape: [2, 3], scalars: [Float](repeating: 1, count: 6))
let row = try Interpreter().run(graph, [input])[0].scalars(as: Float.self)
guard row.allSatisfy({ abs($0 - 1 / 3) < 1e-6 }) else { fatalError("softmax of equal numbers: \(row)") }
print("MNNGraph: \(row[0])")
