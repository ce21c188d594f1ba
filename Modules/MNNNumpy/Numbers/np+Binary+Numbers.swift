// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``add(_:_:)``.
  @_disfavoredOverload
  public static func add(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    add(x1.asVariable, x2.asVariable)
  }

  /// As ``subtract(_:_:)``.
  @_disfavoredOverload
  public static func subtract(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    subtract(x1.asVariable, x2.asVariable)
  }

  /// As ``multiply(_:_:)``.
  @_disfavoredOverload
  public static func multiply(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    multiply(x1.asVariable, x2.asVariable)
  }

  /// As ``divide(_:_:)``.
  @_disfavoredOverload
  public static func divide(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    divide(x1.asVariable, x2.asVariable)
  }

  /// As ``trueDivide(_:_:)``.
  @_disfavoredOverload
  public static func trueDivide(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    trueDivide(x1.asVariable, x2.asVariable)
  }

  /// As ``floorDivide(_:_:)``.
  @_disfavoredOverload
  public static func floorDivide(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    floorDivide(x1.asVariable, x2.asVariable)
  }

  /// As ``remainder(_:_:)``.
  @_disfavoredOverload
  public static func remainder(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    remainder(x1.asVariable, x2.asVariable)
  }

  /// As ``mod(_:_:)``.
  @_disfavoredOverload
  public static func mod(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    mod(x1.asVariable, x2.asVariable)
  }

  /// As ``fmod(_:_:)``.
  @_disfavoredOverload
  public static func fmod(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    fmod(x1.asVariable, x2.asVariable)
  }

  /// As ``power(_:_:)``.
  @_disfavoredOverload
  public static func power(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    power(x1.asVariable, x2.asVariable)
  }

  /// As ``maximum(_:_:)``.
  @_disfavoredOverload
  public static func maximum(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    maximum(x1.asVariable, x2.asVariable)
  }

  /// As ``minimum(_:_:)``.
  @_disfavoredOverload
  public static func minimum(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    minimum(x1.asVariable, x2.asVariable)
  }

  /// As ``fmax(_:_:)``.
  @_disfavoredOverload
  public static func fmax(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    fmax(x1.asVariable, x2.asVariable)
  }

  /// As ``fmin(_:_:)``.
  @_disfavoredOverload
  public static func fmin(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    fmin(x1.asVariable, x2.asVariable)
  }

  /// As ``arctan2(_:_:)``.
  @_disfavoredOverload
  public static func arctan2(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    arctan2(x1.asVariable, x2.asVariable)
  }

  /// As ``hypot(_:_:)``.
  @_disfavoredOverload
  public static func hypot(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    hypot(x1.asVariable, x2.asVariable)
  }

  /// As ``copysign(_:_:)``.
  @_disfavoredOverload
  public static func copysign(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    copysign(x1.asVariable, x2.asVariable)
  }

  /// As ``logaddexp(_:_:)``.
  @_disfavoredOverload
  public static func logaddexp(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    logaddexp(x1.asVariable, x2.asVariable)
  }

  /// As ``logaddexp2(_:_:)``.
  @_disfavoredOverload
  public static func logaddexp2(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    logaddexp2(x1.asVariable, x2.asVariable)
  }

  /// As ``nextafter(_:_:)``.
  @_disfavoredOverload
  public static func nextafter(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    nextafter(x1.asVariable, x2.asVariable)
  }

  /// As ``heaviside(_:_:)``.
  @_disfavoredOverload
  public static func heaviside(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    heaviside(x1.asVariable, x2.asVariable)
  }

  /// As ``bitwiseAnd(_:_:)``.
  @_disfavoredOverload
  public static func bitwiseAnd(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    bitwiseAnd(x1.asVariable, x2.asVariable)
  }

  /// As ``bitwiseOr(_:_:)``.
  @_disfavoredOverload
  public static func bitwiseOr(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    bitwiseOr(x1.asVariable, x2.asVariable)
  }

  /// As ``bitwiseXor(_:_:)``.
  @_disfavoredOverload
  public static func bitwiseXor(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    bitwiseXor(x1.asVariable, x2.asVariable)
  }

  /// As ``leftShift(_:_:)``.
  @_disfavoredOverload
  public static func leftShift(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    leftShift(x1.asVariable, x2.asVariable)
  }

  /// As ``rightShift(_:_:)``.
  @_disfavoredOverload
  public static func rightShift(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    rightShift(x1.asVariable, x2.asVariable)
  }

  /// As ``gcd(_:_:)``.
  @_disfavoredOverload
  public static func gcd(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    gcd(x1.asVariable, x2.asVariable)
  }

  /// As ``lcm(_:_:)``.
  @_disfavoredOverload
  public static func lcm(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    lcm(x1.asVariable, x2.asVariable)
  }

  /// As ``floatPower(_:_:)``.
  @_disfavoredOverload
  public static func floatPower(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    floatPower(x1.asVariable, x2.asVariable)
  }

  /// As ``ldexp(_:_:)``.
  @_disfavoredOverload
  public static func ldexp(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    ldexp(x1.asVariable, x2.asVariable)
  }

  /// As ``divmod(_:_:)``.
  @_disfavoredOverload
  public static func divmod(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> (Variable, Variable) {
    divmod(x1.asVariable, x2.asVariable)
  }

  /// As ``equal(_:_:)``.
  @_disfavoredOverload
  public static func equal(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    equal(x1.asVariable, x2.asVariable)
  }

  /// As ``notEqual(_:_:)``.
  @_disfavoredOverload
  public static func notEqual(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    notEqual(x1.asVariable, x2.asVariable)
  }

  /// As ``less(_:_:)``.
  @_disfavoredOverload
  public static func less(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    less(x1.asVariable, x2.asVariable)
  }

  /// As ``lessEqual(_:_:)``.
  @_disfavoredOverload
  public static func lessEqual(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    lessEqual(x1.asVariable, x2.asVariable)
  }

  /// As ``greater(_:_:)``.
  @_disfavoredOverload
  public static func greater(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    greater(x1.asVariable, x2.asVariable)
  }

  /// As ``greaterEqual(_:_:)``.
  @_disfavoredOverload
  public static func greaterEqual(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    greaterEqual(x1.asVariable, x2.asVariable)
  }

  /// As ``logicalAnd(_:_:)``.
  @_disfavoredOverload
  public static func logicalAnd(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    logicalAnd(x1.asVariable, x2.asVariable)
  }

  /// As ``logicalOr(_:_:)``.
  @_disfavoredOverload
  public static func logicalOr(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    logicalOr(x1.asVariable, x2.asVariable)
  }

  /// As ``logicalXor(_:_:)``.
  @_disfavoredOverload
  public static func logicalXor(_ x1: some ArrayConvertible, _ x2: some ArrayConvertible) -> Variable {
    logicalXor(x1.asVariable, x2.asVariable)
  }
}
