import MNNGraph

/// A node of an ONNX model while it is translated.
final class ONNXCall: ImportCall {
  let node: ONNXNode
  let opset: Int64
  /// The inputs that are no tensors, by their places; `inputs` has nil there.
  let structures: [Int: ONNXStructure]
  private let attributes: [String: ONNXAttributeValue]

  /// - Parameter prefix: precedes the names of outputs in the graph.
  init(
    _ node: ONNXNode, name: String, prefix: String = "", opset: Int64, inputs: [Value.ID?],
    structures: [Int: ONNXStructure] = [:], attributes: [String: ONNXAttributeValue]
  ) {
    self.node = node
    self.opset = opset
    self.structures = structures
    self.attributes = attributes
    super.init(name: name, inputs: inputs, outputNames: node.outputs.map { $0.isEmpty ? "" : prefix + $0 })
  }

  override func input(_ index: Int) throws(ImportError) -> Value.ID {
    guard optionalInput(index) == nil, structures[index] != nil else { return try super.input(index) }
    throw ImportError(
      .invalidInput, "input \(index) is not a tensor", expected: "a tensor",
      found: "\(node.inputs[index]), a sequence or optional")
  }

  // MARK: Attributes

  private func value(_ name: String) -> ONNXAttributeValue? {
    noteRead(name)
    return attributes[name]
  }

  func has(_ name: String) -> Bool { attributes[name] != nil }

  func float(_ name: String) throws(ImportError) -> Float? {
    switch value(name) {
    case nil: nil
    case .float(let value): value
    case let other?: throw mistyped(name, "FLOAT", other)
    }
  }

  func float(_ name: String, default value: Float) throws(ImportError) -> Float { try float(name) ?? value }

  func int(_ name: String) throws(ImportError) -> Int? {
    switch value(name) {
    case nil: nil
    case .int(let value): Int(value)
    case let other?: throw mistyped(name, "INT", other)
    }
  }

  func int(_ name: String, default value: Int) throws(ImportError) -> Int { try int(name) ?? value }

  /// An INT that stands for no (0) or yes.
  func flag(_ name: String, default value: Bool) throws(ImportError) -> Bool { try int(name).map { $0 != 0 } ?? value }

  func string(_ name: String) throws(ImportError) -> String? {
    switch value(name) {
    case nil: nil
    case .string(let bytes): String(decoding: bytes, as: UTF8.self)
    case let other?: throw mistyped(name, "STRING", other)
    }
  }

  func string(_ name: String, default value: String) throws(ImportError) -> String { try string(name) ?? value }

  /// What a STRING out of a list of words stands for.
  func choice<T>(_ name: String, default value: String, _ choices: [String: T]) throws(ImportError) -> T {
    let found = try string(name, default: value)
    guard let choice = choices[found] else {
      throw invalid(name, expected: choices.keys.sorted().joined(separator: ", "), found: found)
    }
    return choice
  }

  func floats(_ name: String) throws(ImportError) -> [Float]? {
    switch value(name) {
    case nil: nil
    case .floats(let values): values
    case .ints(let values) where values.isEmpty: []
    case let other?: throw mistyped(name, "FLOATS", other)
    }
  }

  func ints(_ name: String) throws(ImportError) -> [Int]? {
    switch value(name) {
    case nil: nil
    case .ints(let values): values.map { Int($0) }
    case .floats(let values) where values.isEmpty: []
    case let other?: throw mistyped(name, "INTS", other)
    }
  }

  func ints(_ name: String, default values: [Int]) throws(ImportError) -> [Int] { try ints(name) ?? values }

  func strings(_ name: String) throws(ImportError) -> [String]? {
    switch value(name) {
    case nil: nil
    case .strings(let values): values.map { String(decoding: $0, as: UTF8.self) }
    case .ints(let values) where values.isEmpty: []
    case let other?: throw mistyped(name, "STRINGS", other)
    }
  }

  func tensor(_ name: String) throws(ImportError) -> ONNXTensor? {
    switch value(name) {
    case nil: nil
    case .tensor(let tensor): tensor
    case let other?: throw mistyped(name, "TENSOR", other)
    }
  }

  func sparseTensor(_ name: String) throws(ImportError) -> ONNXSparseTensor? {
    switch value(name) {
    case nil: nil
    case .sparseTensor(let tensor): tensor
    case let other?: throw mistyped(name, "SPARSE_TENSOR", other)
    }
  }

  func graph(_ name: String) throws(ImportError) -> ONNXGraph {
    switch value(name) {
    case nil: throw missing(name)
    case .graph(let graph): graph
    case let other?: throw mistyped(name, "GRAPH", other)
    }
  }

  /// An element type, given as a number of `TensorProto.DataType`.
  func dtype(_ name: String) throws(ImportError) -> DType? {
    guard let number = try int(name) else { return nil }
    return try DType(onnx: Int64(number), of: "attribute \"\(name)\"")
  }

  private func mistyped(_ name: String, _ expected: String, _ found: ONNXAttributeValue) -> ImportError {
    mistyped(name, expected, found.kind)
  }

  /// Throws if an attribute was given that the translator never asked for.
  func requireAllRead() throws(ImportError) { try requireAllRead(of: attributes.keys) }
}
