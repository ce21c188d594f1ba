import Foundation
import MNNGraph
import Testing

@testable import MNNConvert

@Suite("TFLite models that LiteRT ran")
struct TFLiteCaseTests {
  private static let cases = RecordedCase.all(in: "tflite", .tflite, extension: ".tflite")

  @Test("mean what LiteRT computes", arguments: cases)
  func imported(_ one: RecordedCase) throws { #expect(try one.problem(.imported) == nil) }

  @Test("mean the same after the passes", arguments: cases)
  func simplified(_ one: RecordedCase) throws { #expect(try one.problem(.simplified) == nil) }

  @Test("mean the same when they were written and read", arguments: cases)
  func written(_ one: RecordedCase) throws { #expect(try one.problem(.written) == nil) }

  @Test("have no transposition between their convolutions")
  func layout() throws {
    let one = try #require(Self.cases.first { $0.description == "squeeze_and_excite.tflite" })
    let graph = try one.graph(.simplified)
    #expect(graph.nodes.count { $0.op is Convolution } == 3)
    #expect(graph.nodes.count { $0.op is Transpose } == 2)
  }

  @Test("keep weights in half precision")
  func halves() throws {
    let one = try #require(Self.cases.first { $0.description == "half_weights.tflite" })
    let graph = try one.graph(.simplified)
    let node = try #require(graph.nodes.first { $0.op is Convolution })
    #expect(graph.producer(of: node.inputs[1])?.op is Cast)
  }

  @Test("damaged files are errors with a code", arguments: cases)
  func truncated(_ one: RecordedCase) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: one.model))
    let path = NSTemporaryDirectory() + "truncated-\(UUID().uuidString).tflite"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for count in [0, 3, 8, 40, bytes.count / 2] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: path))
      #expect(throws: ImportError.self) { try TFLiteImporter(path: path).graph() }
    }
  }
}
