// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``round(_:decimals:)``.
  @_disfavoredOverload
  public static func round(_ a: some ArrayConvertible, decimals: Int = 0) -> Variable {
    round(a.asVariable, decimals: decimals)
  }

  /// As ``around(_:decimals:)``.
  @_disfavoredOverload
  public static func around(_ a: some ArrayConvertible, decimals: Int = 0) -> Variable {
    around(a.asVariable, decimals: decimals)
  }

  /// As ``modf(_:)``.
  @_disfavoredOverload
  public static func modf(_ x: some ArrayConvertible) -> (Variable, Variable) { modf(x.asVariable) }

  /// As ``frexp(_:)``.
  @_disfavoredOverload
  public static func frexp(_ x: some ArrayConvertible) -> (Variable, Variable) { frexp(x.asVariable) }

  /// As ``clip(_:_:_:)``.
  @_disfavoredOverload
  public static func clip(
    _ a: some ArrayConvertible, _ aMin: some ArrayConvertible, _ aMax: some ArrayConvertible
  ) -> Variable {
    clip(a.asVariable, aMin.asVariable, aMax.asVariable)
  }

  /// As ``nanToNum(_:nan:posinf:neginf:)``.
  @_disfavoredOverload
  public static func nanToNum(
    _ x: some ArrayConvertible, nan: Double = 0, posinf: Double? = nil, neginf: Double? = nil
  ) -> Variable {
    nanToNum(x.asVariable, nan: nan, posinf: posinf, neginf: neginf)
  }
}
