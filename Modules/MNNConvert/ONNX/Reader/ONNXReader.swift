import MNNGraph

/// An opened ONNX file: what it says, and the means to get at its weights.
package struct ONNXReader {
  package let model: ONNXModel
  package let loader: ONNXTensorLoader
  package let path: String

  /// Maps and reads the file at `path`. Weights stay where they are until ``loader`` is asked for them.
  package init(path: String) throws(ImportError) {
    let file: MappedFile
    do {
      file = try MappedFile(path)
    } catch {
      throw ImportError(
        .unreadableFile, error.what, file: path, expected: error.expected, found: error.found,
        advice: "check the path given with --modelFile")
    }
    do {
      model = try Self.model(in: file)
    } catch {
      throw error.located(file: path)
    }
    loader = ONNXTensorLoader(file: file)
    self.path = path
  }

  private static func model(in file: MappedFile) throws(ImportError) -> ONNXModel {
    guard file.byteCount > 0 else {
      throw ImportError(.malformedFile, "the file is empty", expected: "an ONNX model", advice: "fetch or export it again")
    }
    let outline = try ONNXOutline(of: file.bytes.bytes)
    let model = try ONNXModel(outline: outline.bytes)
    guard model.opsets[""] != nil || !model.opsets.isEmpty, !model.graph.outputs.isEmpty else {
      throw ImportError(
        .malformedFile, "not an ONNX model", expected: "an operator set and a graph with outputs",
        found: "\(model.opsets.count) operator sets, \(model.graph.outputs.count) outputs",
        advice: "check the file and the framework given with -f")
    }
    return model
  }
}
