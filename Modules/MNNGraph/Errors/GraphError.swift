/// What went wrong in a tensor, an operator, a graph or a file, with what a person needs to act on it.
///
/// Compare ``code``; show ``description``. Context (node, pass) is added on the way up and never replaces what is there.
public struct GraphError: Error, Hashable, Sendable {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    case shapeMismatch = "MNN-G001"
    case rankMismatch = "MNN-G002"
    case axisOutOfRange = "MNN-G003"
    case dtypeUnsupported = "MNN-G004"
    case inputMissing = "MNN-G005"
    case attributeInvalid = "MNN-G006"
    case indexOutOfRange = "MNN-G007"
    case sizeOverflow = "MNN-G008"
    case outOfMemory = "MNN-G009"
    /// A result's shape depends on the contents of an input that is not constant. Inference stops there; running does not.
    case dependsOnData = "MNN-G010"
    case graphInvalid = "MNN-G011"
    case passFailed = "MNN-G012"
    case limitExceeded = "MNN-G013"
    case valueNotFound = "MNN-G014"
    /// A model asks for more operations, bytes or nodes than a ``WorkBudget`` allows.
    case workExceeded = "MNN-G015"
    case fileUnreadable = "MNN-G020"
    case fileUnwritable = "MNN-G021"
    case arrayFileInvalid = "MNN-G022"
    /// A file that is read in place was truncated by somebody else meanwhile.
    case fileChanged = "MNN-G023"
    /// `MNN_CPU_ISA` names no instruction set that is known, or no kernel fits the processor.
    case processorUnsupported = "MNN-G030"
  }

  public var code: Code
  /// What is wrong, as a clause without a full stop.
  public var what: String
  public var expected: String?
  public var found: String?
  /// What to do about it.
  public var advice: String?
  public var operatorName: String?
  public var nodeName: String?
  /// The pass in which it happened.
  public var pass: String?
  public var file: String?

  public init(
    _ code: Code, _ what: String, expected: String? = nil, found: String? = nil, advice: String? = nil,
    file: String? = nil
  ) {
    self.code = code
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
    self.file = file
  }

  /// This error, with the node named if it does not name one yet.
  package func at(node: String, operator name: String) -> GraphError {
    var copy = self
    if copy.nodeName == nil {
      copy.nodeName = node
      copy.operatorName = name
    }
    return copy
  }

  /// True if an operator refused its operands: what matters only if it runs.
  package var isMisfit: Bool {
    switch code {
    case .shapeMismatch, .rankMismatch, .axisOutOfRange, .dtypeUnsupported, .attributeInvalid, .indexOutOfRange, .sizeOverflow,
      .limitExceeded:
      true
    default: false
    }
  }

  package func inPass(_ name: String) -> GraphError {
    var copy = self
    if copy.pass == nil { copy.pass = name }
    return copy
  }
}

extension GraphError: CustomStringConvertible {
  public var description: String {
    var text = ""
    if let file { text += "\(file): " }
    if let operatorName { text += operatorName + (nodeName.map { " \"\($0)\": " } ?? ": ") }
    text += what
    if let expected { text += ": expected \(expected)" }
    if let found { text += (expected == nil ? ": " : ", ") + "found \(found)" }
    if let advice { text += "; \(advice)" }
    if let pass { text += " (in pass \(pass))" }
    return text + " [\(code.rawValue)]"
  }
}
