import MNNGraph
import Testing

@testable import MNNConvert

@Suite("Sizes of inputs from a file")
struct InputShapesTests {
  @Test func aFileIsRead() throws {
    let text = "# sizes\n input_size = 2\ninput_names = a , m/b\ninput_dims = 1x3x8x8,4\n\n"
    #expect(try InputShapes(text: text).shapes == ["a": [1, 3, 8, 8], "m/b": [4]])
  }

  @Test(
    "what is not understood is an error",
    arguments: [
      "", "input_names = a", "input_dims = 1", "input_names = a\ninput_dims = 1,2", "input_names = a\ninput_dims = 1x-2",
      "input_names = a\ninput_dims = 1x99999999999999999999", "input_names = a,a\ninput_dims = 1,2", "names = a\ninput_dims = 1",
      "input_names = a\ninput_names = b\ninput_dims = 1", "input_size = 2\ninput_names = a\ninput_dims = 1",
      "input_names\ninput_dims = 1",
      "input_names = a\ninput_dims = 0", "input_names = a\ninput_dims = x",
    ])
  func damaged(text: String) {
    #expect(throws: ImportError.self) { try InputShapes(text: text) }
  }

  /// y = x + w, w of [2, 3].
  private static func converter(_ shapes: [String: [Int]], isStatic: Bool = false) -> Converter {
    var converter = Converter()
    converter.inputShapes = InputShapes(shapes)
    converter.isStatic = isStatic
    return converter
  }

  @Test func sizesAreSetOrRefused() throws {
    let path = onnxData("external.onnx")
    let graph = try Self.converter(["x": [1, 3]]).graph(contentsOf: path, format: .onnx)
    #expect(graph[graph.inputs[0]].type == TensorType(.float32, [1, 3]))
    #expect(graph[graph.outputs[0]].type == TensorType(.float32, [2, 3]))
    for wrong in [["z": [2, 3]], ["x": [6]], ["x": [4, 3]]] {
      #expect { try Self.converter(wrong).graph(contentsOf: path, format: .onnx) } throws: {
        ($0 as? ImportError)?.file == path
      }
    }
  }

  @Test func aStaticModelHasNoOpenSizes() throws {
    let path = onnxData("small.onnx")
    #expect { try Self.converter([:], isStatic: true).graph(contentsOf: path, format: .onnx) } throws: {
      ($0 as? ImportError)?.code == .invalidShape
    }
    let graph = try Self.converter(["x": [3, 2, 6, 6]], isStatic: true).graph(contentsOf: path, format: .onnx)
    #expect(graph[graph.outputs[0]].type == TensorType(.float32, [3, 36]))
  }
}
