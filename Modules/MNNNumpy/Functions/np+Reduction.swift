public import MNNExpr
public import MNNGraph
import MNNKernels

extension np {
  /// The sum along `axis` (all axes if nil). Integers are added in 64 bits; of no elements 0.
  public static func sum(
    _ a: Variable, axis: (any IntegerList)? = nil, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in try Sums.sum(a, axes: axis?.integers, keepdims: keepdims, dtype: dtype) }
  }

  /// The product along `axis`; of no elements 1.
  public static func prod(
    _ a: Variable, axis: (any IntegerList)? = nil, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in try Sums.product(a, axes: axis?.integers, keepdims: keepdims, dtype: dtype) }
  }

  /// The mean along `axis`; of integers as float64, of no elements NaN.
  public static func mean(
    _ a: Variable, axis: (any IntegerList)? = nil, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in try Sums.mean(a, axes: axis?.integers, keepdims: keepdims, dtype: dtype) }
  }

  /// The standard deviation: the root of ``var(_:axis:dtype:ddof:keepdims:)``.
  public static func std(
    _ a: Variable, axis: (any IntegerList)? = nil, dtype: DType? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in
      try Sums.variance(a, axes: axis?.integers, keepdims: keepdims, ddof: ddof, root: true, dtype: dtype)
    }
  }

  /// The mean squared distance from the mean; the divisor is the number of elements less `ddof`.
  public static func `var`(
    _ a: Variable, axis: (any IntegerList)? = nil, dtype: DType? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in
      try Sums.variance(a, axes: axis?.integers, keepdims: keepdims, ddof: ddof, root: false, dtype: dtype)
    }
  }

  /// The greatest element along `axis`; NaN if any is. Of no elements an error.
  public static func max(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Extremes.extreme(a, least: false, axes: axis?.integers, keepdims: keepdims) }
  }

  /// The least element along `axis`; NaN if any is. Of no elements an error.
  public static func min(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Extremes.extreme(a, least: true, axes: axis?.integers, keepdims: keepdims) }
  }

  /// As ``max(_:axis:keepdims:)``.
  public static func amax(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    max(a, axis: axis, keepdims: keepdims)
  }

  /// As ``min(_:axis:keepdims:)``.
  public static func amin(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    min(a, axis: axis, keepdims: keepdims)
  }

  /// The greatest less the least element along `axis`.
  public static func ptp(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    subtract(max(a, axis: axis, keepdims: keepdims), min(a, axis: axis, keepdims: keepdims))
  }

  /// Whether all elements along `axis` are not zero; of no elements true.
  public static func all(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Extremes.all(a, axes: axis?.integers, keepdims: keepdims) }
  }

  /// Whether any element along `axis` is not zero; of no elements false.
  public static func any(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Extremes.any(a, axes: axis?.integers, keepdims: keepdims) }
  }

  /// The position of the greatest element along `axis` (in the flattened array if nil), the first of equals, as int64.
  public static func argmax(_ a: Variable, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Extremes.position(a, least: false, axis: axis, keepdims: keepdims) }
  }

  /// The position of the least element along `axis` (in the flattened array if nil), the first of equals, as int64.
  public static func argmin(_ a: Variable, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Extremes.position(a, least: true, axis: axis, keepdims: keepdims) }
  }

  /// The number of elements along `axis` that are not zero, as int64.
  public static func countNonzero(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Sums.sum(a.cast(to: .bool), axes: axis?.integers, keepdims: keepdims) }
  }

  /// The mean with `weights`, of the shape of `a` or of the length of `axis`.
  public static func average(
    _ a: Variable, axis: Int? = nil, weights: Variable? = nil, keepdims: Bool = false
  ) -> Variable {
    averageAndWeight(a, axis: axis, weights: weights, keepdims: keepdims).average
  }

  /// ``average(_:axis:weights:keepdims:)`` and the sums of the weights.
  public static func averageAndWeight(
    _ a: Variable, axis: Int? = nil, weights: Variable? = nil, keepdims: Bool = false
  ) -> (average: Variable, weight: Variable) {
    let parts = Variable.make(count: 2) { () throws(GraphError) in
      let x = try a.contents()
      let axes = axis.map { [$0] }
      guard let weights else {
        let mean = try Sums.mean(x, axes: axes, keepdims: keepdims)
        let count = mean.count == 0 ? 0 : Double(x.count) / Double(mean.count)
        return [mean, try mapped(mean.cast(to: .float64), Double.self, to: Double.self) { _ in count }.cast(to: mean.dtype)]
      }
      return try Weighted.average(x, weights.contents(), axis: axis, keepdims: keepdims)
    }
    return (parts[0], parts[1])
  }

  /// Running sums along `axis` (of the flattened array if nil).
  public static func cumsum(_ a: Variable, axis: Int? = nil, dtype: DType? = nil) -> Variable {
    a.map { a throws(GraphError) in try Scans.scan(.sum, a, axis: axis, dtype: dtype) }
  }

  /// Running products along `axis` (of the flattened array if nil).
  public static func cumprod(_ a: Variable, axis: Int? = nil, dtype: DType? = nil) -> Variable {
    a.map { a throws(GraphError) in try Scans.scan(.product, a, axis: axis, dtype: dtype) }
  }

  /// The element in the middle of the order, or the mean of the two there; NaN if any element is.
  public static func median(_ a: Variable, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Quantiles.median(a, axis: axis, keepdims: keepdims) }
  }

  /// The element below which a share `q` (0 ... 1) of the elements lies.
  public static func quantile(
    _ a: Variable, _ q: Double, axis: Int? = nil, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in try Quantiles.quantile(a, q, axis: axis, keepdims: keepdims, method: method) }
  }

  /// As ``quantile(_:_:axis:method:keepdims:)`` with a share in percent.
  public static func percentile(
    _ a: Variable, _ q: Double, axis: Int? = nil, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    quantile(a, q / 100, axis: axis, method: method, keepdims: keepdims)
  }

  /// Differences of neighbors along `axis`, taken `n` times.
  public static func diff(_ a: Variable, n: Int = 1, axis: Int = -1) -> Variable {
    a.map { a throws(GraphError) in
      guard n >= 0 else { throw GraphError(.attributeInvalid, "order of diff must be non-negative", found: "\(n)") }
      guard a.rank > 0 else { throw GraphError(.rankMismatch, "diff requires an array of at least one dimension") }
      let axis = try normalizedAxis(axis, rank: a.rank)
      var result = a
      for _ in 0..<Swift.min(n, a.shape[axis] + 1) {
        let next = try Joining.slice(result, axis: axis, from: 1, to: nil)
        let last = try Joining.slice(result, axis: axis, from: 0, to: Swift.max(result.shape[axis] - 1, 0))
        if a.dtype == .bool {
          result = try Comparing.compare(.notEqual, next, last, dtype: .bool)
        } else {
          result = try BinaryMath.apply(.subtract, next, last, dtype: a.dtype)
        }
      }
      return result
    }
  }
}
