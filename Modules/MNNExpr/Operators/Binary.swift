import MNNGraph

/// Functions of two arrays, which broadcast to each other and meet in one type.
extension expr {
  /// `x + y`; of bools, "or".
  public static func add(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.add, x, y) }
  /// `x - y`.
  public static func subtract(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.subtract, x, y) }
  /// `x * y`; of bools, "and".
  public static func multiply(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.multiply, x, y) }
  /// `x / y`; of integers, truncated towards zero, and 0 for a divisor of 0.
  public static func divide(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.divide, x, y) }
  /// `x / y` rounded down.
  public static func floordiv(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.floorDivide, x, y) }
  /// The remainder with the dividend's sign, as C's `fmod`.
  public static func mod(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.remainder, x, y) }
  /// The remainder with the divisor's sign, as Python's `%`.
  public static func floormod(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.modulo, x, y) }
  /// `x` to the power `y`.
  public static func pow(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.power, x, y) }
  /// The smaller; NaN if either is.
  public static func minimum(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.minimum, x, y) }
  /// The larger; NaN if either is.
  public static func maximum(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.maximum, x, y) }
  /// `(x - y)²`.
  public static func squaredDifference(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.squaredDifference, x, y) }
  /// The angle of the point (`y`, `x`) where `x` is the first argument: `atan(x / y)` in the right quadrant, in radians.
  public static func atan2(_ x: Variable, _ y: Variable) -> Variable { floats(.atan2, x, y) }
  /// The bits that both have.
  public static func bitwiseAnd(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.bitwiseAnd, x, y) }
  /// The bits that one has.
  public static func bitwiseOr(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.bitwiseOr, x, y) }
  /// The bits that differ.
  public static func bitwiseXor(_ x: Variable, _ y: Variable) -> Variable { Variable.binary(.bitwiseXor, x, y) }
  /// True where both are equal.
  public static func equal(_ x: Variable, _ y: Variable) -> Variable { Variable.compare(.equal, x, y) }
  /// True where they differ.
  public static func notEqual(_ x: Variable, _ y: Variable) -> Variable { Variable.compare(.notEqual, x, y) }
  /// `x > y`.
  public static func greater(_ x: Variable, _ y: Variable) -> Variable { Variable.compare(.greater, x, y) }
  /// `x >= y`.
  public static func greaterEqual(_ x: Variable, _ y: Variable) -> Variable { Variable.compare(.greaterOrEqual, x, y) }
  /// `x < y`.
  public static func less(_ x: Variable, _ y: Variable) -> Variable { Variable.compare(.less, x, y) }
  /// `x <= y`.
  public static func lessEqual(_ x: Variable, _ y: Variable) -> Variable { Variable.compare(.lessOrEqual, x, y) }
  /// True where either is not 0.
  public static func logicalOr(_ x: Variable, _ y: Variable) -> Variable {
    Variable.binary(.or, x.cast(to: .bool), y.cast(to: .bool))
  }
  /// True where both are not 0.
  public static func logicalAnd(_ x: Variable, _ y: Variable) -> Variable {
    Variable.binary(.and, x.cast(to: .bool), y.cast(to: .bool))
  }
  /// True where one is not 0 and the other is.
  public static func logicalXor(_ x: Variable, _ y: Variable) -> Variable {
    Variable.binary(.xor, x.cast(to: .bool), y.cast(to: .bool))
  }

  /// In the type in which they meet, integers as floats.
  private static func floats(_ function: Binary.Function, _ x: Variable, _ y: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let (a, b) = try Variable.promoted(x, y)
      let dtype = try a.dtype.promotedToFloat
      return Variable.binary(function, a.cast(to: dtype), b.cast(to: dtype))
    }
  }

  /// `value` plus a number per channel: along axis 1, or the last of an image in ``DataFormat/NHWC``.
  public static func biasAdd(_ value: Variable, _ bias: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let rank = try value.rank
      guard value.format != .NHWC, rank > 2 else { return value + bias }
      return value + reshape(bias, [-1] + [Int](repeating: 1, count: rank - 2))
    }
  }

  /// `x * y`, element by element. `coeff` is there for MNN's sake, which ignores it here.
  public static func eltwiseProd(_ x: Variable, _ y: Variable, coeff: [Float] = []) -> Variable { sameShape(x, y) { $0 * $1 } }

  /// `coeff[0] * x + coeff[1] * y`, element by element; a plain sum without coefficients.
  public static func eltwiseSum(_ x: Variable, _ y: Variable, coeff: [Float] = []) -> Variable {
    weighted(x, y, coeff) { $0 + $1 }
  }

  /// `coeff[0] * x - coeff[1] * y`, element by element; a plain difference without coefficients.
  public static func eltwiseSub(_ x: Variable, _ y: Variable, coeff: [Float] = []) -> Variable {
    weighted(x, y, coeff) { $0 - $1 }
  }

  /// The larger, element by element. `coeff` is there for MNN's sake, which ignores it here.
  public static func eltwiseMax(_ x: Variable, _ y: Variable, coeff: [Float] = []) -> Variable { sameShape(x, y, maximum) }

  private static func weighted(
    _ x: Variable, _ y: Variable, _ coeff: [Float], _ function: (Variable, Variable) -> Variable
  ) -> Variable {
    switch coeff.count {
    case 0: sameShape(x, y, function)
    case 2: sameShape(x * coeff[0], y * coeff[1], function)
    default:
      Variable(
        failed: ExprError(.argumentInvalid, "bad coefficients", expected: "none or two", found: "\(coeff.count)"))
    }
  }

  private static func sameShape(_ x: Variable, _ y: Variable, _ function: (Variable, Variable) -> Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      guard try x.type.shape == y.type.shape else {
        throw ExprError(.argumentInvalid, "shapes differ", expected: "\(try x.type.shape)", found: "\(try y.type.shape)")
      }
      return function(x, y)
    }
  }
}
