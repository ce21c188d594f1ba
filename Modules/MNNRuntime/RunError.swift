public import MNNGraph

/// What went wrong while a model was loaded, planned or run.
public struct RunError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    case inputCount = "MNN-R001"
    case inputName = "MNN-R002"
    case inputShape = "MNN-R003"
    case inputType = "MNN-R004"
    case outputName = "MNN-R005"
    case threadCount = "MNN-R006"
    case backendUnavailable = "MNN-R007"
    case unsupported = "MNN-R008"
    case outOfMemory = "MNN-R009"
    case device = "MNN-R010"
    case cancelled = "MNN-R011"
    case file = "MNN-R012"
    /// A graph or operator refused; ``RunError/underlying`` tells.
    case graph = "MNN-R020"
  }

  public var code: Code
  public var what: String
  public var expected: String?
  public var found: String?
  public var advice: String?
  /// The error of the graph below, if that is the cause.
  public var underlying: GraphError?

  public init(
    _ code: Code, _ what: String, expected: String? = nil, found: String? = nil, advice: String? = nil
  ) {
    self.code = code
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  public init(_ error: GraphError) {
    code = error.code == .outOfMemory ? .outOfMemory : error.code == .fileChanged ? .file : .graph
    what = error.description
    underlying = error
  }

  public var description: String {
    if let underlying { return underlying.description }
    var text = what
    if let expected { text += ": expected \(expected)" }
    if let found { text += (expected == nil ? ": " : ", ") + "found \(found)" }
    if let advice { text += "; \(advice)" }
    return text + " [\(code.rawValue)]"
  }
}

/// Lets an error of the graph pass as an error of the run.
package func asRunError<R>(_ body: () throws(GraphError) -> R) throws(RunError) -> R {
  do throws(GraphError) { return try body() } catch { throw RunError(error) }
}
