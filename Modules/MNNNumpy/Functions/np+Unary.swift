public import MNNExpr
import MNNGraph

extension np {
  /// The sine of every angle, in radians.
  public static func sin(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.sin, x) } }
  /// The cosine of every angle, in radians.
  public static func cos(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.cos, x) } }
  /// The tangent of every angle, in radians.
  public static func tan(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.tan, x) } }
  /// The angle whose sine is `x`; NaN outside -1 ... 1.
  public static func arcsin(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.arcsin, x) } }
  /// The angle whose cosine is `x`; NaN outside -1 ... 1.
  public static func arccos(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.arccos, x) } }
  /// The angle whose tangent is `x`.
  public static func arctan(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.arctan, x) } }
  /// The hyperbolic sine.
  public static func sinh(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.sinh, x) } }
  /// The hyperbolic cosine.
  public static func cosh(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.cosh, x) } }
  /// The hyperbolic tangent.
  public static func tanh(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.tanh, x) } }
  /// The inverse of the hyperbolic sine.
  public static func arcsinh(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.arcsinh, x) } }
  /// The inverse of the hyperbolic cosine; NaN below 1.
  public static func arccosh(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.arccosh, x) } }
  /// The inverse of the hyperbolic tangent.
  public static func arctanh(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.arctanh, x) } }
  /// e to the power of `x`.
  public static func exp(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.exp, x) } }
  /// 2 to the power of `x`.
  public static func exp2(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.exp2, x) } }
  /// `exp(x) - 1`, exact near 0.
  public static func expm1(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.expm1, x) } }
  /// The natural logarithm.
  public static func log(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.log, x) } }
  /// The logarithm to base 2.
  public static func log2(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.log2, x) } }
  /// The logarithm to base 10.
  public static func log10(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.log10, x) } }
  /// `log(1 + x)`, exact near 0.
  public static func log1p(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.log1p, x) } }
  /// The square root; NaN below 0.
  public static func sqrt(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.sqrt, x) } }
  /// The cube root.
  public static func cbrt(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.cbrt, x) } }
  /// The nearest whole number, halves to the even one, as floating point.
  public static func rint(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.rint, x) } }
  /// The magnitude, as floating point.
  public static func fabs(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.fabs, x) } }
  /// `sin(pi x) / (pi x)`, 1 at 0.
  public static func sinc(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.sinc(x) } }
  /// Radians in degrees.
  public static func degrees(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.degrees, x) } }
  /// Radians in degrees.
  public static func rad2deg(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.degrees, x) } }
  /// Degrees in radians.
  public static func radians(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.radians, x) } }
  /// Degrees in radians.
  public static func deg2rad(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.radians, x) } }
  /// -1, 0 or 1; NaN of NaN.
  public static func sign(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.sign, x) } }
  /// The magnitude; the least integer of a type stays.
  public static func absolute(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.absolute, x) } }
  /// The magnitude; the least integer of a type stays.
  public static func abs(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.absolute, x) } }
  /// `-x`.
  public static func negative(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.negative, x) } }
  /// `+x`.
  public static func positive(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.positive, x) } }
  /// `x * x`.
  public static func square(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.square, x) } }
  /// `1 / x`; of integers rounded toward zero.
  public static func reciprocal(_ x: Variable) -> Variable {
    x.map { x throws(GraphError) in try UnaryMath.apply(.reciprocal, x) }
  }
  /// The greatest whole number not above.
  public static func floor(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.floor, x) } }
  /// The least whole number not below.
  public static func ceil(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.ceil, x) } }
  /// The whole number next toward zero.
  public static func trunc(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.trunc, x) } }
  /// The whole number next toward zero.
  public static func fix(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.trunc, x) } }
  /// The bits inverted; of truth values the opposite.
  public static func invert(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.invert, x) } }
  /// The bits inverted; of truth values the opposite.
  public static func bitwiseNot(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.apply(.invert, x) } }
}

extension np {
  /// Where elements are NaN.
  public static func isnan(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.test(.isNaN, x) } }
  /// Where elements are infinite.
  public static func isinf(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.test(.isInfinite, x) } }
  /// Where elements are neither NaN nor infinite.
  public static func isfinite(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.test(.isFinite, x) } }
  /// Where elements are infinity.
  public static func isposinf(_ x: Variable) -> Variable {
    x.map { x throws(GraphError) in try UnaryMath.test(.isPositiveInfinite, x) }
  }
  /// Where elements are -infinity.
  public static func isneginf(_ x: Variable) -> Variable {
    x.map { x throws(GraphError) in try UnaryMath.test(.isNegativeInfinite, x) }
  }
  /// Where the sign is set; of -0 too.
  public static func signbit(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.test(.isNegative, x) } }
  /// Where elements are zero.
  public static func logicalNot(_ x: Variable) -> Variable { x.map { x throws(GraphError) in try UnaryMath.test(.isZero, x) } }
}
