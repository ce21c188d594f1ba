public import MNNExpr
import MNNGraph
import MNNKernels

extension np {
  /// `x1 + x2`; of truth values "or".
  public static func add(_ x1: Variable, _ x2: Variable) -> Variable { binary(.add, x1, x2) }
  /// `x1 - x2`.
  public static func subtract(_ x1: Variable, _ x2: Variable) -> Variable { binary(.subtract, x1, x2) }
  /// `x1 * x2`; of truth values "and".
  public static func multiply(_ x1: Variable, _ x2: Variable) -> Variable { binary(.multiply, x1, x2) }
  /// `x1 / x2` in floating point.
  public static func divide(_ x1: Variable, _ x2: Variable) -> Variable { binary(.divide, x1, x2) }
  /// `x1 / x2` in floating point.
  public static func trueDivide(_ x1: Variable, _ x2: Variable) -> Variable { binary(.divide, x1, x2) }
  /// The quotient rounded down; of integers 0 for a divisor of 0.
  public static func floorDivide(_ x1: Variable, _ x2: Variable) -> Variable { binary(.floorDivide, x1, x2) }
  /// The remainder of ``floorDivide(_:_:)``, of the divisor's sign.
  public static func remainder(_ x1: Variable, _ x2: Variable) -> Variable { binary(.remainder, x1, x2) }
  /// The remainder of ``floorDivide(_:_:)``, of the divisor's sign.
  public static func mod(_ x1: Variable, _ x2: Variable) -> Variable { binary(.remainder, x1, x2) }
  /// The remainder of the sign of `x1`, as in C.
  public static func fmod(_ x1: Variable, _ x2: Variable) -> Variable { binary(.fmod, x1, x2) }
  /// `x1` to the power of `x2`; integers to a negative power are an error.
  public static func power(_ x1: Variable, _ x2: Variable) -> Variable { binary(.power, x1, x2) }
  /// The greater; NaN if either is.
  public static func maximum(_ x1: Variable, _ x2: Variable) -> Variable { binary(.maximum, x1, x2) }
  /// The lesser; NaN if either is.
  public static func minimum(_ x1: Variable, _ x2: Variable) -> Variable { binary(.minimum, x1, x2) }
  /// The greater; a number rather than NaN.
  public static func fmax(_ x1: Variable, _ x2: Variable) -> Variable { binary(.fmax, x1, x2) }
  /// The lesser; a number rather than NaN.
  public static func fmin(_ x1: Variable, _ x2: Variable) -> Variable { binary(.fmin, x1, x2) }
  /// The angle of the point (`x2`, `x1`).
  public static func arctan2(_ x1: Variable, _ x2: Variable) -> Variable { binary(.arctan2, x1, x2) }
  /// The length of the hypotenuse.
  public static func hypot(_ x1: Variable, _ x2: Variable) -> Variable { binary(.hypot, x1, x2) }
  /// The magnitude of `x1` with the sign of `x2`.
  public static func copysign(_ x1: Variable, _ x2: Variable) -> Variable { binary(.copysign, x1, x2) }
  /// `log(exp(x1) + exp(x2))`.
  public static func logaddexp(_ x1: Variable, _ x2: Variable) -> Variable { binary(.logaddexp, x1, x2) }
  /// `log2(2**x1 + 2**x2)`.
  public static func logaddexp2(_ x1: Variable, _ x2: Variable) -> Variable { binary(.logaddexp2, x1, x2) }
  /// The number next to `x1` in the direction of `x2`.
  public static func nextafter(_ x1: Variable, _ x2: Variable) -> Variable { binary(.nextafter, x1, x2) }
  /// 0 below 0, `x2` at 0, 1 above.
  public static func heaviside(_ x1: Variable, _ x2: Variable) -> Variable { binary(.heaviside, x1, x2) }
  /// The bits that both have.
  public static func bitwiseAnd(_ x1: Variable, _ x2: Variable) -> Variable { binary(.bitwiseAnd, x1, x2) }
  /// The bits that either has.
  public static func bitwiseOr(_ x1: Variable, _ x2: Variable) -> Variable { binary(.bitwiseOr, x1, x2) }
  /// The bits that one of them has.
  public static func bitwiseXor(_ x1: Variable, _ x2: Variable) -> Variable { binary(.bitwiseXor, x1, x2) }
  /// The bits moved up by `x2`.
  public static func leftShift(_ x1: Variable, _ x2: Variable) -> Variable { binary(.leftShift, x1, x2) }
  /// The bits moved down by `x2`, keeping the sign.
  public static func rightShift(_ x1: Variable, _ x2: Variable) -> Variable { binary(.rightShift, x1, x2) }
  /// The greatest common divisor of the magnitudes.
  public static func gcd(_ x1: Variable, _ x2: Variable) -> Variable { binary(.gcd, x1, x2) }
  /// The least common multiple of the magnitudes.
  public static func lcm(_ x1: Variable, _ x2: Variable) -> Variable { binary(.lcm, x1, x2) }

