// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np.linalg {
  /// As ``norm(_:_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func norm(
    _ x: some ArrayConvertible, _ ord: NormOrder? = nil, axis: (any IntegerList)? = nil, keepdims: Bool = false
  ) -> Variable {
    norm(x.asVariable, ord, axis: axis, keepdims: keepdims)
  }
}
