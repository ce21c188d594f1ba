public import MNNExpr
import MNNGraph
import MNNKernels

extension np {
  /// Rounded to `decimals` digits behind the point, halves to the even digit; negative ones round before the point.
  public static func round(_ a: Variable, decimals: Int = 0) -> Variable {
    a.map { a throws(GraphError) in try Scaling.round(a, decimals: decimals) }
  }

  /// As ``round(_:decimals:)``.
  public static func around(_ a: Variable, decimals: Int = 0) -> Variable { round(a, decimals: decimals) }

  /// The fractions and the whole parts, both of the sign of `x`.
  public static func modf(_ x: Variable) -> (Variable, Variable) {
    let parts = Variable.make(count: 2) { () throws(GraphError) in try Scaling.modf(x.contents()) }
    return (parts[0], parts[1])
  }

  /// Fractions of magnitude 0.5 ..< 1 and powers of two, as int32, that give `x`.
  public static func frexp(_ x: Variable) -> (Variable, Variable) {
    let parts = Variable.make(count: 2) { () throws(GraphError) in try Scaling.frexp(x.contents()) }
    return (parts[0], parts[1])
  }

  /// Values below `aMin` and above `aMax` are replaced by them; nil for no bound.
  public static func clip(_ a: Variable, _ aMin: Variable?, _ aMax: Variable?) -> Variable {
    if let clamped = clamped(a, aMin, aMax) { return clamped }
    var result = a
    if let aMin, !isBeyond(aMin, a, low: true) { result = maximum(result, aMin) }
    if let aMax, !isBeyond(aMax, a, low: false) { result = minimum(result, aMax) }
    return result
  }

  /// As ``clip(_:_:_:)-(Variable,Variable?,Variable?)`` without an upper bound.
  @_disfavoredOverload
  public static func clip(_ a: some ArrayConvertible, _ aMin: some ArrayConvertible, _ aMax: Variable?) -> Variable {
    clip(a.asVariable, aMin.asVariable, aMax)
  }

  /// As ``clip(_:_:_:)-(Variable,Variable?,Variable?)`` without a lower bound.
  @_disfavoredOverload
  public static func clip(_ a: some ArrayConvertible, _ aMin: Variable?, _ aMax: some ArrayConvertible) -> Variable {
    clip(a.asVariable, aMin, aMax.asVariable)
  }

  /// Float32 numbers between two numbers, in one pass over memory; nil for anything else.
  private static func clamped(_ a: Variable, _ aMin: Variable?, _ aMax: Variable?) -> Variable? {
    guard let aMin, let aMax, let x = try? a.contents(), x.dtype == .float32, let low = number(aMin), let high = number(aMax),
      !low.isNaN, !high.isNaN
    else { return nil }
    return .make { () throws(GraphError) in
      try makeTensor(x.shape, of: Float.self) { target in
        x.read(Float.self) { ArrayKernels.clamp(low, high, count: x.count, $0, target) }
      }
    }
  }

  /// A number that is written in the source or is float32 itself.
  private static func number(_ x: Variable) -> Float? {
    guard x.isLiteral || (try? x.dtype) == .float32, (try? x.rank) == 0 else { return nil }
    return try? x.item(as: Float.self)
  }

  /// Whether a bound that is written in the source lies outside of what the array's type holds, so that it bounds nothing.
  private static func isBeyond(_ bound: Variable, _ a: Variable, low: Bool) -> Bool {
    guard bound.isLiteral, let dtype = try? a.dtype, dtype.isInteger, let type = try? bound.dtype, type.isInteger,
      let value = try? bound.item(as: Int64.self)
    else { return false }
    return low ? value < range(dtype).low : value > range(dtype).high
  }

  /// NaN replaced by `nan`, infinities by the greatest numbers of the type or by what is given.
  public static func nanToNum(_ x: Variable, nan: Double = 0, posinf: Double? = nil, neginf: Double? = nil) -> Variable {
    x.map { x throws(GraphError) in
      guard x.dtype.isFloatingPoint else { return x }
      let greatest: Double =
        switch x.dtype {
        case .float64: .greatestFiniteMagnitude
        case .float16: 65504
        default: Double(Float.greatestFiniteMagnitude)
        }
      return try mapped(x.cast(to: .float64), Double.self, to: Double.self) {
        $0.isNaN ? nan : $0 == .infinity ? posinf ?? greatest : $0 == -.infinity ? neginf ?? -greatest : $0
      }.cast(to: x.dtype)
    }
  }
}
