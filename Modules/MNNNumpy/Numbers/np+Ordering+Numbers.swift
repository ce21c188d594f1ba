// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``sort(_:axis:)``.
  @_disfavoredOverload
  public static func sort(_ a: some ArrayConvertible, axis: Int? = -1) -> Variable { sort(a.asVariable, axis: axis) }

  /// As ``sort(_:axis:)``.
  public static func sort(_ a: some ArrayConvertible, _ axis: Int?) -> Variable { sort(a.asVariable, axis: axis) }

  /// As ``argsort(_:axis:)``.
  @_disfavoredOverload
  public static func argsort(_ a: some ArrayConvertible, axis: Int? = -1) -> Variable { argsort(a.asVariable, axis: axis) }

  /// As ``argsort(_:axis:)``.
  public static func argsort(_ a: some ArrayConvertible, _ axis: Int?) -> Variable { argsort(a.asVariable, axis: axis) }

  /// As ``msort(_:)``.
  @_disfavoredOverload
  public static func msort(_ a: some ArrayConvertible) -> Variable { msort(a.asVariable) }

  /// As ``lexsort(_:axis:)``.
  @_disfavoredOverload
  public static func lexsort(_ keys: [some ArrayConvertible], axis: Int = -1) -> Variable {
    lexsort(keys.map(\.asVariable), axis: axis)
  }

  /// As ``lexsort(_:axis:)``.
  public static func lexsort(_ keys: [Variable], _ axis: Int) -> Variable { lexsort(keys, axis: axis) }

  /// As ``partition(_:_:axis:)``.
  @_disfavoredOverload
  public static func partition(_ a: some ArrayConvertible, _ kth: Int, axis: Int? = -1) -> Variable {
    partition(a.asVariable, kth, axis: axis)
  }

  /// As ``partition(_:_:axis:)``.
  public static func partition(_ a: some ArrayConvertible, _ kth: Int, _ axis: Int?) -> Variable {
    partition(a.asVariable, kth, axis: axis)
  }

  /// As ``argpartition(_:_:axis:)``.
  @_disfavoredOverload
  public static func argpartition(_ a: some ArrayConvertible, _ kth: Int, axis: Int? = -1) -> Variable {
    argpartition(a.asVariable, kth, axis: axis)
  }

  /// As ``argpartition(_:_:axis:)``.
  public static func argpartition(_ a: some ArrayConvertible, _ kth: Int, _ axis: Int?) -> Variable {
    argpartition(a.asVariable, kth, axis: axis)
  }

  /// As ``unique(_:equalNaN:)``.
  @_disfavoredOverload
  public static func unique(_ a: some ArrayConvertible, equalNaN: Bool = true) -> Variable {
    unique(a.asVariable, equalNaN: equalNaN)
  }

  /// As ``uniqueAll(_:equalNaN:)``.
  @_disfavoredOverload
  public static func uniqueAll(
    _ a: some ArrayConvertible, equalNaN: Bool = true
  ) -> (values: Variable, indices: Variable, inverse: Variable, counts: Variable) {
    uniqueAll(a.asVariable, equalNaN: equalNaN)
  }

  /// As ``searchsorted(_:_:side:sorter:)``.
  @_disfavoredOverload
  public static func searchsorted(
    _ a: some ArrayConvertible, _ v: some ArrayConvertible, side: String = "left", sorter: Variable? = nil
  ) -> Variable {
    searchsorted(a.asVariable, v.asVariable, side: side, sorter: sorter)
  }

  /// As ``digitize(_:_:right:)``.
  @_disfavoredOverload
  public static func digitize(_ x: some ArrayConvertible, _ bins: some ArrayConvertible, right: Bool = false) -> Variable {
    digitize(x.asVariable, bins.asVariable, right: right)
  }

  /// As ``bincount(_:weights:minlength:)``.
  @_disfavoredOverload
  public static func bincount(_ x: some ArrayConvertible, weights: Variable? = nil, minlength: Int = 0) -> Variable {
    bincount(x.asVariable, weights: weights, minlength: minlength)
  }

  /// As ``isin(_:_:invert:)``.
  @_disfavoredOverload
  public static func isin(
    _ element: some ArrayConvertible, _ testElements: some ArrayConvertible, invert: Bool = false
  ) -> Variable {
    isin(element.asVariable, testElements.asVariable, invert: invert)
  }

  /// As ``in1d(_:_:invert:)``.
  @_disfavoredOverload
  public static func in1d(_ a: some ArrayConvertible, _ b: some ArrayConvertible, invert: Bool = false) -> Variable {
    in1d(a.asVariable, b.asVariable, invert: invert)
  }

  /// As ``intersect1d(_:_:)``.
  @_disfavoredOverload
  public static func intersect1d(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    intersect1d(a.asVariable, b.asVariable)
  }

  /// As ``union1d(_:_:)``.
  @_disfavoredOverload
  public static func union1d(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    union1d(a.asVariable, b.asVariable)
  }

  /// As ``setdiff1d(_:_:)``.
  @_disfavoredOverload
  public static func setdiff1d(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    setdiff1d(a.asVariable, b.asVariable)
  }

  /// As ``setxor1d(_:_:)``.
  @_disfavoredOverload
  public static func setxor1d(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    setxor1d(a.asVariable, b.asVariable)
  }
}
