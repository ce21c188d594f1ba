import MNNExpr
import MNNGraph
import MNNKernels

/// Functions of two numbers whose result has the type that both promote to, or a floating-point type made of it.
enum BinaryFunction: Sendable {
  case add, subtract, multiply, maximum, minimum, fmax, fmin
  case floorDivide, remainder, fmod, power
  // Answer in floating point.
  case divide, arctan2, hypot, copysign, logaddexp, logaddexp2, nextafter, heaviside
  // Of whole numbers.
  case bitwiseAnd, bitwiseOr, bitwiseXor, leftShift, rightShift, gcd, lcm

  /// Whether whole numbers are taken to floating point, each by itself, before they meet.
  var answersInFloatingPoint: Bool {
    switch self {
    case .arctan2, .hypot, .copysign, .logaddexp, .logaddexp2, .nextafter, .heaviside: true
    default: false
    }
  }

  /// The operator, of those whose results may need more bits than the operands.
  var growing: Binary.Function? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .power: .power
    default: nil
    }
  }

  /// The type of the result for operands that promote to `dtype`.
  func resultType(_ dtype: DType) throws(GraphError) -> DType {
    switch self {
    case .add, .multiply, .maximum, .minimum, .fmax, .fmin: return dtype
    case .subtract:
      guard dtype != .bool else {
        throw GraphError(
          .dtypeUnsupported, "subtract of truth values has no meaning", expected: "numbers", found: "bool",
          advice: "use logicalXor or astype")
      }
      return dtype
    case .floorDivide, .remainder, .fmod, .power: return dtype == .bool ? .int8 : dtype
    case .divide: return dtype.isFloatingPoint ? dtype : .float64
    case .arctan2, .hypot, .copysign, .logaddexp, .logaddexp2, .nextafter, .heaviside: return dtype.promotedToFloat
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor:
      try requireWhole(dtype)
      return dtype
    case .leftShift, .rightShift:
      try requireWhole(dtype)
      return dtype == .bool ? .int8 : dtype
    case .gcd, .lcm:
      try requireWhole(dtype)
      guard dtype != .bool else {
        throw GraphError(.dtypeUnsupported, "\(self) of truth values has no meaning", expected: "integers", found: "bool")
      }
      return dtype
    }
  }

  private func requireWhole(_ dtype: DType) throws(GraphError) {
    guard !dtype.isFloatingPoint else {
      throw GraphError(.dtypeUnsupported, "\(self) is of whole numbers", expected: "integers or bool", found: "\(dtype)")
    }
  }
}

enum BinaryMath {
  /// `f` of every pair of elements, in `dtype`, to which both operands are converted.
  static func apply(_ f: BinaryFunction, _ a: Tensor, _ b: Tensor, dtype: DType) throws(GraphError) -> Tensor {
    let target = try f.resultType(dtype)
    if target == .bool { return try logic(f, a.cast(to: .bool), b.cast(to: .bool)) }
    let lane = Promotion.lane(target)
    let x = try a.cast(to: target).cast(to: lane)
    let y = try b.cast(to: target).cast(to: lane)
    let result: Tensor
    switch lane {
    case .float32: result = try floatResult(f, x, y)
    case .float64: result = try float(f, x, y, Double.self)
    case .int32: result = try integer(f, x, y, Int32.self, width: target.byteCount * 8)
    case .int64: result = try integer(f, x, y, Int64.self, width: target.byteCount * 8)
    default: result = try integer(f, x, y, UInt64.self, width: 64)
    }
    return try result.cast(to: target)
  }

