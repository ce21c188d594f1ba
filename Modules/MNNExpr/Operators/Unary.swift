public import MNNGraph

/// Functions of every element. Integers and bools become floats, as in numpy 2, where the function is not one of integers.
extension expr {
  /// -1, 0 or 1.
  public static func sign(_ x: Variable) -> Variable { Variable.unary(.sign, x) }
  /// The magnitude.
  public static func abs(_ x: Variable) -> Variable { Variable.unary(.absolute, x) }
  /// The number with the other sign.
  public static func negative(_ x: Variable) -> Variable { Variable.unary(.negate, x) }
  /// Rounded down.
  public static func floor(_ x: Variable) -> Variable { roundedUnary(.floor, x) }
  /// Rounded, halves to even.
  public static func round(_ x: Variable) -> Variable { roundedUnary(.round, x) }
  /// Rounded up.
  public static func ceil(_ x: Variable) -> Variable { roundedUnary(.ceil, x) }
  /// `x * x`.
  public static func square(_ x: Variable) -> Variable { Variable.unary(.square, x) }
  /// The square root.
  public static func sqrt(_ x: Variable) -> Variable { Variable.floatUnary(.sqrt, x) }
  /// `1 / sqrt(x)`.
  public static func rsqrt(_ x: Variable) -> Variable { Variable.floatUnary(.rsqrt, x) }
  /// The exponential.
  public static func exp(_ x: Variable) -> Variable { Variable.floatUnary(.exp, x) }
  /// The natural logarithm.
  public static func log(_ x: Variable) -> Variable { Variable.floatUnary(.log, x) }
  /// The sine, of radians.
  public static func sin(_ x: Variable) -> Variable { Variable.floatUnary(.sin, x) }
  /// The hyperbolic sine.
  public static func sinh(_ x: Variable) -> Variable { Variable.floatUnary(.sinh, x) }
  /// The cosine, of radians.
  public static func cos(_ x: Variable) -> Variable { Variable.floatUnary(.cos, x) }
  /// The hyperbolic cosine.
  public static func cosh(_ x: Variable) -> Variable { Variable.floatUnary(.cosh, x) }
  /// The tangent, of radians.
  public static func tan(_ x: Variable) -> Variable { Variable.floatUnary(.tan, x) }
  /// The hyperbolic tangent.
  public static func tanh(_ x: Variable) -> Variable { Variable.floatUnary(.tanh, x) }
  /// The inverse sine, in radians.
  public static func asin(_ x: Variable) -> Variable { Variable.floatUnary(.asin, x) }
  /// The inverse hyperbolic sine.
  public static func asinh(_ x: Variable) -> Variable { Variable.floatUnary(.asinh, x) }
  /// The inverse cosine, in radians.
  public static func acos(_ x: Variable) -> Variable { Variable.floatUnary(.acos, x) }
  /// The inverse hyperbolic cosine.
  public static func acosh(_ x: Variable) -> Variable { Variable.floatUnary(.acosh, x) }
  /// The inverse tangent, in radians.
  public static func atan(_ x: Variable) -> Variable { Variable.floatUnary(.atan, x) }
  /// The inverse hyperbolic tangent.
  public static func atanh(_ x: Variable) -> Variable { Variable.floatUnary(.atanh, x) }
  /// `1 / x`.
  public static func reciprocal(_ x: Variable) -> Variable { Variable.floatUnary(.reciprocal, x) }
  /// `log(1 + x)`, exact near 0.
  public static func log1p(_ x: Variable) -> Variable { Variable.floatUnary(.log1p, x) }
  /// `x/2 * (1 + tanh(√(2/π) (x + 0.044715 x³)))`, as in MNN.
  public static func gelu(_ x: Variable) -> Variable { Variable.floatUnary(.geluTanh, x) }
  /// `1 / (1 + exp(-x))`.
  public static func sigmoid(_ x: Variable) -> Variable { Variable.floatUnary(.sigmoid, x) }
  /// The error function.
  public static func erf(_ x: Variable) -> Variable { Variable.floatUnary(.erf, x) }
  /// `1 - erf(x)`, exact for large `x`.
  public static func erfc(_ x: Variable) -> Variable { Variable.floatUnary(.erfc, x) }
  /// The inverse of the error function.
  public static func erfinv(_ x: Variable) -> Variable { Variable.floatUnary(.erfinv, x) }
  /// `exp(x) - 1`, exact near 0.
  public static func expm1(_ x: Variable) -> Variable { Variable.floatUnary(.expm1, x) }
  /// `x * min(max(x/6 + 0.5, 0), 1)`.
  public static func hardswish(_ x: Variable) -> Variable { Variable.floatUnary(.hardSwish, x) }
  /// `x * sigmoid(x)`.
  public static func silu(_ x: Variable) -> Variable { Variable.floatUnary(.silu, x) }
  /// `log(1 + exp(x))`.
  public static func softplus(_ x: Variable) -> Variable { Variable.floatUnary(.softplus, x) }
  /// `x / (1 + |x|)`.
  public static func softsign(_ x: Variable) -> Variable { Variable.floatUnary(.softsign, x) }
  /// True where the number is none.
  public static func isNaN(_ x: Variable) -> Variable { Variable.apply(Unary(.isNaN), [x]) }

  /// Integers are whole already.
  private static func roundedUnary(_ function: ScalarFunction, _ x: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in try x.dtype.isFloatingPoint ? Variable.unary(function, x) : x }
  }

  /// True where the number is false or 0.
  public static func logicalNot(_ x: Variable) -> Variable { Variable.unary(.not, x.cast(to: .bool)) }

  /// The same numbers in another type: truncating towards zero to integers, `x != 0` to bool.
  public static func cast(_ x: Variable, dtype: DType = .float32) -> Variable { x.cast(to: dtype) }
}
