import MNNGraph

/// A node of a TFLite model while it is translated.
final class TFLiteCall: ImportCall {
  let node: TFLiteNode
  /// Inputs and outputs are quantized numbers as they are stored.
  let isStored: Bool

  init(_ node: TFLiteNode, name: String, inputs: [Value.ID?], outputNames: [String], isStored: Bool) {
    self.node = node
    self.isStored = isStored
    super.init(name: name, inputs: inputs, outputNames: outputNames)
  }

  func int(_ name: String) throws(ImportError) -> Int? {
    noteRead(name)
    guard let options = node.options, options.has(name) else { return nil }
    return try options.int(name)
  }

  /// The field; where the options are left out, `value`.
  func int(_ name: String, default value: Int) throws(ImportError) -> Int { try int(name) ?? value }
  func flag(_ name: String, default value: Bool = false) throws(ImportError) -> Bool { try int(name).map { $0 != 0 } ?? value }

  func float(_ name: String, default value: Float = 0) throws(ImportError) -> Float {
    noteRead(name)
    guard let options = node.options, options.has(name) else { return value }
    return try options.float(name)
  }

  func ints(_ name: String) throws(ImportError) -> [Int]? {
    noteRead(name)
    guard let options = node.options, options.has(name) else { return nil }
    return try options.ints(name)
  }

  /// The element type that a field names.
  func dtype(_ name: String, default value: DType) throws(ImportError) -> DType {
    guard let number = try int(name) else { return value }
    return try DType(tflite: number, of: "field \"\(name)\"")
  }

  /// The function that is applied to the result; nil for none.
  func activation() throws(ImportError) -> ScalarFunction? {
    switch try int("fused_activation_function", default: 0) {
    case 0: return nil
    case 1: return .relu
    case 2: return .clip(minimum: -1, maximum: 1)
    case 3: return .clip(minimum: 0, maximum: 6)
    case 4: return .tanh
    case let other: throw invalid("fused_activation_function", expected: "0 to 4", found: "\(other)")
    }
  }

  /// What a window does beyond the edges.
  func padding() throws(ImportError) -> SpatialPadding {
    switch try int("padding", default: 0) {
    case 0: return .sameUpper
    case 1: return .valid
    case let other: throw invalid("padding", expected: "0 (SAME) or 1 (VALID)", found: "\(other)")
    }
  }

  /// Throws if options say something that the translator never asked for.
  func requireAllRead() throws(ImportError) {
    guard let options = node.options else { return }
    try requireAllRead(of: try options.stated())
  }
}
