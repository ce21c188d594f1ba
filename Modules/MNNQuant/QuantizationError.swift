package import MNNGraph

/// Why a model cannot be quantized as it was asked for.
///
/// Compare ``code``; show ``description``.
public struct QuantizationError: Error, Hashable, Sendable {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// A number of bits, a size of block, or a combination of both that no weights can have.
    case settingInvalid = "MNN-Q001"
    /// The operators of the graph, or their weights, are not what their types say.
    case graphInvalid = "MNN-Q002"
    /// The model asks for more operations or bytes than a ``WorkBudget`` allows.
    case workExceeded = "MNN-Q003"
    /// A file that says how layers are kept cannot be read, or says what cannot be.
    case choiceInvalid = "MNN-Q004"
    /// Samples do not fit the model's inputs.
    case samplesInvalid = "MNN-Q005"
    /// The model cannot be run, or a metric gives no number.
    case measuringFailed = "MNN-Q006"
    /// No choice keeps the accuracy that was asked for.
    case floorUnreachable = "MNN-Q007"
  }

  public var code: Code
  /// What is wrong, as a clause without a full stop.
  public var what: String
  public var expected: String?
  public var found: String?
  /// What to do about it.
  public var advice: String?
  /// The layer that it is about.
  public var layer: String?
  public var file: String?

  public init(
    _ code: Code, _ what: String, expected: String? = nil, found: String? = nil, advice: String? = nil, layer: String? = nil,
    file: String? = nil
  ) {
    self.code = code
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
    self.layer = layer
    self.file = file
  }

  /// An error of the graph, seen from quantizing.
  package init(_ error: GraphError, layer: String? = nil) {
    self.init(
      error.code == .workExceeded ? .workExceeded : .graphInvalid, error.what, expected: error.expected, found: error.found,
      advice: error.advice, layer: layer ?? error.nodeName, file: error.file)
  }
}

extension QuantizationError: CustomStringConvertible {
  public var description: String {
    var text = file.map { "\($0): " } ?? ""
    if let layer { text += "layer \"\(layer)\": " }
    text += what
    if let expected { text += ": expected \(expected)" }
    if let found { text += (expected == nil ? ": " : ", ") + "found \(found)" }
    if let advice { text += "; \(advice)" }
    return text + " [\(code.rawValue)]"
  }
}

/// Lets an error of the graph pass as one of quantizing.
func asQuantizationError<R>(_ layer: String? = nil, _ body: () throws(GraphError) -> R) throws(QuantizationError) -> R {
  do throws(GraphError) { return try body() } catch { throw QuantizationError(error, layer: layer) }
}
