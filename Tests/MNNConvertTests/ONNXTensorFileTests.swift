import MNNGraph
import Testing

@testable import MNNConvert

@Suite("Tensors in files of ONNX's test data")
struct ONNXTensorFileTests {
  /// `TensorProto` of float32[2] named "y", its data raw or as a list.
  private static let raw: [UInt8] = [8, 2, 16, 1, 66, 1, 0x79, 74, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]
  private static let listed: [UInt8] = [8, 2, 16, 1, 34, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]

  @Test func dataIsRawOrListed() throws {
    for (bytes, name) in [(Self.raw, "y"), (Self.listed, "")] {
      let file = try withFile(bytes) { try ONNXTensorFile(path: $0) }
      #expect(file.name == name)
      #expect(file.tensor.type == TensorType(.float32, [2]))
      #expect(try file.tensor.scalars(as: Float.self) == [1, 2])
    }
  }

  @Test("what is no tensor, or not all of one, is an error with the file's name")
  func damaged() throws {
    for count in 0..<Self.raw.count where count != 7 {
      try withFile(Array(Self.raw.prefix(count))) { path in
        #expect { try ONNXTensorFile(path: path) } throws: { ($0 as? ImportError)?.file == path }
      }
    }
    #expect { try ONNXTensorFile(path: "/nowhere") } throws: { ($0 as? ImportError)?.code == .unreadableFile }
    #expect { try ONNXTensorFile(path: onnxData("small.onnx")) } throws: { $0 is ImportError }
  }
}
