import Foundation
import MNNBackendCPU
import MNNConvert
import MNNGraph
import MNNRuntime
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
}
