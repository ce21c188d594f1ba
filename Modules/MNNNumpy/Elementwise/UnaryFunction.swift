import MNNExpr
import MNNGraph
import MNNKernels

/// Functions of one number.
enum UnaryFunction: Sendable {
  // Answer in floating point.
  case sin, cos, tan, arcsin, arccos, arctan, sinh, cosh, tanh, arcsinh, arccosh, arctanh
  case exp, exp2, expm1, log, log2, log10, log1p, sqrt, cbrt, rint, fabs, degrees, radians
  // Keep whole numbers whole.
  case sign, absolute, negative, positive, square, reciprocal, floor, ceil, trunc
  case invert

  /// Whether whole numbers are taken to floating point first.
  var answersInFloatingPoint: Bool {
    switch self {
    case .sign, .absolute, .negative, .positive, .square, .reciprocal, .floor, .ceil, .trunc, .invert: false
    default: true
    }
  }
}

enum UnaryMath {
  /// `f` of every element.
  static func apply(_ f: UnaryFunction, _ x: Tensor) throws(GraphError) -> Tensor {
    if x.dtype == .bool { return try applyToBools(f, x) }
    let dtype = f.answersInFloatingPoint ? x.dtype.promotedToFloat : x.dtype
    let lanes = try x.cast(to: dtype).lanes(of: dtype)
    let result: Tensor
    switch lanes.dtype {
    case .float32: result = try floatResult(f, lanes)
    case .float64: result = try float(f, lanes, Double.self)
    case .int32: result = try integer(f, lanes, Int32.self)
    case .int64: result = try integer(f, lanes, Int64.self)
    default: result = try integer(f, lanes, UInt64.self)
    }
    return try result.cast(to: dtype)
  }

  private static func applyToBools(_ f: UnaryFunction, _ x: Tensor) throws(GraphError) -> Tensor {
    switch f {
    case .absolute, .floor, .ceil, .trunc: return x
    case .invert: return try mapped(x, UInt8.self, to: UInt8.self) { 1 - $0 }.reinterpreted(as: .bool)
    case .square: return try apply(f, x.cast(to: .int8))
    case .reciprocal: return try apply(f, x.cast(to: .int8))
    case .sign, .negative, .positive:
      throw GraphError(
        .dtypeUnsupported, "\(f) of truth values has no meaning", expected: "numbers", found: "bool",
        advice: "use logicalNot, or astype")
    default: return try apply(f, x.cast(to: .float16))
    }
  }

  /// `sin(pi x) / (pi x)`, every step in the type of the array; 1 at 0.
  static func sinc(_ x: Tensor) throws(GraphError) -> Tensor {
    let dtype = x.dtype.isFloatingPoint ? x.dtype : .float64
    let angles = try BinaryMath.apply(.multiply, x, Tensor(Double.pi), dtype: dtype)
    let quotient = try BinaryMath.apply(.divide, apply(.sin, angles), angles, dtype: dtype)
    return try Selecting.select(test(.isZero, x), Tensor(1.0).cast(to: dtype), quotient)
  }

  private static func floatResult(_ f: UnaryFunction, _ x: Tensor) throws(GraphError) -> Tensor {
    if let kernel = kernel(f) {
      return try makeTensor(x.shape, of: Float.self) { target in
        x.read(Float.self) { ArrayKernels.unary(kernel, count: x.count, $0, target) }
      }
    }
    return try float(f, x, Float.self)
  }

  /// The kernel for floats, where it is as exact as numpy.
  private static func kernel(_ f: UnaryFunction) -> ArrayKernels.FloatFunction? {
    switch f {
    case .exp: ArrayKernels.FloatFunction(.exp)
    case .expm1: ArrayKernels.FloatFunction(.expm1)
    case .log: ArrayKernels.FloatFunction(.log)
    case .log1p: ArrayKernels.FloatFunction(.log1p)
    case .sqrt: ArrayKernels.FloatFunction(.sqrt)
    case .tanh: ArrayKernels.FloatFunction(.tanh)
    case .floor: ArrayKernels.FloatFunction(.floor)
    case .ceil: ArrayKernels.FloatFunction(.ceil)
    case .rint: ArrayKernels.FloatFunction(.round)
    case .trunc: ArrayKernels.FloatFunction(.truncate)
    default: nil
    }
  }

