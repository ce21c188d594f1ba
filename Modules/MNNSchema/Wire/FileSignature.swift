/// What a file that is not a model seems to be, for a useful message.
enum FileSignature {
  /// A kind of file that is often handed over by mistake; `nil` if unknown.
  static func name(_ bytes: UnsafeRawBufferPointer) -> String? {
    func starts(_ text: String, at offset: Int = 0) -> Bool {
      bytes.count >= offset + text.utf8.count && bytes[offset..<offset + text.utf8.count].elementsEqual(text.utf8)
    }
    if starts("TFL3", at: 4) { return "a TFLite model" }
    if starts("\u{93}NUMPY") || bytes.starts(with: [0x93] + Array("NUMPY".utf8)) { return "a numpy array" }
    if starts("PK\u{3}\u{4}") { return "a zip archive (.npz, PyTorch checkpoint)" }
    if starts("{") || starts("\n{") { return "JSON" }
    if starts("GGUF") { return "a GGUF model" }
    if starts("version https://git-lfs") { return "a Git LFS pointer instead of the file itself" }
    // ONNX: ir_version as field 1, then producer (2), model version (5), graph (7) or opset imports (8).
    if bytes.count > 3, bytes[0] == 0x08, bytes[1] < 0x20, [0x12, 0x28, 0x3a, 0x42].contains(bytes[2]) {
      return "an ONNX model"
    }
    return nil
  }

  static func describe(_ bytes: UnsafeRawBufferPointer) -> String {
    if bytes.isEmpty { return "an empty file" }
    return name(bytes) ?? "\(bytes.count) bytes that are not a FlatBuffer"
  }

  static func advice(_ bytes: UnsafeRawBufferPointer) -> String? {
    switch name(bytes) {
    case "an ONNX model": "convert it first: mnnconvert -f ONNX"
    case "a TFLite model": "convert it first: mnnconvert -f TFLITE"
    case "JSON": "convert it first: mnnconvert -f JSON"
    case nil: "fetch or convert the model again"
    default: nil
    }
  }
}
