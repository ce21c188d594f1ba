// The lines between the marks are the example of README.md; SnippetTests compares the two.
// begin of the example
import MNNBackendCPU
import MNNCV
import MNNConvert
import MNNGraph
import MNNRuntime

func classify(picture: String, model: String) throws -> (digit: Int, probability: Float) {
  let graph = try ONNXImporter(path: model).graph()
  let module = try Module(graph: graph, runtime: .cpu(threads: 2))
  let pixels = try cv.resize(cv.imread(picture, .grayscale), (32, 32), interpolation: .area).scalars(as: Float.self)
  let input = try Tensor(shape: [1, 1, 32, 32], scalars: pixels.map { 1 - $0 / 255 })
  let probabilities = try module.forward([input])[0].scalars(as: Float.self)
  let digit = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
  return (digit, probabilities[digit])
}
// end of the example