  private static func binary(_ f: BinaryFunction, _ x1: Variable, _ x2: Variable) -> Variable {
    if x1.isLiteral, x2.isLiteral, let function = f.growing, let result = Variable.ofWholeLiterals(function, x1, x2) {
      return result
    }
    return .make { () throws(GraphError) in
      var (a, b, dtype) = try operands(x1, x2)
      if f.answersInFloatingPoint, !dtype.isFloatingPoint {
        // A number in the source takes the type of the other operand.
        let (x, y) = (x1.isLiteral ? dtype : a.dtype, x2.isLiteral ? dtype : b.dtype)
        dtype = DType.promoted(x.promotedToFloat, y.promotedToFloat)
      }
      return try BinaryMath.apply(f, a, b, dtype: dtype)
    }
  }

  /// `x1` to the power of `x2` in float64.
  public static func floatPower(_ x1: Variable, _ x2: Variable) -> Variable {
    .make { () throws(GraphError) in
      try BinaryMath.apply(.power, x1.contents().cast(to: .float64), x2.contents().cast(to: .float64), dtype: .float64)
    }
  }

  /// `x1 * 2**x2`, `x2` of whole numbers.
  public static func ldexp(_ x1: Variable, _ x2: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (x, n) = (try x1.contents(), try x2.contents())
      guard !n.dtype.isFloatingPoint else {
        throw GraphError(.dtypeUnsupported, "ldexp needs whole exponents", expected: "integers", found: "\(n.dtype)")
      }
      return try Scaling.ldexp(x, n)
    }
  }

  /// The quotients rounded down, and the remainders.
  public static func divmod(_ x1: Variable, _ x2: Variable) -> (Variable, Variable) { (floorDivide(x1, x2), remainder(x1, x2)) }
}

extension np {
  /// Where `x1 == x2`.
  public static func equal(_ x1: Variable, _ x2: Variable) -> Variable { compare(.equal, x1, x2) }
  /// Where `x1 != x2`.
  public static func notEqual(_ x1: Variable, _ x2: Variable) -> Variable { compare(.notEqual, x1, x2) }
  /// Where `x1 < x2`.
  public static func less(_ x1: Variable, _ x2: Variable) -> Variable { compare(.less, x1, x2) }
  /// Where `x1 <= x2`.
  public static func lessEqual(_ x1: Variable, _ x2: Variable) -> Variable { compare(.lessOrEqual, x1, x2) }
  /// Where `x1 > x2`.
  public static func greater(_ x1: Variable, _ x2: Variable) -> Variable { compare(.greater, x1, x2) }
  /// Where `x1 >= x2`.
  public static func greaterEqual(_ x1: Variable, _ x2: Variable) -> Variable { compare(.greaterOrEqual, x1, x2) }

  private static func compare(_ f: Comparison.Function, _ x1: Variable, _ x2: Variable) -> Variable {
    .make { () throws(GraphError) in
      let (a, b, dtype) = try operands(x1, x2, comparing: true)
      return try Comparing.compare(f, a, b, dtype: dtype)
    }
  }
  /// Where both are not zero.
  public static func logicalAnd(_ x1: Variable, _ x2: Variable) -> Variable {
    .make { () throws(GraphError) in try Comparing.logic(.and, x1.contents(), x2.contents()) }
  }
  /// Where either is not zero.
  public static func logicalOr(_ x1: Variable, _ x2: Variable) -> Variable {
    .make { () throws(GraphError) in try Comparing.logic(.or, x1.contents(), x2.contents()) }
  }
  /// Where one of them is not zero.
  public static func logicalXor(_ x1: Variable, _ x2: Variable) -> Variable {
    .make { () throws(GraphError) in try Comparing.logic(.xor, x1.contents(), x2.contents()) }
  }
}
