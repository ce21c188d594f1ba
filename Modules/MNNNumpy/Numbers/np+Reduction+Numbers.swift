// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr
public import MNNGraph

extension np {
  /// As ``sum(_:axis:dtype:keepdims:)``.
  @_disfavoredOverload
  public static func sum(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    sum(a.asVariable, axis: axis, dtype: dtype, keepdims: keepdims)
  }

  /// As ``sum(_:axis:dtype:keepdims:)``.
  public static func sum(
    _ a: some ArrayConvertible, _ axis: (any IntegerList)?, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    sum(a.asVariable, axis: axis, dtype: dtype, keepdims: keepdims)
  }

  /// As ``prod(_:axis:dtype:keepdims:)``.
  @_disfavoredOverload
  public static func prod(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    prod(a.asVariable, axis: axis, dtype: dtype, keepdims: keepdims)
  }

  /// As ``prod(_:axis:dtype:keepdims:)``.
  public static func prod(
    _ a: some ArrayConvertible, _ axis: (any IntegerList)?, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    prod(a.asVariable, axis: axis, dtype: dtype, keepdims: keepdims)
  }

  /// As ``mean(_:axis:dtype:keepdims:)``.
  @_disfavoredOverload
  public static func mean(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    mean(a.asVariable, axis: axis, dtype: dtype, keepdims: keepdims)
  }

  /// As ``mean(_:axis:dtype:keepdims:)``.
  public static func mean(
    _ a: some ArrayConvertible, _ axis: (any IntegerList)?, dtype: DType? = nil, keepdims: Bool = false
  ) -> Variable {
    mean(a.asVariable, axis: axis, dtype: dtype, keepdims: keepdims)
  }

  /// As ``std(_:axis:dtype:ddof:keepdims:)``.
  @_disfavoredOverload
  public static func std(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, dtype: DType? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    std(a.asVariable, axis: axis, dtype: dtype, ddof: ddof, keepdims: keepdims)
  }

  /// As ``std(_:axis:dtype:ddof:keepdims:)``.
  public static func std(
    _ a: some ArrayConvertible, _ axis: (any IntegerList)?, dtype: DType? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    std(a.asVariable, axis: axis, dtype: dtype, ddof: ddof, keepdims: keepdims)
  }

  /// As ``var(_:axis:dtype:ddof:keepdims:)``.
  @_disfavoredOverload
  public static func `var`(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, dtype: DType? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    `var`(a.asVariable, axis: axis, dtype: dtype, ddof: ddof, keepdims: keepdims)
  }

  /// As ``var(_:axis:dtype:ddof:keepdims:)``.
  public static func `var`(
    _ a: some ArrayConvertible, _ axis: (any IntegerList)?, dtype: DType? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    `var`(a.asVariable, axis: axis, dtype: dtype, ddof: ddof, keepdims: keepdims)
  }

