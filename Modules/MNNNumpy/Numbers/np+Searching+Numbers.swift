// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``where(_:_:_:)``.
  @_disfavoredOverload
  public static func `where`(
    _ condition: some ArrayConvertible, _ x: some ArrayConvertible, _ y: some ArrayConvertible
  ) -> Variable {
    `where`(condition.asVariable, x.asVariable, y.asVariable)
  }

  /// As ``where(_:)``.
  @_disfavoredOverload
  public static func `where`(_ condition: some ArrayConvertible) -> [Variable] { `where`(condition.asVariable) }

  /// As ``nonzero(_:)``.
  @_disfavoredOverload
  public static func nonzero(_ a: some ArrayConvertible) -> [Variable] { nonzero(a.asVariable) }

  /// As ``flatnonzero(_:)``.
  @_disfavoredOverload
  public static func flatnonzero(_ a: some ArrayConvertible) -> Variable { flatnonzero(a.asVariable) }

  /// As ``argwhere(_:)``.
  @_disfavoredOverload
  public static func argwhere(_ a: some ArrayConvertible) -> Variable { argwhere(a.asVariable) }

  /// As ``extract(_:_:)``.
  @_disfavoredOverload
  public static func extract(_ condition: some ArrayConvertible, _ a: some ArrayConvertible) -> Variable {
    extract(condition.asVariable, a.asVariable)
  }

  /// As ``compress(_:_:axis:)``.
  @_disfavoredOverload
  public static func compress(_ condition: some ArrayConvertible, _ a: some ArrayConvertible, axis: Int? = nil) -> Variable {
    compress(condition.asVariable, a.asVariable, axis: axis)
  }

  /// As ``compress(_:_:axis:)``.
  public static func compress(_ condition: some ArrayConvertible, _ a: some ArrayConvertible, _ axis: Int?) -> Variable {
    compress(condition.asVariable, a.asVariable, axis: axis)
  }

  /// As ``take(_:_:axis:mode:)``.
  @_disfavoredOverload
  public static func take(
    _ a: some ArrayConvertible, _ indices: some ArrayConvertible, axis: Int? = nil, mode: IndexMode = .raise
  ) -> Variable {
    take(a.asVariable, indices.asVariable, axis: axis, mode: mode)
  }

  /// As ``take(_:_:axis:mode:)``.
  public static func take(
    _ a: some ArrayConvertible, _ indices: some ArrayConvertible, _ axis: Int?, mode: IndexMode = .raise
  ) -> Variable {
    take(a.asVariable, indices.asVariable, axis: axis, mode: mode)
  }

  /// As ``takeAlongAxis(_:_:axis:)``.
  @_disfavoredOverload
  public static func takeAlongAxis(_ a: some ArrayConvertible, _ indices: some ArrayConvertible, axis: Int) -> Variable {
    takeAlongAxis(a.asVariable, indices.asVariable, axis: axis)
  }

  /// As ``takeAlongAxis(_:_:axis:)``.
  public static func takeAlongAxis(_ a: some ArrayConvertible, _ indices: some ArrayConvertible, _ axis: Int) -> Variable {
    takeAlongAxis(a.asVariable, indices.asVariable, axis: axis)
  }

  /// As ``choose(_:_:mode:)``.
  @_disfavoredOverload
  public static func choose(
    _ a: some ArrayConvertible, _ choices: [some ArrayConvertible], mode: IndexMode = .raise
  ) -> Variable {
    choose(a.asVariable, choices.map(\.asVariable), mode: mode)
  }

  /// As ``select(_:_:default:)``.
  @_disfavoredOverload
  public static func select(
    _ conditions: [some ArrayConvertible], _ choices: [some ArrayConvertible], default value: Variable = 0
  ) -> Variable {
    select(conditions.map(\.asVariable), choices.map(\.asVariable), default: value)
  }

  /// As ``unravelIndex(_:_:)``.
  @_disfavoredOverload
  public static func unravelIndex(_ indices: some ArrayConvertible, _ shape: any IntegerList) -> [Variable] {
    unravelIndex(indices.asVariable, shape)
  }

  /// As ``ravelMultiIndex(_:_:mode:)``.
  @_disfavoredOverload
  public static func ravelMultiIndex(
    _ indices: [some ArrayConvertible], _ shape: any IntegerList, mode: IndexMode = .raise
  ) -> Variable {
    ravelMultiIndex(indices.map(\.asVariable), shape, mode: mode)
  }

  /// As ``arrayEqual(_:_:equalNaN:)``.
  @_disfavoredOverload
  public static func arrayEqual(
    _ a1: some ArrayConvertible, _ a2: some ArrayConvertible, equalNaN: Bool = false
  ) throws(ExprError) -> Bool {
    try arrayEqual(a1.asVariable, a2.asVariable, equalNaN: equalNaN)
  }

  /// As ``isclose(_:_:rtol:atol:equalNaN:)``.
  @_disfavoredOverload
  public static func isclose(
    _ a: some ArrayConvertible, _ b: some ArrayConvertible, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false
  ) -> Variable {
    isclose(a.asVariable, b.asVariable, rtol: rtol, atol: atol, equalNaN: equalNaN)
  }

  /// As ``allclose(_:_:rtol:atol:equalNaN:)``.
  @_disfavoredOverload
  public static func allclose(
    _ a: some ArrayConvertible, _ b: some ArrayConvertible, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false
  ) throws(ExprError) -> Bool {
    try allclose(a.asVariable, b.asVariable, rtol: rtol, atol: atol, equalNaN: equalNaN)
  }
}
