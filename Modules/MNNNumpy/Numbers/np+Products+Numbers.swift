// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``matmul(_:_:)``.
  @_disfavoredOverload
  public static func matmul(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    matmul(a.asVariable, b.asVariable)
  }

  /// As ``dot(_:_:)``.
  @_disfavoredOverload
  public static func dot(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable { dot(a.asVariable, b.asVariable) }

  /// As ``vdot(_:_:)``.
  @_disfavoredOverload
  public static func vdot(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    vdot(a.asVariable, b.asVariable)
  }

  /// As ``inner(_:_:)``.
  @_disfavoredOverload
  public static func inner(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    inner(a.asVariable, b.asVariable)
  }

  /// As ``outer(_:_:)``.
  @_disfavoredOverload
  public static func outer(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    outer(a.asVariable, b.asVariable)
  }

  /// As ``tensordot(_:_:axes:)``.
  @_disfavoredOverload
  public static func tensordot(_ a: some ArrayConvertible, _ b: some ArrayConvertible, axes: Int = 2) -> Variable {
    tensordot(a.asVariable, b.asVariable, axes: axes)
  }

  /// As ``tensordot(_:_:axes:)``.
  @_disfavoredOverload
  public static func tensordot(
    _ a: some ArrayConvertible, _ b: some ArrayConvertible, axes: (any IntegerList, any IntegerList)
  ) -> Variable {
    tensordot(a.asVariable, b.asVariable, axes: axes)
  }

  /// As ``einsum(_:_:)``.
  @_disfavoredOverload
  public static func einsum(_ subscripts: String, _ operands: [some ArrayConvertible]) -> Variable {
    einsum(subscripts, operands.map(\.asVariable))
  }

  /// As ``kron(_:_:)``.
  @_disfavoredOverload
  public static func kron(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    kron(a.asVariable, b.asVariable)
  }

  /// As ``cross(_:_:)``.
  @_disfavoredOverload
  public static func cross(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    cross(a.asVariable, b.asVariable)
  }
}
