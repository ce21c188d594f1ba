// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension Variable {
  /// As ``squeeze(_:)``.
  public func squeeze(axis: (any IntegerList)?) -> Variable { squeeze(axis) }

  /// As ``take(_:axis:)``.
  @_disfavoredOverload
  public func take(_ indices: some ArrayConvertible, axis: Int? = nil) -> Variable { take(indices.asVariable, axis: axis) }

  /// As ``dot(_:)``.
  @_disfavoredOverload
  public func dot(_ other: some ArrayConvertible) -> Variable { dot(other.asVariable) }

  /// As ``clip(_:_:)``.
  @_disfavoredOverload
  public func clip(_ low: some ArrayConvertible, _ high: some ArrayConvertible) -> Variable {
    clip(low.asVariable, high.asVariable)
  }

  /// As ``sum(_:keepdims:)``.
  public func sum(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { sum(axis, keepdims: keepdims) }

  /// As ``prod(_:keepdims:)``.
  public func prod(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { prod(axis, keepdims: keepdims) }

  /// As ``mean(_:keepdims:)``.
  public func mean(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { mean(axis, keepdims: keepdims) }

  /// As ``std(_:ddof:keepdims:)``.
  public func std(axis: (any IntegerList)?, ddof: Double = 0, keepdims: Bool = false) -> Variable {
    std(axis, ddof: ddof, keepdims: keepdims)
  }

  /// As ``var(_:ddof:keepdims:)``.
  public func `var`(axis: (any IntegerList)?, ddof: Double = 0, keepdims: Bool = false) -> Variable {
    `var`(axis, ddof: ddof, keepdims: keepdims)
  }

  /// As ``max(_:keepdims:)``.
  public func max(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { max(axis, keepdims: keepdims) }

  /// As ``min(_:keepdims:)``.
  public func min(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { min(axis, keepdims: keepdims) }

  /// As ``ptp(_:keepdims:)``.
  public func ptp(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { ptp(axis, keepdims: keepdims) }

  /// As ``all(_:keepdims:)``.
  public func all(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { all(axis, keepdims: keepdims) }

  /// As ``any(_:keepdims:)``.
  public func any(axis: (any IntegerList)?, keepdims: Bool = false) -> Variable { any(axis, keepdims: keepdims) }

  /// As ``argmax(_:)``.
  public func argmax(axis: Int?) -> Variable { argmax(axis) }

  /// As ``argmin(_:)``.
  public func argmin(axis: Int?) -> Variable { argmin(axis) }

  /// As ``argsort(_:)``.
  public func argsort(axis: Int?) -> Variable { argsort(axis) }

  /// As ``cumsum(_:)``.
  public func cumsum(axis: Int?) -> Variable { cumsum(axis) }

  /// As ``cumprod(_:)``.
  public func cumprod(axis: Int?) -> Variable { cumprod(axis) }
}
