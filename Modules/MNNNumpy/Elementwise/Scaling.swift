import MNNExpr
import MNNGraph

/// Taking floating-point numbers apart and putting them together.
enum Scaling {
  /// `x * 2**n`.
  static func ldexp(_ x: Tensor, _ n: Tensor) throws(GraphError) -> Tensor {
    let dtype = x.dtype.promotedToFloat
    let exponents = try n.cast(to: .int64)
    if dtype == .float64 {
      return try scaled(x.cast(to: dtype), exponents, Double.self)
    }
    return try scaled(x.cast(to: dtype).cast(to: .float32), exponents, Float.self).cast(to: dtype)
  }

  private static func scaled<T: FloatLane>(_ x: Tensor, _ n: Tensor, _: T.Type) throws(GraphError) -> Tensor {
    // Exponents beyond those of any number change nothing more; as floating point they are exact.
    let exponents = try mapped(n, Int64.self, to: T.self) { T(min(max($0, -5000), 5000)) }
    return try zipped(x, exponents, T.self, to: T.self) { T.ldexp($0, Int32($1)) }
  }

  /// The fraction, of the sign of the number, and the whole part.
  static func modf(_ x: Tensor) throws(GraphError) -> [Tensor] {
    let dtype = x.dtype.promotedToFloat
    let lanes = try x.cast(to: dtype).lanes(of: dtype)
    func parts<T: FloatLane>(_: T.Type) throws(GraphError) -> [Tensor] {
      [
        try mapped(lanes, T.self, to: T.self) {
          $0.isInfinite ? T(signOf: $0, magnitudeOf: 0) : T(signOf: $0, magnitudeOf: $0 - $0.rounded(.towardZero))
        },
        try mapped(lanes, T.self, to: T.self) { $0.rounded(.towardZero) },
      ]
    }
    let both = try lanes.dtype == .float64 ? parts(Double.self) : parts(Float.self)
    return [try both[0].cast(to: dtype), try both[1].cast(to: dtype)]
  }

  /// A fraction of magnitude 0.5 ..< 1 and the power of two, as int32, that give the number.
  static func frexp(_ x: Tensor) throws(GraphError) -> [Tensor] {
    let dtype = x.dtype.promotedToFloat
    let wide = try x.cast(to: dtype).cast(to: .float64)
    let fraction = try mapped(wide, Double.self, to: Double.self) {
      $0.isFinite && $0 != 0 ? $0.significand * ($0 < 0 ? -0.5 : 0.5) : $0
    }
    let exponent = try mapped(wide, Double.self, to: Int32.self) {
      $0.isFinite && $0 != 0 ? Int32(truncatingIfNeeded: $0.exponent) + 1 : 0
    }
    return [try fraction.cast(to: dtype), exponent]
  }

  /// Rounded to `decimals` digits behind the point, halves to even; negative ones round before it.
  static func round(_ x: Tensor, decimals: Int) throws(GraphError) -> Tensor {
    if x.dtype == .bool { return try x.cast(to: .float16) }
    if !x.dtype.isFloatingPoint, decimals >= 0 { return x }
    if x.dtype.isFloatingPoint, decimals == 0 { return try UnaryMath.apply(.rint, x) }
    var power = 1.0
    for _ in 0..<min(decimals.magnitude, 400) { power *= 10 }
    if x.dtype.isFloatingPoint, x.dtype != .float64 {
      let factor = Float(power)
      return try mapped(x.cast(to: .float32), Float.self, to: Float.self) {
        decimals > 0 ? ($0 * factor).rounded(.toNearestOrEven) / factor : ($0 / factor).rounded(.toNearestOrEven) * factor
      }.cast(to: x.dtype)
    }
    return try mapped(x.cast(to: .float64), Double.self, to: Double.self) {
      decimals > 0 ? ($0 * power).rounded(.toNearestOrEven) / power : ($0 / power).rounded(.toNearestOrEven) * power
    }.cast(to: x.dtype)
  }
}
