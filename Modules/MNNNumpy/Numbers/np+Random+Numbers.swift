// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np.random {
  /// As ``permutation(_:)``.
  @_disfavoredOverload
  public static func permutation(_ a: some ArrayConvertible) -> Variable { permutation(a.asVariable) }

  /// As ``choice(_:size:replace:)``.
  @_disfavoredOverload
  public static func choice(_ a: some ArrayConvertible, size: any IntegerList = [], replace: Bool = true) -> Variable {
    choice(a.asVariable, size: size, replace: replace)
  }
}
