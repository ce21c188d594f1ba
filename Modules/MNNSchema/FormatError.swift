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
    /// A name or a text that is not UTF-8.
    case stringInvalid = "MNN-F003"
    /// A list, table or name that every model needs is absent.
    case missing = "MNN-F004"
    /// An operator names a tensor that the file does not have: input 12 of 10.
    case indexOutOfRange = "MNN-F005"
    /// Two operators write the same tensor.
    case producedTwice = "MNN-F006"
    /// The parameter table is absent, or one that belongs to other operators.
    case parameterMismatch = "MNN-F007"
    /// A parameter of an operator is out of its range: a kernel of 0 columns, an unknown type.
    case attributeInvalid = "MNN-F008"
    /// A vector holds more or fewer elements than the sizes beside it promise.
    case lengthMismatch = "MNN-F009"
    /// Quantized or sparse weights whose description contradicts itself: a position outside, an unknown encoding.
    case weightEncodingInvalid = "MNN-F010"
    /// A branch or a loop whose body has too few inputs or results, or does not exist.
    case subgraphInvalid = "MNN-F011"
    /// Weights beside the model that are not what the model states: too short, offsets that are none.
    case externalDataInvalid = "MNN-F012"
    /// An operator type that the known version of the format does not have.
    case operatorUnknown = "MNN-F013"
    /// Parameters that state more elements than any file holds: a kernel of 2^20 x 2^20.
    case tooLarge = "MNN-F014"
    /// Subgraphs, tables or JSON that are nested too deeply, or contain themselves.
    case tooDeep = "MNN-F015"
    /// An operator and its operands do not fit together.
    case graphInvalid = "MNN-F016"
    /// Operators that cannot be read or written; the description lists them all.
    case operatorUnsupported = "MNN-F017"
    /// The model does not exist or cannot be read.
    case fileUnreadable = "MNN-F018"
    /// The model cannot be written: a folder that does not exist, a full disk.
    case fileUnwritable = "MNN-F019"
    /// The text is not JSON: a missing comma, a string that does not end; the message tells line and column.
    case jsonSyntax = "MNN-F020"
    /// A table has no field of that name: `"kernalX"`.
    case jsonKeyUnknown = "MNN-F021"
    /// A field has a value of another type: text where a list of numbers belongs.
    case jsonTypeMismatch = "MNN-F022"
    /// A name that is no value of the enumeration: `"type": "Convolutoin"`.
    case jsonNameUnknown = "MNN-F023"
    /// A number that is malformed or does not fit its field: 300 in a byte.
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
