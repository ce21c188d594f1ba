import Foundation
import MNNBackendCPU
import MNNConvert
import MNNGraph
import MNNQuant
import MNNRuntime
import MNNSchema
import Testing

/// Networks trained on handwritten digits: converted, written, loaded and run, against the framework they were trained in.
@Suite("Digit classifiers", .enabled(if: SharedFixtures.folder != nil, "needs ../shared"))
struct DigitClassifierTests {
  @Test(
    "give the stored probabilities and accuracy on all images",
    arguments: [("digits_mobilenet", 0.994), ("digits_vit", 0.95)], [1, 2])
  func agree(_ network: (name: String, accuracy: Double), _ threads: Int) throws {
    let path = SharedFixtures.temporaryPath("\(network.name).mnn")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Converter().convert((SharedFixtures.folder ?? "") + "/digits/\(network.name).onnx", format: .onnx, to: path)
    let module = try Module(contentsOf: path, runtime: .cpu(threads: threads))
    let images = try SharedFixtures.tensor("digits/test_images.npy")
    let expected = try SharedFixtures.tensor("digits/\(network.name).prob.npy").scalars(as: Float.self)
    let labels = try SharedFixtures.tensor("digits/test_labels.npy").scalars(as: Int64.self)
    #expect(labels.count == 360)
    let found = try module.forward([images])[0].scalars(as: Float.self)
    try #require(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 })
    let right = labels.indices.count { image in
      let row = found[image * 10..<image * 10 + 10]
      return row.firstIndex(of: row.max() ?? 0).map { $0 - image * 10 } == Int(labels[image])
    }
    #expect(abs(Double(right) / 360 - network.accuracy) < 0.0006)
  }

  /// How a network is stored and run.
  enum Mode: String, CaseIterable, Sendable {
    case bits8, bits8Blocks, bits4Blocks, low, lowBits8

    var quantization: WeightQuantization? {
      switch self {
      case .bits8, .lowBits8: WeightQuantization(bits: 8)
      case .bits8Blocks: WeightQuantization(bits: 8, blockSize: 32)
      case .bits4Blocks: WeightQuantization(bits: 4, blockSize: 32, method: .halfQuadratic, scaleBits: 16)
      case .low: nil
      }
    }
  }

  @Test(
    "weights in few bits multiplied by bytes, and bfloat16, keep the accuracy",
    arguments: [("digits_mobilenet", 0.994, 0.005), ("digits_vit", 0.95, 0.01)], Mode.allCases)
  func narrow(_ network: (name: String, accuracy: Double, loss: Double), _ mode: Mode) throws {
    let path = SharedFixtures.temporaryPath("\(network.name).mnn")
    defer { try? FileManager.default.removeItem(atPath: path) }
    var graph = try ONNXImporter(path: (SharedFixtures.folder ?? "") + "/digits/\(network.name).onnx").graph()
    try PassPipeline.simplify.run(on: &graph)
    if let quantization = mode.quantization { graph = try graph.quantizingWeights(.protecting(quantization)).graph }
    try graph.writeMNN(to: path)
    let precision: ExecutionSettings.Precision = mode == .low || mode == .lowBits8 ? .low : .normal
    let images = try SharedFixtures.tensor("digits/test_images.npy")
    let labels = try SharedFixtures.tensor("digits/test_labels.npy").scalars(as: Int64.self)
    func accuracy(_ runtime: RuntimeManager) throws -> Double {
      let found = try Module(contentsOf: path, runtime: runtime).forward([images])[0].scalars(as: Float.self)
      let right = labels.indices.count { image in
        let row = found[image * 10..<image * 10 + 10]
        return row.firstIndex(of: row.max() ?? 0).map { $0 - image * 10 } == Int(labels[image])
      }
      return Double(right) / 360
    }
    let found = try accuracy(.cpu(precision: precision, memory: .low))
    // What rounding weights to four bits costs by itself is not this engine's.
    let wanted = mode == .bits4Blocks ? try accuracy(.cpu()) : network.accuracy
    #expect(found > wanted - network.loss)
  }
}
