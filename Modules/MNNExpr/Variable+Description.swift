import MNNGraph

extension Variable: CustomStringConvertible {
  /// The contents as numpy prints an array, computed if they are not yet; the error if that fails.
  public var description: String {
    do throws(ExprError) { return try tensor().arrayText } catch { return "Variable(\(error))" }
  }
}
