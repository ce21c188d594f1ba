// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``save(_:_:)``.
  @_disfavoredOverload
  public static func save(_ path: String, _ a: some ArrayConvertible) throws(ExprError) { try save(path, a.asVariable) }
}
