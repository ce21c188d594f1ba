import MNNConvert
import MNNGraph

// A model read from ONNX, without any backend.
guard CommandLine.arguments.count == 2 else { fatalError("give the path of an ONNX model") }
let graph = try ONNXImporter(path: CommandLine.arguments[1]).graph()
guard !graph.inputs.isEmpty, !graph.outputs.isEmpty else { fatalError("the graph has no inputs or outputs") }
print("MNNConvert: \(graph.name), outputs \(graph.outputs.map { graph[$0].name })")
