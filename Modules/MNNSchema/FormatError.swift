package import MNNGraph

/// What is wrong with a model file, with what a person needs to act on it.
///
/// Compare ``code``; show ``description``. Context (the file, the operator) is added on the way up and never replaces
/// what is there.
public struct FormatError: Error, Hashable, Sendable {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// Not a model: another kind of file, or nothing at all.
    case notAModel = "MNN-F001"
    /// An offset, a length or a nesting that the FlatBuffers verifier refuses: damaged or cut short.
    case structureInvalid = "MNN-F002"
    case stringInvalid = "MNN-F003"
    /// A list, table or name that every model needs is absent.
    case missing = "MNN-F004"
    case indexOutOfRange = "MNN-F005"
    case producedTwice = "MNN-F006"
    /// The parameter table is absent, or one that belongs to other operators.
    case parameterMismatch = "MNN-F007"
    case attributeInvalid = "MNN-F008"
    /// A vector holds more or fewer elements than the sizes beside it promise.
    case lengthMismatch = "MNN-F009"
    case weightEncodingInvalid = "MNN-F010"
    case subgraphInvalid = "MNN-F011"
    case externalDataInvalid = "MNN-F012"
    case operatorUnknown = "MNN-F013"
    case tooLarge = "MNN-F014"
    case tooDeep = "MNN-F015"
    /// An operator and its operands do not fit together.
    case graphInvalid = "MNN-F016"
    /// Operators that cannot be read or written; the description lists them all.
    case operatorUnsupported = "MNN-F017"
    case fileUnreadable = "MNN-F018"
    case fileUnwritable = "MNN-F019"
    case jsonSyntax = "MNN-F020"
    case jsonKeyUnknown = "MNN-F021"
    case jsonTypeMismatch = "MNN-F022"
    case jsonNameUnknown = "MNN-F023"
    case jsonNumberInvalid = "MNN-F024"
    /// The model asks for more bytes or nodes than a ``WorkBudget`` allows.
    case workExceeded = "MNN-F025"
  }

  public var code: Code
  /// What is wrong, as a clause without a full stop.
  public var what: String
  public var expected: String?
  public var found: String?
  /// What to do about it.
  public var advice: String?
  public var file: String?
  /// Where in the file: a table and field, or a line, a column and a JSON path.
  public var location: String?
  /// The subgraph; absent in the main graph.
  public var subgraph: String?
  public var operatorName: String?
  public var nodeName: String?

  public init(
    _ code: Code, _ what: String, expected: String? = nil, found: String? = nil, advice: String? = nil,
    location: String? = nil
  ) {
    self.code = code
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
    self.location = location
  }

  /// An error of the graph, seen from a file.
  package init(_ error: GraphError, _ code: Code = .graphInvalid) {
    self.init(
      error.code == .workExceeded ? .workExceeded : code, error.what, expected: error.expected, found: error.found,
      advice: error.advice)
    file = error.file
    operatorName = error.operatorName
    nodeName = error.nodeName
  }

  /// This error, with the node named if it does not name one yet.
  package func at(node: String?, operator name: String) -> FormatError {
    var copy = self
    if copy.operatorName == nil {
      copy.nodeName = node
      copy.operatorName = name
    }
    return copy
  }

  package func inSubgraph(_ name: String?) -> FormatError {
    var copy = self
    if copy.subgraph == nil { copy.subgraph = name }
    return copy
  }

  package func inFile(_ path: String) -> FormatError {
    var copy = self
    if copy.file == nil { copy.file = path }
    return copy
  }
}

extension FormatError: CustomStringConvertible {
  public var description: String {
    var text = file.map { "\($0): " } ?? ""
    if let operatorName { text += operatorName + (nodeName.map { " \"\($0)\"" } ?? "") + ": " }
    text += what
    if let subgraph { text += " (subgraph \"\(subgraph)\")" }
    if let location { text += " at \(location)" }
    if let expected { text += ": expected \(expected)" }
    if let found { text += (expected == nil ? ": " : ", ") + "found \(found)" }
    if let advice { text += "; \(advice)" }
    return text + " [\(code.rawValue)]"
  }
}

/// Lets an error of the graph pass as one of the format.
package func asFormatError<R>(_ body: () throws(GraphError) -> R) throws(FormatError) -> R {
  do throws(GraphError) { return try body() } catch { throw FormatError(error) }
}
