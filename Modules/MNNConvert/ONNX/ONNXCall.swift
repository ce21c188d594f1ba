import MNNGraph

/// A node while it is translated: its inputs as values of the graph, its attributes under the specification's names.
///
/// It remembers which attributes were asked for. What no translator asked for would silently be ignored, so the importer
/// refuses it (``requireAllRead()``).
final class ONNXCall {
  let node: ONNXNode
  /// The node's name, or its first output's if it has none.
  let name: String
  let opset: Int64
  /// nil where an optional input is left out.
  let inputs: [Value.ID?]
  /// The inputs that are no tensors, by their places; `inputs` has nil there.
  let structures: [Int: ONNXStructure]
  private let attributes: [String: ONNXAttributeValue]
  private var read: Set<String> = []

  init(
    _ node: ONNXNode, name: String, opset: Int64, inputs: [Value.ID?], structures: [Int: ONNXStructure] = [:],
    attributes: [String: ONNXAttributeValue]
  ) {
    self.node = node
    self.name = name
    self.opset = opset
    self.inputs = inputs
    self.structures = structures
    self.attributes = attributes
  }

  // MARK: Inputs and outputs

  func input(_ index: Int) throws(ImportError) -> Value.ID {
    guard let input = optionalInput(index) else {
      if structures[index] != nil {
        throw ImportError(
          .invalidInput, "input \(index) is not a tensor", expected: "a tensor",
          found: "\(node.inputs[index]), a sequence or optional")
      }
      throw ImportError(
        .invalidInput, "input \(index) is missing", expected: "at least \(index + 1) inputs",
        found: "\(inputs.compactMap { $0 }.count)")
    }
    return input
  }

  func optionalInput(_ index: Int) -> Value.ID? { index < inputs.count ? inputs[index] : nil }

  /// All inputs, of which none may be left out.
  func allInputs() throws(ImportError) -> [Value.ID] {
    var result: [Value.ID] = []
    for index in inputs.indices { result.append(try input(index)) }
    return result
  }

  /// True if something may use output `index`.
  func hasOutput(_ index: Int) -> Bool { index < node.outputs.count && !node.outputs[index].isEmpty }

  // MARK: Attributes

  private func value(_ name: String) -> ONNXAttributeValue? {
    read.insert(name)
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

  /// The value of an attribute that must be there.
  func required<T>(_ name: String, _ value: T?) throws(ImportError) -> T {
    guard let value else { throw missing(name) }
    return value
  }

  /// Names attributes that have no influence on the result.
  func ignore(_ names: String...) { read.formUnion(names) }

  /// The attribute's value is understood but not allowed.
  func invalid(_ name: String, expected: String, found: String) -> ImportError {
    ImportError(.invalidAttribute, "attribute \"\(name)\" is not valid", expected: expected, found: found)
  }

  private func missing(_ name: String) -> ImportError {
    ImportError(.invalidAttribute, "attribute \"\(name)\" is missing")
  }

  private func mistyped(_ name: String, _ expected: String, _ found: ONNXAttributeValue) -> ImportError {
    ImportError(
      .invalidAttribute, "attribute \"\(name)\" has the wrong type", expected: expected, found: found.kind)
  }

  /// Throws if an attribute was given that the translator never asked for.
  func requireAllRead() throws(ImportError) {
    let rest = attributes.keys.filter { !read.contains($0) }.sorted()
    guard rest.isEmpty else {
      throw ImportError(
        .unsupportedAttribute, "attributes that are not supported: \(rest.joined(separator: ", "))",
        advice: "the result would differ from the exporter's; remove them if they do not matter")
    }
  }
}
