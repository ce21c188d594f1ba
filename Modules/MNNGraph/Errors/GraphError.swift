/// What went wrong in a tensor, an operator, a graph or a file, with what a person needs to act on it.
///
/// Compare ``code``; show ``description``. Context (node, pass) is added on the way up and never replaces what is there.
public struct GraphError: Error, Hashable, Sendable {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// Sizes that must be equal or broadcast are not: `[2, 3]` added to `[2, 4]`.
    case shapeMismatch = "MNN-G001"
    /// A tensor has more or fewer axes than the operator takes: a convolution of `[3, 8]`.
    case rankMismatch = "MNN-G002"
    /// An axis that the tensor does not have: axis 2 of `[4, 5]`.
    case axisOutOfRange = "MNN-G003"
    /// An element type that the operator does not take, or two that differ: `Sqrt` of packed integers.
    case dtypeUnsupported = "MNN-G004"
    /// An operator or a graph is given fewer inputs than it needs: `Conv` without a weight.
    case inputMissing = "MNN-G005"
    /// A parameter of an operator is out of its range: groups of 0, strides of -1.
    case attributeInvalid = "MNN-G006"
    /// Contents of a tensor that are indices lie outside: `Gather` of row 7 of 5.
    case indexOutOfRange = "MNN-G007"
    /// A size is negative or larger than memory can be: `[2^40, 2^40]`.
    case sizeOverflow = "MNN-G008"
    /// There is no memory for a tensor.
    case outOfMemory = "MNN-G009"
    /// A result's shape depends on the contents of an input that is not constant. Inference stops there; running does not.
    case dependsOnData = "MNN-G010"
    /// A graph is not well formed: a value is used before it is produced, a node has no meaning.
    case graphInvalid = "MNN-G011"
    /// A pass did not come to an end or made a wrong patch: a mistake of this library, which the pass named in the error leads to.
    case passFailed = "MNN-G012"
    /// More elements along an axis, or a larger kernel, than is computed with: a resizing to 2^30 columns.
    case limitExceeded = "MNN-G013"
    /// No array of that name is in the file: `npz["weights"]`.
    case valueNotFound = "MNN-G014"
    /// A model asks for more operations, bytes or nodes than a ``WorkBudget`` allows.
    case workExceeded = "MNN-G015"
    /// A file does not exist or cannot be read.
    case fileUnreadable = "MNN-G020"
    /// A file cannot be written: a folder that does not exist, a full disk.
    case fileUnwritable = "MNN-G021"
    /// The bytes are no `.npy` or `.npz` file, or one that was cut short.
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
