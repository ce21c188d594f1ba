extension ModelFormat {
  public static let onnx = ModelFormat(
    "ONNX",
    operatorNames: { ONNXOperators.all.keys.map { $0.domain.isEmpty ? $0.name : "\($0.domain).\($0.name)" }.sorted() },
    // ir_version is the first field, then the producer (2), the model's version (5), the graph (7) or operator sets (8).
    matches: { head in
      head.count > 3 && head[0] == 0x08 && head[1] < 0x20 && [0x12, 0x28, 0x3a, 0x42].contains(head[2])
        && !TFSavedModel.matches(head)
    },
    read: { path, signature throws(ImportError) in
      try requireNone(signature, "ONNX")
      return try ONNXImporter(path: path).graph()
    })
}