  /// Truth values: sums are "or", products are "and".
  private static func logic(_ f: BinaryFunction, _ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor {
    switch f {
    case .add, .maximum, .fmax, .bitwiseOr: try zipped(a, b, UInt8.self, to: UInt8.self) { $0 | $1 }.reinterpreted(as: .bool)
    case .multiply, .minimum, .fmin, .bitwiseAnd:
      try zipped(a, b, UInt8.self, to: UInt8.self) { $0 & $1 }.reinterpreted(as: .bool)
    default: try zipped(a, b, UInt8.self, to: UInt8.self) { $0 ^ $1 }.reinterpreted(as: .bool)
    }
  }

  // MARK: Floating point

  /// The kernel for floats, where it is as exact as numpy.
  private static func kernel(_ f: BinaryFunction) -> ArrayKernels.FloatArithmetic? {
    switch f {
    case .add: ArrayKernels.FloatArithmetic(.add)
    case .subtract: ArrayKernels.FloatArithmetic(.subtract)
    case .multiply: ArrayKernels.FloatArithmetic(.multiply)
    case .divide: ArrayKernels.FloatArithmetic(.divide)
    case .maximum: ArrayKernels.FloatArithmetic(.maximum)
    case .minimum: ArrayKernels.FloatArithmetic(.minimum)
    default: nil
    }
  }

  private static func floatResult(_ f: BinaryFunction, _ a: Tensor, _ b: Tensor) throws(GraphError) -> Tensor {
    guard let kernel = kernel(f) else { return try float(f, a, b, Float.self) }
    if a.shape == b.shape {
      // Without lists to allocate, which would take longer than a small array.
      return try makeTensor(a.shape, of: Float.self) { z in
        a.read(Float.self) { x in
          b.read(Float.self) { y in ArrayKernels.binary(kernel, count: a.count, x, step: 1, y, step: 1, z) }
        }
      }
    }
    let plan = try BroadcastPlan(a.shape, b.shape)
    return try makeTensor(plan.shape, of: Float.self) { z in
      a.read(Float.self) { x in
        b.read(Float.self) { y in
          if plan.sizes.count > 1, plan.sizes.count <= ArrayKernels.maximumRank {
            ArrayKernels.binary(kernel, sizes: plan.sizes, x, plan.leftStrides, y, plan.rightStrides, z)
          } else {
            let run = plan.run
            plan.forEachRun { left, right, target in
              ArrayKernels.binary(
                kernel, count: run.count, x + left, step: run.left, y + right, step: run.right, z + target)
            }
          }
        }
      }
    }
  }

  private static func float<T: FloatLane>(
    _ f: BinaryFunction, _ a: Tensor, _ b: Tensor, _: T.Type
  ) throws(GraphError) -> Tensor {
    switch f {
    case .add: try zipped(a, b, T.self, to: T.self) { $0 + $1 }
    case .subtract: try zipped(a, b, T.self, to: T.self) { $0 - $1 }
    case .multiply: try zipped(a, b, T.self, to: T.self) { $0 * $1 }
    case .divide: try zipped(a, b, T.self, to: T.self) { $0 / $1 }
    case .maximum: try zipped(a, b, T.self, to: T.self) { $0 >= $1 || $0 != $0 ? $0 : $1 }
    case .minimum: try zipped(a, b, T.self, to: T.self) { $0 <= $1 || $0 != $0 ? $0 : $1 }
    case .fmax: try zipped(a, b, T.self, to: T.self) { $0 >= $1 || $1 != $1 ? $0 : $1 }
    case .fmin: try zipped(a, b, T.self, to: T.self) { $0 <= $1 || $1 != $1 ? $0 : $1 }
    case .floorDivide: try zipped(a, b, T.self, to: T.self) { floorDivided($0, $1).quotient }
    case .remainder: try zipped(a, b, T.self, to: T.self) { floorDivided($0, $1).remainder }
    case .fmod: try zipped(a, b, T.self, to: T.self) { T.fmod($0, $1) }
    case .power: try power(a, b, T.self)
    case .arctan2: try zipped(a, b, T.self, to: T.self) { T.atan2($0, $1) }
    case .hypot: try zipped(a, b, T.self, to: T.self) { T.hypot($0, $1) }
    case .copysign: try zipped(a, b, T.self, to: T.self) { T(signOf: $1, magnitudeOf: $0) }
    case .logaddexp:
      try zipped(a, b, T.self, to: T.self) {
        $0 == $1 ? $0 + T.log(2) : $0 > $1 ? $0 + T.log1p(T.exp($1 - $0)) : $0 < $1 ? $1 + T.log1p(T.exp($0 - $1)) : $0 - $1
      }
    case .logaddexp2:
      try zipped(a, b, T.self, to: T.self) {
        let scale = T(1.4426950408889634)
        return $0 == $1
          ? $0 + 1
          : $0 > $1
            ? $0 + scale * T.log1p(T.exp2($1 - $0))
            : $0 < $1 ? $1 + scale * T.log1p(T.exp2($0 - $1)) : $0 - $1
      }
    case .nextafter: try zipped(a, b, T.self, to: T.self) { T.nextafter($0, $1) }
    case .heaviside: try zipped(a, b, T.self, to: T.self) { $0 != $0 ? $0 : $0 == 0 ? $1 : $0 < 0 ? 0 : 1 }
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor, .leftShift, .rightShift, .gcd, .lcm:
      throw GraphError(.dtypeUnsupported, "\(f) is of whole numbers", expected: "integers or bool", found: "\(a.dtype)")
    }
  }

  /// Powers; a single exponent that a multiplication or a root does faster is done so, with the same result.
  private static func power<T: FloatLane>(_ a: Tensor, _ b: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    if b.rank == 0 {
      switch b.read(T.self, { $0[0] }) {
      case 2: return try mapped(a, T.self, to: T.self) { $0 * $0 }
      case 1: return a
      case 0.5: return try mapped(a, T.self, to: T.self) { $0 == -.infinity ? .infinity : ($0 + 0).squareRoot() }
      case -1: return try mapped(a, T.self, to: T.self) { 1 / $0 }
      default: break
      }
    }
    return try zipped(a, b, T.self, to: T.self) { T.pow($0, $1) }
  }

  /// Quotient rounded down and the remainder, of the divisor's sign (Python's `divmod`).
  @inline(__always)
  private static func floorDivided<T: FloatLane>(_ a: T, _ b: T) -> (quotient: T, remainder: T) {
    var remainder = T.fmod(a, b)
    if b == 0 { return (a / b, remainder) }
    var quotient = (a - remainder) / b
    if remainder != 0 {
      if (b < 0) != (remainder < 0) {
        remainder += b
        quotient -= 1
      }
    } else {
      remainder = T(signOf: b, magnitudeOf: 0)
    }
    if quotient != 0 {
      let floor = quotient.rounded(.down)
      return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
    }
    return (T(signOf: a / b, magnitudeOf: 0), remainder)
  }

  // MARK: Whole numbers

  private static func integer<T: IntegerLane>(
    _ f: BinaryFunction, _ a: Tensor, _ b: Tensor, _: T.Type, width: Int
  ) throws(GraphError) -> Tensor {
    switch f {
    case .add: return try zipped(a, b, T.self, to: T.self) { $0 &+ $1 }
    case .subtract: return try zipped(a, b, T.self, to: T.self) { $0 &- $1 }
    case .multiply: return try zipped(a, b, T.self, to: T.self) { $0 &* $1 }
    case .maximum, .fmax: return try zipped(a, b, T.self, to: T.self) { max($0, $1) }
    case .minimum, .fmin: return try zipped(a, b, T.self, to: T.self) { min($0, $1) }
    case .floorDivide:
      return try zipped(a, b, T.self, to: T.self) {
        if $1 == 0 { return 0 }
        let (q, r) = quotient($0, $1)
        return r != 0 && (r < 0) != ($1 < 0) ? q &- 1 : q
      }
    case .remainder:
      return try zipped(a, b, T.self, to: T.self) {
        if $1 == 0 { return 0 }
        let r = quotient($0, $1).remainder
        return r != 0 && (r < 0) != ($1 < 0) ? r &+ $1 : r
      }
    case .fmod: return try zipped(a, b, T.self, to: T.self) { $1 == 0 ? 0 : quotient($0, $1).remainder }
    case .power:
      let hasNegative = T.isSigned && b.read(T.self) { y in (0..<b.count).contains { y[$0] < 0 } }
      guard !hasNegative else {
        throw GraphError(
          .attributeInvalid, "integers to negative integer powers are not allowed", advice: "use floatPower or astype")
      }
      return try zipped(a, b, T.self, to: T.self) { integerPower($0, $1) }
    case .bitwiseAnd: return try zipped(a, b, T.self, to: T.self) { $0 & $1 }
    case .bitwiseOr: return try zipped(a, b, T.self, to: T.self) { $0 | $1 }
    case .bitwiseXor: return try zipped(a, b, T.self, to: T.self) { $0 ^ $1 }
    case .leftShift:
      return try zipped(a, b, T.self, to: T.self) { $1 < 0 || $1 >= T(truncatingIfNeeded: width) ? 0 : $0 &<< $1 }
    case .rightShift:
      return try zipped(a, b, T.self, to: T.self) {
        $1 < 0 || $1 >= T(truncatingIfNeeded: width) ? ($0 < 0 ? 0 &- 1 : 0) : $0 &>> $1
      }
    case .gcd: return try zipped(a, b, T.self, to: T.self) { T(truncatingIfNeeded: commonDivisor($0.magnitude, $1.magnitude)) }
    case .lcm:
      return try zipped(a, b, T.self, to: T.self) {
        let divisor = commonDivisor($0.magnitude, $1.magnitude)
        return divisor == 0 ? 0 : T(truncatingIfNeeded: $0.magnitude / divisor &* $1.magnitude)
      }
    case .divide, .arctan2, .hypot, .copysign, .logaddexp, .logaddexp2, .nextafter, .heaviside:
      throw GraphError(.dtypeUnsupported, "\(f) is of floating-point numbers", found: "\(a.dtype)")
    }
  }

  /// Division toward zero that wraps where the quotient does not fit.
  @inline(__always)
  private static func quotient<T: IntegerLane>(_ a: T, _ b: T) -> (quotient: T, remainder: T) {
    if T.isSigned, b == 0 &- 1 { return (0 &- a, 0) }
    return (a / b, a % b)
  }

  private static func integerPower<T: IntegerLane>(_ base: T, _ exponent: T) -> T {
    var (result, base, rest) = (T.one, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result &* base }
      base = base &* base
      rest >>= 1
    }
    return result
  }

  private static func commonDivisor<M: BinaryInteger>(_ a: M, _ b: M) -> M {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
