public import MNNExpr
import MNNGraph

extension np {
  /// The sum of what is not NaN.
  public static func nansum(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in
      try Sums.sum(WithoutNaN.replaced(a, by: 0), axes: axis?.integers, keepdims: keepdims)
    }
  }

  /// The product of what is not NaN.
  public static func nanprod(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in
      try Sums.product(WithoutNaN.replaced(a, by: 1), axes: axis?.integers, keepdims: keepdims)
    }
  }

  /// The mean of what is not NaN.
  public static func nanmean(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try WithoutNaN.mean(a, axes: axis?.integers, keepdims: keepdims) }
  }

  /// The standard deviation of what is not NaN.
  public static func nanstd(
    _ a: Variable, axis: (any IntegerList)? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in
      try WithoutNaN.variance(a, axes: axis?.integers, keepdims: keepdims, ddof: ddof, root: true)
    }
  }

  /// The variance of what is not NaN.
  public static func nanvar(
    _ a: Variable, axis: (any IntegerList)? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in
      try WithoutNaN.variance(a, axes: axis?.integers, keepdims: keepdims, ddof: ddof, root: false)
    }
  }

  /// The greatest of what is not NaN; NaN if nothing is.
  public static func nanmax(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in
      try Extremes.extreme(a, least: false, ignoringNaN: true, axes: axis?.integers, keepdims: keepdims)
    }
  }

  /// The least of what is not NaN; NaN if nothing is.
  public static func nanmin(_ a: Variable, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in
      try Extremes.extreme(a, least: true, ignoringNaN: true, axes: axis?.integers, keepdims: keepdims)
    }
  }

  /// The position of the greatest of what is not NaN; an error if nothing is.
  public static func nanargmax(_ a: Variable, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in
      try Extremes.position(a, least: false, ignoringNaN: true, axis: axis, keepdims: keepdims)
    }
  }

  /// The position of the least of what is not NaN; an error if nothing is.
  public static func nanargmin(_ a: Variable, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in
      try Extremes.position(a, least: true, ignoringNaN: true, axis: axis, keepdims: keepdims)
    }
  }

  /// The median of what is not NaN.
  public static func nanmedian(_ a: Variable, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    a.map { a throws(GraphError) in try Quantiles.median(a, axis: axis, keepdims: keepdims, ignoringNaN: true) }
  }

  /// The quantile of what is not NaN.
  public static func nanquantile(
    _ a: Variable, _ q: Double, axis: Int? = nil, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    a.map { a throws(GraphError) in
      try Quantiles.quantile(a, q, axis: axis, keepdims: keepdims, method: method, ignoringNaN: true)
    }
  }

  /// Running sums in which NaN counts as 0.
  public static func nancumsum(_ a: Variable, axis: Int? = nil) -> Variable {
    a.map { a throws(GraphError) in try Scans.scan(.sum, a, axis: axis, ignoringNaN: true) }
  }

  /// Running products in which NaN counts as 1.
  public static func nancumprod(_ a: Variable, axis: Int? = nil) -> Variable {
    a.map { a throws(GraphError) in try Scans.scan(.product, a, axis: axis, ignoringNaN: true) }
  }
}
