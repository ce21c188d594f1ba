import CONNX
public import MNNGraph

/// A tensor in a file of its own, as ONNX's test data has it (`TensorProto` in `input_0.pb`).
public struct ONNXTensorFile: Sendable {
  /// The name of the value that it is meant for; "" if the file says none.
  public let name: String
  public let tensor: Tensor

  /// - Throws: ``ImportError`` for a file that cannot be read, or that holds something else, as a sequence.
  public init(path: String) throws(ImportError) {
    let file: MappedFile
    do throws(GraphError) { file = try MappedFile(path) } catch {
      throw ImportError(.unreadableFile, error.what, file: path, expected: error.expected, found: error.found)
    }
    do throws(ImportError) {
      let description = try ONNXTensorFile.description(in: file)
      let loader = ONNXTensorLoader(file: file)
      (name, tensor) = (description.name, try loader.load(description))
      try loader.checkFiles()
    } catch { throw error.located(file: path) }
  }

  private static func description(in file: MappedFile) throws(ImportError) -> ONNXTensor {
    let outline = try ONNXOutline(of: file.bytes.bytes, as: .tensor).bytes
    guard let message = onnx__tensor__unpack(nil, outline.count, outline) else {
      throw ImportError(.malformedFile, "not a tensor", expected: "ONNX's TensorProto", advice: "record the tensor again")
    }
    defer { onnx__tensor__free_unpacked(message, nil) }
    return ONNXTensor(message.pointee)
  }
}
