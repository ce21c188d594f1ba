public import MNNExpr
import MNNGraph

/// Which norm ``np/linalg/norm(_:_:axis:keepdims:)`` takes.
public enum NormOrder: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  /// The root of the sum of squares.
  case frobenius
  /// The sum of singular values.
  case nuclear
  /// `sum(|x|**p)**(1/p)` of vectors; of matrices 1 and -1 (columns), 2 and -2 (singular values), and infinities (rows).
  case order(Double)

  public static var infinity: NormOrder { .order(.infinity) }
  public init(integerLiteral value: Int) { self = .order(Double(value)) }
  public init(floatLiteral value: Double) { self = .order(value) }
}

extension np.linalg {
  /// The norm of vectors along an axis, or of matrices on two axes; without axes of the whole array, flattened if `ord` is nil.
  public static func norm(
    _ x: Variable, _ ord: NormOrder? = nil, axis: (any IntegerList)? = nil, keepdims: Bool = false
  ) -> Variable {
    x.map { x throws(GraphError) in
      let values = try x.dtype.isFloatingPoint ? x : x.cast(to: .float64)
      guard let axes = axis?.integers else {
        guard let ord else {
          let norm = try Norms.vector(values.reshaped([values.count]), 2, axis: 0, keepdims: false)
          return keepdims ? try norm.reshaped([Int](repeating: 1, count: values.rank)) : norm
        }
        return try Norms.norm(values, ord, axes: Array(0..<values.rank), keepdims: keepdims)
      }
      return try Norms.norm(values, ord, axes: axes, keepdims: keepdims)
    }
  }
}

enum Norms {
  static func norm(_ x: Tensor, _ ord: NormOrder?, axes: [Int], keepdims: Bool) throws(GraphError) -> Tensor {
    switch axes.count {
    case 1:
      guard case .order(let p)? = ord ?? .order(2) else {
        throw GraphError(.attributeInvalid, "invalid norm order for vectors", expected: "a number")
      }
      return try vector(x, p, axis: axes[0], keepdims: keepdims)
    case 2: return try matrix(x, ord ?? .frobenius, axes: axes, keepdims: keepdims)
    default:
      throw GraphError(.rankMismatch, "improper number of dimensions to norm", expected: "1 or 2", found: "\(axes.count)")
    }
  }

  static func vector(_ x: Tensor, _ p: Double, axis: Int, keepdims: Bool) throws(GraphError) -> Tensor {
    let axes = [axis]
    let magnitudes = try UnaryMath.apply(.absolute, x)
    switch p {
    case .infinity: return try Extremes.extreme(magnitudes, least: false, axes: axes, keepdims: keepdims)
    case -.infinity: return try Extremes.extreme(magnitudes, least: true, axes: axes, keepdims: keepdims)
    case 0:
      return try Sums.sum(magnitudes.cast(to: .bool), axes: axes, keepdims: keepdims).cast(to: x.dtype)
    case 1: return try Sums.sum(magnitudes, axes: axes, keepdims: keepdims)
    default:
      let wide = try magnitudes.cast(to: .float64)
      let powers = try mapped(wide, Double.self, to: Double.self) { p == 2 ? $0 * $0 : .pow($0, p) }
      let sum = try Sums.sum(powers, axes: axes, keepdims: keepdims)
      return try mapped(sum, Double.self, to: Double.self) { p == 2 ? $0.squareRoot() : .pow($0, 1 / p) }.cast(to: x.dtype)
    }
  }

  private static func matrix(_ x: Tensor, _ ord: NormOrder, axes: [Int], keepdims: Bool) throws(GraphError) -> Tensor {
    let (row, column) = (try normalizedAxis(axes[0], rank: x.rank), try normalizedAxis(axes[1], rank: x.rank))
    guard row != column else { throw GraphError(.attributeInvalid, "duplicate axes given", found: "\(axes)") }
    func reduced(sumOver first: Int, then second: Int, least: Bool) throws(GraphError) -> Tensor {
      let sums = try Sums.sum(UnaryMath.apply(.absolute, x), axes: [first], keepdims: true)
      return try Extremes.extreme(sums, least: least, axes: [second], keepdims: true)
    }
    var result: Tensor
    switch ord {
    case .frobenius:
      let squares = try UnaryMath.apply(.square, x.cast(to: .float64))
      result = try UnaryMath.apply(.sqrt, Sums.sum(squares, axes: [row, column], keepdims: true)).cast(to: x.dtype)
    case .order(1): result = try reduced(sumOver: row, then: column, least: false)
    case .order(-1): result = try reduced(sumOver: row, then: column, least: true)
    case .order(.infinity): result = try reduced(sumOver: column, then: row, least: false)
    case .order(-.infinity): result = try reduced(sumOver: column, then: row, least: true)
    case .nuclear, .order(2), .order(-2):
      let moved = try Rearranging.moveAxes(x, from: [row, column], to: [-2, -1])
      let s = try np.linalg.svdvals(Variable(moved)).contents()
      switch ord {
      case .nuclear: result = try Sums.sum(s, axes: [-1], keepdims: false)
      case .order(2): result = try Extremes.extreme(s, least: false, axes: [-1], keepdims: false)
      default: result = try Extremes.extreme(s, least: true, axes: [-1], keepdims: false)
      }
    case .order(let p):
      throw GraphError(
        .attributeInvalid, "invalid norm order for matrices", expected: "1, -1, 2, -2 or an infinity", found: "\(p)")
    }
    let shape = x.shape.indices.compactMap { axis in
      axis == row || axis == column ? (keepdims ? 1 : nil) : x.shape[axis]
    }
    return try result.reshaped(shape)
  }
}
