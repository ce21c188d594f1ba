// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr
public import MNNGraph

extension np {
  /// As ``concatenate(_:axis:dtype:)``.
  @_disfavoredOverload
  public static func concatenate(_ arrays: [some ArrayConvertible], axis: Int? = 0, dtype: DType? = nil) -> Variable {
    concatenate(arrays.map(\.asVariable), axis: axis, dtype: dtype)
  }

  /// As ``concatenate(_:axis:dtype:)``.
  public static func concatenate(_ arrays: [Variable], _ axis: Int?, dtype: DType? = nil) -> Variable {
    concatenate(arrays, axis: axis, dtype: dtype)
  }

  /// As ``stack(_:axis:)``.
  @_disfavoredOverload
  public static func stack(_ arrays: [some ArrayConvertible], axis: Int = 0) -> Variable {
    stack(arrays.map(\.asVariable), axis: axis)
  }

  /// As ``stack(_:axis:)``.
  public static func stack(_ arrays: [Variable], _ axis: Int) -> Variable { stack(arrays, axis: axis) }

  /// As ``vstack(_:)``.
  @_disfavoredOverload
  public static func vstack(_ arrays: [some ArrayConvertible]) -> Variable { vstack(arrays.map(\.asVariable)) }

  /// As ``rowStack(_:)``.
  @_disfavoredOverload
  public static func rowStack(_ arrays: [some ArrayConvertible]) -> Variable { rowStack(arrays.map(\.asVariable)) }

  /// As ``dstack(_:)``.
  @_disfavoredOverload
  public static func dstack(_ arrays: [some ArrayConvertible]) -> Variable { dstack(arrays.map(\.asVariable)) }

  /// As ``hstack(_:)``.
  @_disfavoredOverload
  public static func hstack(_ arrays: [some ArrayConvertible]) -> Variable { hstack(arrays.map(\.asVariable)) }

  /// As ``columnStack(_:)``.
  @_disfavoredOverload
  public static func columnStack(_ arrays: [some ArrayConvertible]) -> Variable { columnStack(arrays.map(\.asVariable)) }

  /// As ``append(_:_:axis:)``.
  @_disfavoredOverload
  public static func append(_ a: some ArrayConvertible, _ values: some ArrayConvertible, axis: Int? = nil) -> Variable {
    append(a.asVariable, values.asVariable, axis: axis)
  }

  /// As ``append(_:_:axis:)``.
  public static func append(_ a: some ArrayConvertible, _ values: some ArrayConvertible, _ axis: Int?) -> Variable {
    append(a.asVariable, values.asVariable, axis: axis)
  }

  /// As ``split(_:_:axis:)``.
  @_disfavoredOverload
  public static func split(_ a: some ArrayConvertible, _ indicesOrSections: any Sections, axis: Int = 0) -> [Variable] {
    split(a.asVariable, indicesOrSections, axis: axis)
  }

  /// As ``split(_:_:axis:)``.
  public static func split(_ a: some ArrayConvertible, _ indicesOrSections: any Sections, _ axis: Int) -> [Variable] {
    split(a.asVariable, indicesOrSections, axis: axis)
  }

  /// As ``arraySplit(_:_:axis:)``.
  @_disfavoredOverload
  public static func arraySplit(_ a: some ArrayConvertible, _ indicesOrSections: any Sections, axis: Int = 0) -> [Variable] {
    arraySplit(a.asVariable, indicesOrSections, axis: axis)
  }

  /// As ``arraySplit(_:_:axis:)``.
  public static func arraySplit(_ a: some ArrayConvertible, _ indicesOrSections: any Sections, _ axis: Int) -> [Variable] {
    arraySplit(a.asVariable, indicesOrSections, axis: axis)
  }

  /// As ``hsplit(_:_:)``.
  @_disfavoredOverload
  public static func hsplit(_ a: some ArrayConvertible, _ indicesOrSections: any Sections) -> [Variable] {
    hsplit(a.asVariable, indicesOrSections)
  }

  /// As ``vsplit(_:_:)``.
  @_disfavoredOverload
  public static func vsplit(_ a: some ArrayConvertible, _ indicesOrSections: any Sections) -> [Variable] {
    vsplit(a.asVariable, indicesOrSections)
  }

  /// As ``dsplit(_:_:)``.
  @_disfavoredOverload
  public static func dsplit(_ a: some ArrayConvertible, _ indicesOrSections: any Sections) -> [Variable] {
    dsplit(a.asVariable, indicesOrSections)
  }
}
