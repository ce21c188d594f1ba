public import MNNGraph

/// What went wrong while a model was loaded, planned or run.
public struct RunError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// `forward` is given another number of tensors than the model has inputs.
    case inputCount = "MNN-R001"
    /// An input of that name does not exist, or one is missing: `forward(["imgae": x])`.
    case inputName = "MNN-R002"
    /// An input has another number of axes than the model states, or other sizes where `shapeMutable` is false.
    case inputShape = "MNN-R003"
    /// An input has an element type that is not converted: floats for an input of integers.
    case inputType = "MNN-R004"
    /// The model has no value of the name that is asked for: `outputs: ["logits2"]`.
    case outputName = "MNN-R005"
    /// A number of threads that is not 1 to 256.
    case threadCount = "MNN-R006"
    /// The backend or the instruction set does not exist here: `instructionSet: "neon"` on x86.
    case backendUnavailable = "MNN-R007"
    /// A backend has no kernel for what it was given: a recurrent layer in a form that its kernel does not compute.
    case unsupported = "MNN-R008"
    /// There is no memory for the plan, its weights or the results.
    case outOfMemory = "MNN-R009"
    /// A device failed, or a kernel was called without memory.
    case device = "MNN-R010"
    /// The task that awaited `forward` was cancelled, or its time was over.
    case cancelled = "MNN-R011"
    /// The model file, its weights or the cache cannot be read or written; the message tells why.
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
