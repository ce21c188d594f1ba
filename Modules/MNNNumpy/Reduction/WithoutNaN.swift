import MNNGraph

/// Reductions that leave NaN out.
enum WithoutNaN {
  /// The array with `value` for NaN.
  static func replaced(_ x: Tensor, by value: Double) throws(GraphError) -> Tensor {
    switch x.dtype {
    case .float64: try mapped(x, Double.self, to: Double.self) { $0.isNaN ? value : $0 }
    case .float32: try mapped(x, Float.self, to: Float.self) { $0.isNaN ? Float(value) : $0 }
    case .float16, .bfloat16:
      try mapped(x.cast(to: .float32), Float.self, to: Float.self) { $0.isNaN ? Float(value) : $0 }.cast(to: x.dtype)
    default: x
    }
  }

  static func mean(_ x: Tensor, axes: [Int]?, keepdims: Bool) throws(GraphError) -> Tensor {
    guard x.dtype.isFloatingPoint else { return try Sums.mean(x, axes: axes, keepdims: keepdims) }
    let sum = try Sums.sum(replaced(x, by: 0), axes: axes, keepdims: keepdims)
    let count = try counts(x, axes: axes, keepdims: keepdims)
    return try zipped(sum.cast(to: .float64), count, Double.self, to: Double.self) { $0 / $1 }.cast(to: x.dtype)
  }

  /// How many elements are not NaN, as float64.
  private static func counts(_ x: Tensor, axes: [Int]?, keepdims: Bool) throws(GraphError) -> Tensor {
    let isNumber = try mapped(UnaryMath.test(.isNaN, x), Bool.self, to: Bool.self) { !$0 }
    return try Sums.sum(isNumber, axes: axes, keepdims: keepdims).cast(to: .float64)
  }

  static func variance(
    _ x: Tensor, axes: [Int]?, keepdims: Bool, ddof: Double, root: Bool
  ) throws(GraphError) -> Tensor {
    guard x.dtype.isFloatingPoint else {
      return try Sums.variance(x, axes: axes, keepdims: keepdims, ddof: ddof, root: root)
    }
    let wide = try x.cast(to: .float64)
    let count = try counts(x, axes: axes, keepdims: true)
    let sum = try Sums.sum(replaced(wide, by: 0), axes: axes, keepdims: true)
    let means = try zipped(sum, count, Double.self, to: Double.self) { $0 / $1 }
    let squares = try zipped(wide, means, Double.self, to: Double.self) { $0.isNaN ? 0 : ($0 - $1) * ($0 - $1) }
    let total = try Sums.sum(squares, axes: axes, keepdims: keepdims)
    return try zipped(total, count.reshaped(total.shape), Double.self, to: Double.self) {
      let freedom = $1 - ddof
      let value = freedom <= 0 ? .nan : $0 / freedom
      return root ? value.squareRoot() : value
    }.cast(to: x.dtype)
  }
}
