public import MNNGraph
public import MNNRuntime
import MNNSchema

/// What went wrong in an expression: while it was written, which is told when it is read, or while it was computed.
public struct ExprError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable codes. Once released, a code keeps its meaning.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// What is read depends on a placeholder, which has no contents.
    case placeholderUnset = "MNN-E001"
    /// One number was asked of an array of another number of elements.
    case notOneElement = "MNN-E002"
    /// Elements that do not have the shape or type that was asked for.
    case valuesDoNotFit = "MNN-E003"
    /// An argument of a function is out of its range.
    case argumentInvalid = "MNN-E004"
    /// A variable of that name does not exist.
    case nameUnknown = "MNN-E005"
    /// A matrix that the linear algebra of LAPACK cannot deal with: singular, or without convergence.
    case linearAlgebra = "MNN-E006"
    /// A shape, a type or an operator refused; ``ExprError/graphError`` tells.
    case graph = "MNN-E010"
    /// Planning or running failed; ``ExprError/runError`` tells.
    case run = "MNN-E011"
    /// A file is missing, damaged, or cannot hold the expression.
    case file = "MNN-E012"
  }

  public var code: Code
  public var what: String
  public var expected: String?
  public var found: String?
  public var advice: String?
  /// The error of the graph below, if that is the cause.
  public var graphError: GraphError?
  /// The error of the runtime below, if that is the cause.
  public var runError: RunError?

  public init(_ code: Code, _ what: String, expected: String? = nil, found: String? = nil, advice: String? = nil) {
    self.code = code
    self.what = what
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  public init(_ error: GraphError) {
    self.init(.graph, error.description)
    graphError = error
  }

  public init(_ error: RunError) {
    self.init(error.underlying == nil ? .run : .graph, error.description)
    graphError = error.underlying
    runError = error
  }

  public var description: String {
    if graphError != nil || runError != nil { return what }
    var text = what
    if let expected { text += ": expected \(expected)" }
    if let found { text += (expected == nil ? ": " : ", ") + "found \(found)" }
    if let advice { text += "; \(advice)" }
    return text + " [\(code.rawValue)]"
  }
}

/// Lets an error of the graph pass as an error of the expression.
package func asExprError<R>(_ body: () throws(GraphError) -> R) throws(ExprError) -> R {
  do throws(GraphError) { return try body() } catch { throw ExprError(error) }
}