  /// As ``max(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func max(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    max(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``max(_:axis:keepdims:)``.
  public static func max(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    max(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``min(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func min(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    min(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``min(_:axis:keepdims:)``.
  public static func min(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    min(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``amax(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func amax(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    amax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``amax(_:axis:keepdims:)``.
  public static func amax(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    amax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``amin(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func amin(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    amin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``amin(_:axis:keepdims:)``.
  public static func amin(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    amin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``ptp(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func ptp(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    ptp(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``ptp(_:axis:keepdims:)``.
  public static func ptp(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    ptp(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``all(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func all(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    all(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``all(_:axis:keepdims:)``.
  public static func all(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    all(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``any(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func any(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    any(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``any(_:axis:keepdims:)``.
  public static func any(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    any(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``argmax(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func argmax(_ a: some ArrayConvertible, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    argmax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``argmax(_:axis:keepdims:)``.
  public static func argmax(_ a: some ArrayConvertible, _ axis: Int?, keepdims: Bool = false) -> Variable {
    argmax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``argmin(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func argmin(_ a: some ArrayConvertible, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    argmin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``argmin(_:axis:keepdims:)``.
  public static func argmin(_ a: some ArrayConvertible, _ axis: Int?, keepdims: Bool = false) -> Variable {
    argmin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``countNonzero(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func countNonzero(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false
  ) -> Variable {
    countNonzero(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``countNonzero(_:axis:keepdims:)``.
  public static func countNonzero(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    countNonzero(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``average(_:axis:weights:keepdims:)``.
  @_disfavoredOverload
  public static func average(
    _ a: some ArrayConvertible, axis: Int? = nil, weights: Variable? = nil, keepdims: Bool = false
  ) -> Variable {
    average(a.asVariable, axis: axis, weights: weights, keepdims: keepdims)
  }

  /// As ``average(_:axis:weights:keepdims:)``.
  public static func average(
    _ a: some ArrayConvertible, _ axis: Int?, weights: Variable? = nil, keepdims: Bool = false
  ) -> Variable {
    average(a.asVariable, axis: axis, weights: weights, keepdims: keepdims)
  }

  /// As ``averageAndWeight(_:axis:weights:keepdims:)``.
  @_disfavoredOverload
  public static func averageAndWeight(
    _ a: some ArrayConvertible, axis: Int? = nil, weights: Variable? = nil, keepdims: Bool = false
  ) -> (average: Variable, weight: Variable) {
    averageAndWeight(a.asVariable, axis: axis, weights: weights, keepdims: keepdims)
  }

  /// As ``averageAndWeight(_:axis:weights:keepdims:)``.
  public static func averageAndWeight(
    _ a: some ArrayConvertible, _ axis: Int?, weights: Variable? = nil, keepdims: Bool = false
  ) -> (average: Variable, weight: Variable) {
    averageAndWeight(a.asVariable, axis: axis, weights: weights, keepdims: keepdims)
  }

  /// As ``cumsum(_:axis:dtype:)``.
  @_disfavoredOverload
  public static func cumsum(_ a: some ArrayConvertible, axis: Int? = nil, dtype: DType? = nil) -> Variable {
    cumsum(a.asVariable, axis: axis, dtype: dtype)
  }

  /// As ``cumsum(_:axis:dtype:)``.
  public static func cumsum(_ a: some ArrayConvertible, _ axis: Int?, dtype: DType? = nil) -> Variable {
    cumsum(a.asVariable, axis: axis, dtype: dtype)
  }

  /// As ``cumprod(_:axis:dtype:)``.
  @_disfavoredOverload
  public static func cumprod(_ a: some ArrayConvertible, axis: Int? = nil, dtype: DType? = nil) -> Variable {
    cumprod(a.asVariable, axis: axis, dtype: dtype)
  }

  /// As ``cumprod(_:axis:dtype:)``.
  public static func cumprod(_ a: some ArrayConvertible, _ axis: Int?, dtype: DType? = nil) -> Variable {
    cumprod(a.asVariable, axis: axis, dtype: dtype)
  }

  /// As ``median(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func median(_ a: some ArrayConvertible, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    median(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``median(_:axis:keepdims:)``.
  public static func median(_ a: some ArrayConvertible, _ axis: Int?, keepdims: Bool = false) -> Variable {
    median(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``quantile(_:_:axis:method:keepdims:)``.
  @_disfavoredOverload
  public static func quantile(
    _ a: some ArrayConvertible, _ q: Double, axis: Int? = nil, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    quantile(a.asVariable, q, axis: axis, method: method, keepdims: keepdims)
  }

  /// As ``quantile(_:_:axis:method:keepdims:)``.
  public static func quantile(
    _ a: some ArrayConvertible, _ q: Double, _ axis: Int?, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    quantile(a.asVariable, q, axis: axis, method: method, keepdims: keepdims)
  }

  /// As ``percentile(_:_:axis:method:keepdims:)``.
  @_disfavoredOverload
  public static func percentile(
    _ a: some ArrayConvertible, _ q: Double, axis: Int? = nil, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    percentile(a.asVariable, q, axis: axis, method: method, keepdims: keepdims)
  }

  /// As ``percentile(_:_:axis:method:keepdims:)``.
  public static func percentile(
    _ a: some ArrayConvertible, _ q: Double, _ axis: Int?, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    percentile(a.asVariable, q, axis: axis, method: method, keepdims: keepdims)
  }

  /// As ``diff(_:n:axis:)``.
  @_disfavoredOverload
  public static func diff(_ a: some ArrayConvertible, n: Int = 1, axis: Int = -1) -> Variable {
    diff(a.asVariable, n: n, axis: axis)
  }
}
