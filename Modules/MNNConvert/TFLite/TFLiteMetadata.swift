import MNNGraph

/// What a model says of itself beside its graph.
enum TFLiteMetadata {
  /// Notes for the converted model: its description and the named texts that converters leave.
  static func notes(of model: TFLiteModel, _ loader: TFLiteTensorLoader) -> [(key: String, value: String)] {
    var notes: [(key: String, value: String)] = []
    if !model.description.isEmpty { notes.append(("description", model.description)) }
    for (name, buffer) in model.metadata where name == "min_runtime_version" {
      guard let bytes = loader.data(buffer), bytes.count <= 64 else { continue }
      notes.append((name, String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)))
    }
    return notes
  }
}
