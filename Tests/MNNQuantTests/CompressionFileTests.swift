import Foundation
import MNNGraph
import TestSupport
import Testing

@testable import MNNQuant

@Suite("Files that say how layers are kept") struct CompressionFileTests {
  private func model() throws -> Graph {
    var random = RandomNumbers(seed: 5)
    var graph = Graph(name: "g")
    let x = graph.addInput("x", type: TensorType(.float32, [1, 32, 8, 8]))
    let w = graph.addConstant(try random.floats([64, 32, 3, 3]))
    let image = try graph.append(Convolution(), [x, w], name: "conv")[0]
    let pooled = try graph.append(
      Reduce(.mean, keepsDimensions: false), [image, graph.addConstant(try Tensor([2, 3] as [Int64]))])
    let product = try graph.append(MatMul(), [pooled[0], graph.addConstant(try random.floats([64, 32]))], name: "fc")[0]
    let bias = graph.addConstant(try random.floats([32]))
    let hidden = try graph.append(Binary(.add), [product, bias], name: "fc/sum")[0]
    let rest = try graph.append(MatMul(), [hidden, graph.addConstant(try random.floats([32, 16]))], name: "last")
    graph.setOutputs(rest)
    return graph
  }

  private func written(_ text: String? = nil, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    if let text { try text.write(toFile: path, atomically: true, encoding: .utf8) }
    try body(path)
  }

  @Test("the choice that was made is made again")
  func again() throws {
    let quantization = WeightQuantization(bits: 4, blockSize: 32)
    var choice = WeightChoice.protecting(quantization)
    choice.layers["conv"] = .floats
    let (graph, layers) = try model().quantizingWeights(choice)
    #expect(layers.map(\.layer.name) == ["conv", "fc", "last"])
    #expect(layers.map(\.form) == [.floats, .codes(quantization), .codes(WeightQuantization(bits: 8))])
    try written { path in
      try CompressionFile(layers).write(to: path)
      let file = try CompressionFile(contentsOf: path)
      #expect(file.entries.map(\.name) == ["conv", "fc/sum__matmul_converted", "last__matmul_converted"])
      #expect(file.entries.map(\.bits) == [0, 4, 8])
      let read = file.choice(standard: WeightChoice(standard: .floats)) { $0 }
      let (same, _) = try model().quantizingWeights(read)
      #expect(same == graph)
    }
  }

  @Test(
    "what is not such a file is refused",
    arguments: [
      "", "[]", "{", #"{"algo": [{"quantParams": {"layer": [{"opName": "y"}]}}]}"#,
      #"{"algo": [{"quantParams": {"layer": [{"opName": "y", "weight": [{"bits": 1}]}]}}]}"#,
      #"{"algo": [{"quantParams": {"layer": [{"opName": "y", "weight": [{"bits": 4, "blockSize": -1}]}]}}]}"#,
    ])
  func refused(_ text: String) throws {
    try written(text) { path in
      let error = #expect(throws: QuantizationError.self) { try CompressionFile(contentsOf: path) }
      #expect(error?.code == .choiceInvalid && error?.file == path)
    }
  }
}
