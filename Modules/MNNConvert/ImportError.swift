/// What went wrong while a model file was read and translated to a graph.
///
/// Compare ``code``; the other fields say where it happened and what to do, and ``description`` is for people.
public struct ImportError: Error, Hashable, Sendable {
  public enum Code: String, Hashable, Sendable {
    /// The file does not exist, cannot be read, or is a directory.
    case unreadableFile = "MNN-C001"
    /// The bytes are not a model of the stated format: empty, text, truncated or damaged.
    case malformedFile = "MNN-C002"
    /// Nested too deeply, or more parts than any real model has.
    case tooComplex = "MNN-C003"
    /// The model asks for more operations, bytes or nodes than its conversion may take (``Converter/limits``).
    case workExceeded = "MNN-C004"
    /// A tensor's shape, type and bytes do not belong together.
    case invalidTensor = "MNN-C010"
    /// A file beside the model is missing, too short, or named in a way that is refused.
    case externalData = "MNN-C011"
    /// An element type that the library has no values for.
    case unsupportedType = "MNN-C012"
    /// A value is used but never made, or made twice.
    case invalidGraph = "MNN-C020"
    /// Operators that no translator knows; ``ImportError/unsupported`` lists them all.
    case unsupportedOperators = "MNN-C030"
    /// An attribute is missing, or has another type or value than the specification allows.
    case invalidAttribute = "MNN-C031"
    /// An attribute that the translator of this operator does not honor.
    case unsupportedAttribute = "MNN-C032"
    /// An input is missing, or must be known when the model is converted and is not.
    case invalidInput = "MNN-C033"
    /// The operator was understood but its inputs do not fit together.
    case invalidShape = "MNN-C034"
    /// The operator set is older or newer than what is known.
    case unsupportedOpset = "MNN-C035"
    /// The translated graph cannot be simplified or written.
    case conversionFailed = "MNN-C040"
  }

  public var code: Code
  /// What is wrong, in one clause.
  public var problem: String
  public var file: String?
  public var node: String?
  public var `operator`: String?
  public var opset: Int64?
  public var expected: String?
  public var found: String?
  public var advice: String?
  /// For ``Code/unsupportedOperators``: every operator of the model that cannot be translated.
  public var unsupported: [UnsupportedOperator]

  public init(
    _ code: Code, _ problem: String, file: String? = nil, node: String? = nil, operator: String? = nil,
    opset: Int64? = nil, expected: String? = nil, found: String? = nil, advice: String? = nil,
    unsupported: [UnsupportedOperator] = []
  ) {
    self.code = code
    self.problem = problem
    self.file = file
    self.node = node
    self.operator = `operator`
    self.opset = opset
    self.expected = expected
    self.found = found
    self.advice = advice
    self.unsupported = unsupported
  }

  /// The same error with the places filled in that it does not name yet.
  package func located(
    file: String? = nil, node: String? = nil, operator: String? = nil, opset: Int64? = nil
  ) -> ImportError {
    var error = self
    error.file = error.file ?? file
    error.node = error.node ?? node
    error.operator = error.operator ?? `operator`
    error.opset = error.opset ?? opset
    return error
  }
}

/// One operator that a model uses and the importer does not know.
public struct UnsupportedOperator: Hashable, Sendable {
  public var name: String
  /// Empty for the standard operators.
  public var domain: String
  public var opset: Int64
  /// The names of the first few nodes.
  public var nodes: [String]
  public var count: Int

  public init(name: String, domain: String, opset: Int64, nodes: [String], count: Int) {
    self.name = name
    self.domain = domain
    self.opset = opset
    self.nodes = nodes
    self.count = count
  }
}

extension UnsupportedOperator: CustomStringConvertible {
  public var description: String {
    let qualified = domain.isEmpty ? name : "\(domain).\(name)"
    let shown = nodes.map { "\"\($0)\"" }.joined(separator: ", ")
    let rest = count > nodes.count ? ", …" : ""
    return "\(qualified) (opset \(opset)) ×\(count): \(shown)\(rest)"
  }
}

extension ImportError: CustomStringConvertible {
  public var description: String {
    var place: [String] = []
    if let file { place.append(file) }
    switch (self.operator, node) {
    case (let kind?, let node?): place.append("\(kind) \"\(node)\"")
    case (let kind?, nil): place.append(kind)
    case (nil, let node?): place.append("node \"\(node)\"")
    case (nil, nil): break
    }
    if let opset { place.append("opset \(opset)") }
    var text = place.isEmpty ? "" : place.joined(separator: ", ") + ": "
    text += problem
    switch (expected, found) {
    case (let expected?, let found?): text += ": expected \(expected), found \(found)"
    case (let expected?, nil): text += ": expected \(expected)"
    case (nil, let found?): text += ": found \(found)"
    case (nil, nil): break
    }
    if let advice { text += "; \(advice)" }
    text += ". [\(code.rawValue)]"
    for item in unsupported { text += "\n  \(item)" }
    return text
  }
}