  private static func float<T: FloatLane>(_ f: UnaryFunction, _ x: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    switch f {
    case .sin: try mapped(x, T.self, to: T.self) { T.sin($0) }
    case .cos: try mapped(x, T.self, to: T.self) { T.cos($0) }
    case .tan: try mapped(x, T.self, to: T.self) { T.tan($0) }
    case .arcsin: try mapped(x, T.self, to: T.self) { T.asin($0) }
    case .arccos: try mapped(x, T.self, to: T.self) { T.acos($0) }
    case .arctan: try mapped(x, T.self, to: T.self) { T.atan($0) }
    case .sinh: try mapped(x, T.self, to: T.self) { T.sinh($0) }
    case .cosh: try mapped(x, T.self, to: T.self) { T.cosh($0) }
    case .tanh: try mapped(x, T.self, to: T.self) { T.tanh($0) }
    case .arcsinh: try mapped(x, T.self, to: T.self) { T.asinh($0) }
    case .arccosh: try mapped(x, T.self, to: T.self) { T.acosh($0) }
    case .arctanh: try mapped(x, T.self, to: T.self) { T.atanh($0) }
    case .exp: try mapped(x, T.self, to: T.self) { T.exp($0) }
    case .exp2: try mapped(x, T.self, to: T.self) { T.exp2($0) }
    case .expm1: try mapped(x, T.self, to: T.self) { T.expm1($0) }
    case .log: try mapped(x, T.self, to: T.self) { T.log($0) }
    case .log2: try mapped(x, T.self, to: T.self) { T.log2($0) }
    case .log10: try mapped(x, T.self, to: T.self) { T.log10($0) }
    case .log1p: try mapped(x, T.self, to: T.self) { T.log1p($0) }
    case .sqrt: try mapped(x, T.self, to: T.self) { $0.squareRoot() }
    case .cbrt: try mapped(x, T.self, to: T.self) { T.cbrt($0) }
    case .rint: try mapped(x, T.self, to: T.self) { $0.rounded(.toNearestOrEven) }
    case .fabs, .absolute: try mapped(x, T.self, to: T.self) { $0.magnitude }
    case .degrees: try mapped(x, T.self, to: T.self) { $0 * (180 / T.pi) }
    case .radians: try mapped(x, T.self, to: T.self) { $0 * (T.pi / 180) }
    case .sign: try mapped(x, T.self, to: T.self) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 == 0 ? 0 : $0 }
    case .negative: try mapped(x, T.self, to: T.self) { -$0 }
    case .positive: x
    case .square: try mapped(x, T.self, to: T.self) { $0 * $0 }
    case .reciprocal: try mapped(x, T.self, to: T.self) { 1 / $0 }
    case .floor: try mapped(x, T.self, to: T.self) { $0.rounded(.down) }
    case .ceil: try mapped(x, T.self, to: T.self) { $0.rounded(.up) }
    case .trunc: try mapped(x, T.self, to: T.self) { $0.rounded(.towardZero) }
    case .invert: throw GraphError(.dtypeUnsupported, "invert is of bits", expected: "integers or bool", found: "\(x.dtype)")
    }
  }

  private static func integer<T: IntegerLane>(_ f: UnaryFunction, _ x: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    switch f {
    case .sign: try mapped(x, T.self, to: T.self) { $0.signum() }
    case .absolute: try mapped(x, T.self, to: T.self) { $0 < 0 ? 0 &- $0 : $0 }
    case .negative: try mapped(x, T.self, to: T.self) { 0 &- $0 }
    case .square: try mapped(x, T.self, to: T.self) { $0 &* $0 }
    case .reciprocal:
      try mapped(x, T.self, to: T.self) { $0 == 0 ? T.isSigned ? T.min : 0 : $0 == 1 || T.isSigned && $0 == 0 &- 1 ? $0 : 0 }
    case .invert: try mapped(x, T.self, to: T.self) { ~$0 }
    default: x
    }
  }

  // MARK: Tests of numbers

  /// Where `test` holds.
  enum Test: Sendable { case isNaN, isInfinite, isFinite, isNegative, isPositiveInfinite, isNegativeInfinite, isZero }

  static func test(_ test: Test, _ x: Tensor) throws(GraphError) -> Tensor {
    let lanes = try x.dtype == .bool ? x.cast(to: .int32) : x.lanes(of: x.dtype)
    switch lanes.dtype {
    case .float32: return try floatTest(test, lanes, Float.self)
    case .float64: return try floatTest(test, lanes, Double.self)
    case .int32: return try integerTest(test, lanes, Int32.self)
    case .int64: return try integerTest(test, lanes, Int64.self)
    default: return try integerTest(test, lanes, UInt64.self)
    }
  }

  private static func floatTest<T: FloatLane>(_ test: Test, _ x: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    switch test {
    case .isNaN: try mapped(x, T.self, to: Bool.self) { $0 != $0 }
    case .isInfinite: try mapped(x, T.self, to: Bool.self) { $0.magnitude == .infinity }
    case .isFinite: try mapped(x, T.self, to: Bool.self) { $0.magnitude < .infinity }
    case .isNegative: try mapped(x, T.self, to: Bool.self) { $0.sign == .minus }
    case .isPositiveInfinite: try mapped(x, T.self, to: Bool.self) { $0 == .infinity }
    case .isNegativeInfinite: try mapped(x, T.self, to: Bool.self) { $0 == -.infinity }
    case .isZero: try mapped(x, T.self, to: Bool.self) { $0 == 0 }
    }
  }

  private static func integerTest<T: IntegerLane>(_ test: Test, _ x: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    switch test {
    case .isNaN, .isInfinite, .isPositiveInfinite, .isNegativeInfinite: try mapped(x, T.self, to: Bool.self) { _ in false }
    case .isFinite: try mapped(x, T.self, to: Bool.self) { _ in true }
    case .isNegative: try mapped(x, T.self, to: Bool.self) { $0 < 0 }
    case .isZero: try mapped(x, T.self, to: Bool.self) { $0 == 0 }
    }
  }
}
