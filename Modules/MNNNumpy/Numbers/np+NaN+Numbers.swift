// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``nansum(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nansum(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    nansum(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nansum(_:axis:keepdims:)``.
  public static func nansum(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    nansum(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanprod(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nanprod(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    nanprod(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanprod(_:axis:keepdims:)``.
  public static func nanprod(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    nanprod(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanmean(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nanmean(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    nanmean(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanmean(_:axis:keepdims:)``.
  public static func nanmean(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    nanmean(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanstd(_:axis:ddof:keepdims:)``.
  @_disfavoredOverload
  public static func nanstd(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    nanstd(a.asVariable, axis: axis, ddof: ddof, keepdims: keepdims)
  }

  /// As ``nanstd(_:axis:ddof:keepdims:)``.
  public static func nanstd(
    _ a: some ArrayConvertible, _ axis: (any IntegerList)?, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    nanstd(a.asVariable, axis: axis, ddof: ddof, keepdims: keepdims)
  }

  /// As ``nanvar(_:axis:ddof:keepdims:)``.
  @_disfavoredOverload
  public static func nanvar(
    _ a: some ArrayConvertible, axis: (any IntegerList)? = nil, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    nanvar(a.asVariable, axis: axis, ddof: ddof, keepdims: keepdims)
  }

  /// As ``nanvar(_:axis:ddof:keepdims:)``.
  public static func nanvar(
    _ a: some ArrayConvertible, _ axis: (any IntegerList)?, ddof: Double = 0, keepdims: Bool = false
  ) -> Variable {
    nanvar(a.asVariable, axis: axis, ddof: ddof, keepdims: keepdims)
  }

  /// As ``nanmax(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nanmax(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    nanmax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanmax(_:axis:keepdims:)``.
  public static func nanmax(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    nanmax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanmin(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nanmin(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    nanmin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanmin(_:axis:keepdims:)``.
  public static func nanmin(_ a: some ArrayConvertible, _ axis: (any IntegerList)?, keepdims: Bool = false) -> Variable {
    nanmin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanargmax(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nanargmax(_ a: some ArrayConvertible, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    nanargmax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanargmax(_:axis:keepdims:)``.
  public static func nanargmax(_ a: some ArrayConvertible, _ axis: Int?, keepdims: Bool = false) -> Variable {
    nanargmax(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanargmin(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nanargmin(_ a: some ArrayConvertible, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    nanargmin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanargmin(_:axis:keepdims:)``.
  public static func nanargmin(_ a: some ArrayConvertible, _ axis: Int?, keepdims: Bool = false) -> Variable {
    nanargmin(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanmedian(_:axis:keepdims:)``.
  @_disfavoredOverload
  public static func nanmedian(_ a: some ArrayConvertible, axis: Int? = nil, keepdims: Bool = false) -> Variable {
    nanmedian(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanmedian(_:axis:keepdims:)``.
  public static func nanmedian(_ a: some ArrayConvertible, _ axis: Int?, keepdims: Bool = false) -> Variable {
    nanmedian(a.asVariable, axis: axis, keepdims: keepdims)
  }

  /// As ``nanquantile(_:_:axis:method:keepdims:)``.
  @_disfavoredOverload
  public static func nanquantile(
    _ a: some ArrayConvertible, _ q: Double, axis: Int? = nil, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    nanquantile(a.asVariable, q, axis: axis, method: method, keepdims: keepdims)
  }

  /// As ``nanquantile(_:_:axis:method:keepdims:)``.
  public static func nanquantile(
    _ a: some ArrayConvertible, _ q: Double, _ axis: Int?, method: QuantileMethod = .linear, keepdims: Bool = false
  ) -> Variable {
    nanquantile(a.asVariable, q, axis: axis, method: method, keepdims: keepdims)
  }

  /// As ``nancumsum(_:axis:)``.
  @_disfavoredOverload
  public static func nancumsum(_ a: some ArrayConvertible, axis: Int? = nil) -> Variable { nancumsum(a.asVariable, axis: axis) }

  /// As ``nancumsum(_:axis:)``.
  public static func nancumsum(_ a: some ArrayConvertible, _ axis: Int?) -> Variable { nancumsum(a.asVariable, axis: axis) }

  /// As ``nancumprod(_:axis:)``.
  @_disfavoredOverload
  public static func nancumprod(_ a: some ArrayConvertible, axis: Int? = nil) -> Variable {
    nancumprod(a.asVariable, axis: axis)
  }

  /// As ``nancumprod(_:axis:)``.
  public static func nancumprod(_ a: some ArrayConvertible, _ axis: Int?) -> Variable { nancumprod(a.asVariable, axis: axis) }
}
