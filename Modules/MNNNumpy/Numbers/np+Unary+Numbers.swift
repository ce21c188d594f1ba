// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``sin(_:)``.
  @_disfavoredOverload
  public static func sin(_ x: some ArrayConvertible) -> Variable { sin(x.asVariable) }

  /// As ``cos(_:)``.
  @_disfavoredOverload
  public static func cos(_ x: some ArrayConvertible) -> Variable { cos(x.asVariable) }

  /// As ``tan(_:)``.
  @_disfavoredOverload
  public static func tan(_ x: some ArrayConvertible) -> Variable { tan(x.asVariable) }

  /// As ``arcsin(_:)``.
  @_disfavoredOverload
  public static func arcsin(_ x: some ArrayConvertible) -> Variable { arcsin(x.asVariable) }

  /// As ``arccos(_:)``.
  @_disfavoredOverload
  public static func arccos(_ x: some ArrayConvertible) -> Variable { arccos(x.asVariable) }

  /// As ``arctan(_:)``.
  @_disfavoredOverload
  public static func arctan(_ x: some ArrayConvertible) -> Variable { arctan(x.asVariable) }

  /// As ``sinh(_:)``.
  @_disfavoredOverload
  public static func sinh(_ x: some ArrayConvertible) -> Variable { sinh(x.asVariable) }

  /// As ``cosh(_:)``.
  @_disfavoredOverload
  public static func cosh(_ x: some ArrayConvertible) -> Variable { cosh(x.asVariable) }

  /// As ``tanh(_:)``.
  @_disfavoredOverload
  public static func tanh(_ x: some ArrayConvertible) -> Variable { tanh(x.asVariable) }

  /// As ``arcsinh(_:)``.
  @_disfavoredOverload
  public static func arcsinh(_ x: some ArrayConvertible) -> Variable { arcsinh(x.asVariable) }

  /// As ``arccosh(_:)``.
  @_disfavoredOverload
  public static func arccosh(_ x: some ArrayConvertible) -> Variable { arccosh(x.asVariable) }

  /// As ``arctanh(_:)``.
  @_disfavoredOverload
  public static func arctanh(_ x: some ArrayConvertible) -> Variable { arctanh(x.asVariable) }

  /// As ``exp(_:)``.
  @_disfavoredOverload
  public static func exp(_ x: some ArrayConvertible) -> Variable { exp(x.asVariable) }

  /// As ``exp2(_:)``.
  @_disfavoredOverload
  public static func exp2(_ x: some ArrayConvertible) -> Variable { exp2(x.asVariable) }

  /// As ``expm1(_:)``.
  @_disfavoredOverload
  public static func expm1(_ x: some ArrayConvertible) -> Variable { expm1(x.asVariable) }

  /// As ``log(_:)``.
  @_disfavoredOverload
  public static func log(_ x: some ArrayConvertible) -> Variable { log(x.asVariable) }

  /// As ``log2(_:)``.
  @_disfavoredOverload
  public static func log2(_ x: some ArrayConvertible) -> Variable { log2(x.asVariable) }

  /// As ``log10(_:)``.
  @_disfavoredOverload
  public static func log10(_ x: some ArrayConvertible) -> Variable { log10(x.asVariable) }

  /// As ``log1p(_:)``.
  @_disfavoredOverload
  public static func log1p(_ x: some ArrayConvertible) -> Variable { log1p(x.asVariable) }

  /// As ``sqrt(_:)``.
  @_disfavoredOverload
  public static func sqrt(_ x: some ArrayConvertible) -> Variable { sqrt(x.asVariable) }

  /// As ``cbrt(_:)``.
  @_disfavoredOverload
  public static func cbrt(_ x: some ArrayConvertible) -> Variable { cbrt(x.asVariable) }

  /// As ``rint(_:)``.
  @_disfavoredOverload
  public static func rint(_ x: some ArrayConvertible) -> Variable { rint(x.asVariable) }

  /// As ``fabs(_:)``.
  @_disfavoredOverload
  public static func fabs(_ x: some ArrayConvertible) -> Variable { fabs(x.asVariable) }

  /// As ``sinc(_:)``.
  @_disfavoredOverload
  public static func sinc(_ x: some ArrayConvertible) -> Variable { sinc(x.asVariable) }

  /// As ``degrees(_:)``.
  @_disfavoredOverload
  public static func degrees(_ x: some ArrayConvertible) -> Variable { degrees(x.asVariable) }

  /// As ``rad2deg(_:)``.
  @_disfavoredOverload
  public static func rad2deg(_ x: some ArrayConvertible) -> Variable { rad2deg(x.asVariable) }

  /// As ``radians(_:)``.
  @_disfavoredOverload
  public static func radians(_ x: some ArrayConvertible) -> Variable { radians(x.asVariable) }

  /// As ``deg2rad(_:)``.
  @_disfavoredOverload
  public static func deg2rad(_ x: some ArrayConvertible) -> Variable { deg2rad(x.asVariable) }

  /// As ``sign(_:)``.
  @_disfavoredOverload
  public static func sign(_ x: some ArrayConvertible) -> Variable { sign(x.asVariable) }

  /// As ``absolute(_:)``.
  @_disfavoredOverload
  public static func absolute(_ x: some ArrayConvertible) -> Variable { absolute(x.asVariable) }

  /// As ``abs(_:)``.
  @_disfavoredOverload
  public static func abs(_ x: some ArrayConvertible) -> Variable { abs(x.asVariable) }

  /// As ``negative(_:)``.
  @_disfavoredOverload
  public static func negative(_ x: some ArrayConvertible) -> Variable { negative(x.asVariable) }

  /// As ``positive(_:)``.
  @_disfavoredOverload
  public static func positive(_ x: some ArrayConvertible) -> Variable { positive(x.asVariable) }

  /// As ``square(_:)``.
  @_disfavoredOverload
  public static func square(_ x: some ArrayConvertible) -> Variable { square(x.asVariable) }

  /// As ``reciprocal(_:)``.
  @_disfavoredOverload
  public static func reciprocal(_ x: some ArrayConvertible) -> Variable { reciprocal(x.asVariable) }

  /// As ``floor(_:)``.
  @_disfavoredOverload
  public static func floor(_ x: some ArrayConvertible) -> Variable { floor(x.asVariable) }

  /// As ``ceil(_:)``.
  @_disfavoredOverload
  public static func ceil(_ x: some ArrayConvertible) -> Variable { ceil(x.asVariable) }

  /// As ``trunc(_:)``.
  @_disfavoredOverload
  public static func trunc(_ x: some ArrayConvertible) -> Variable { trunc(x.asVariable) }

  /// As ``fix(_:)``.
  @_disfavoredOverload
  public static func fix(_ x: some ArrayConvertible) -> Variable { fix(x.asVariable) }

  /// As ``invert(_:)``.
  @_disfavoredOverload
  public static func invert(_ x: some ArrayConvertible) -> Variable { invert(x.asVariable) }

  /// As ``bitwiseNot(_:)``.
  @_disfavoredOverload
  public static func bitwiseNot(_ x: some ArrayConvertible) -> Variable { bitwiseNot(x.asVariable) }

  /// As ``isnan(_:)``.
  @_disfavoredOverload
  public static func isnan(_ x: some ArrayConvertible) -> Variable { isnan(x.asVariable) }

  /// As ``isinf(_:)``.
  @_disfavoredOverload
  public static func isinf(_ x: some ArrayConvertible) -> Variable { isinf(x.asVariable) }

  /// As ``isfinite(_:)``.
  @_disfavoredOverload
  public static func isfinite(_ x: some ArrayConvertible) -> Variable { isfinite(x.asVariable) }

  /// As ``isposinf(_:)``.
  @_disfavoredOverload
  public static func isposinf(_ x: some ArrayConvertible) -> Variable { isposinf(x.asVariable) }

  /// As ``isneginf(_:)``.
  @_disfavoredOverload
  public static func isneginf(_ x: some ArrayConvertible) -> Variable { isneginf(x.asVariable) }

  /// As ``signbit(_:)``.
  @_disfavoredOverload
  public static func signbit(_ x: some ArrayConvertible) -> Variable { signbit(x.asVariable) }

  /// As ``logicalNot(_:)``.
  @_disfavoredOverload
  public static func logicalNot(_ x: some ArrayConvertible) -> Variable { logicalNot(x.asVariable) }
}
