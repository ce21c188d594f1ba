// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np {
  /// As ``shape(_:)``.
  @_disfavoredOverload
  public static func shape(_ a: some ArrayConvertible) throws(ExprError) -> [Int] { try shape(a.asVariable) }

  /// As ``ndim(_:)``.
  @_disfavoredOverload
  public static func ndim(_ a: some ArrayConvertible) throws(ExprError) -> Int { try ndim(a.asVariable) }

  /// As ``size(_:)``.
  @_disfavoredOverload
  public static func size(_ a: some ArrayConvertible) throws(ExprError) -> Int { try size(a.asVariable) }

  /// As ``asscalar(_:)``.
  @_disfavoredOverload
  public static func asscalar(_ a: some ArrayConvertible) throws(ExprError) -> Double { try asscalar(a.asVariable) }

  /// As ``reshape(_:_:)``.
  @_disfavoredOverload
  public static func reshape(_ a: some ArrayConvertible, _ shape: any IntegerList) -> Variable { reshape(a.asVariable, shape) }

  /// As ``ravel(_:)``.
  @_disfavoredOverload
  public static func ravel(_ a: some ArrayConvertible) -> Variable { ravel(a.asVariable) }

  /// As ``transpose(_:_:)``.
  @_disfavoredOverload
  public static func transpose(_ a: some ArrayConvertible, _ axes: [Int]? = nil) -> Variable { transpose(a.asVariable, axes) }

  /// As ``matrixTranspose(_:)``.
  @_disfavoredOverload
  public static func matrixTranspose(_ a: some ArrayConvertible) -> Variable { matrixTranspose(a.asVariable) }

  /// As ``swapaxes(_:_:_:)``.
  @_disfavoredOverload
  public static func swapaxes(_ a: some ArrayConvertible, _ axis1: Int, _ axis2: Int) -> Variable {
    swapaxes(a.asVariable, axis1, axis2)
  }

  /// As ``moveaxis(_:_:_:)``.
  @_disfavoredOverload
  public static func moveaxis(
    _ a: some ArrayConvertible, _ source: any IntegerList, _ destination: any IntegerList
  ) -> Variable {
    moveaxis(a.asVariable, source, destination)
  }

  /// As ``rollaxis(_:_:start:)``.
  @_disfavoredOverload
  public static func rollaxis(_ a: some ArrayConvertible, _ axis: Int, start: Int = 0) -> Variable {
    rollaxis(a.asVariable, axis, start: start)
  }

  /// As ``expandDims(_:_:)``.
  @_disfavoredOverload
  public static func expandDims(_ a: some ArrayConvertible, _ axis: any IntegerList) -> Variable {
    expandDims(a.asVariable, axis)
  }

  /// As ``squeeze(_:axis:)``.
  @_disfavoredOverload
  public static func squeeze(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil) -> Variable {
    squeeze(a.asVariable, axis: axis)
  }

  /// As ``squeeze(_:axis:)``.
  public static func squeeze(_ a: some ArrayConvertible, _ axis: (any IntegerList)?) -> Variable {
    squeeze(a.asVariable, axis: axis)
  }

  /// As ``broadcastTo(_:_:)``.
  @_disfavoredOverload
  public static func broadcastTo(_ a: some ArrayConvertible, _ shape: any IntegerList) -> Variable {
    broadcastTo(a.asVariable, shape)
  }

  /// As ``atleast1d(_:)``.
  @_disfavoredOverload
  public static func atleast1d(_ a: some ArrayConvertible) -> Variable { atleast1d(a.asVariable) }

  /// As ``atleast2d(_:)``.
  @_disfavoredOverload
  public static func atleast2d(_ a: some ArrayConvertible) -> Variable { atleast2d(a.asVariable) }

  /// As ``atleast3d(_:)``.
  @_disfavoredOverload
  public static func atleast3d(_ a: some ArrayConvertible) -> Variable { atleast3d(a.asVariable) }

  /// As ``flip(_:axis:)``.
  @_disfavoredOverload
  public static func flip(_ a: some ArrayConvertible, axis: (any IntegerList)? = nil) -> Variable {
    flip(a.asVariable, axis: axis)
  }

  /// As ``flip(_:axis:)``.
  public static func flip(_ a: some ArrayConvertible, _ axis: (any IntegerList)?) -> Variable { flip(a.asVariable, axis: axis) }

  /// As ``flipud(_:)``.
  @_disfavoredOverload
  public static func flipud(_ a: some ArrayConvertible) -> Variable { flipud(a.asVariable) }

  /// As ``fliplr(_:)``.
  @_disfavoredOverload
  public static func fliplr(_ a: some ArrayConvertible) -> Variable { fliplr(a.asVariable) }

  /// As ``rot90(_:k:axes:)``.
  @_disfavoredOverload
  public static func rot90(_ a: some ArrayConvertible, k: Int = 1, axes: (Int, Int) = (0, 1)) -> Variable {
    rot90(a.asVariable, k: k, axes: axes)
  }

  /// As ``roll(_:_:axis:)``.
  @_disfavoredOverload
  public static func roll(_ a: some ArrayConvertible, _ shift: any IntegerList, axis: (any IntegerList)? = nil) -> Variable {
    roll(a.asVariable, shift, axis: axis)
  }

  /// As ``roll(_:_:axis:)``.
  public static func roll(_ a: some ArrayConvertible, _ shift: any IntegerList, _ axis: (any IntegerList)?) -> Variable {
    roll(a.asVariable, shift, axis: axis)
  }

  /// As ``tile(_:_:)``.
  @_disfavoredOverload
  public static func tile(_ a: some ArrayConvertible, _ reps: any IntegerList) -> Variable { tile(a.asVariable, reps) }

  /// As ``repmat(_:_:_:)``.
  @_disfavoredOverload
  public static func repmat(_ a: some ArrayConvertible, _ m: Int, _ n: Int) -> Variable { repmat(a.asVariable, m, n) }

  /// As ``repeat(_:_:axis:)``.
  @_disfavoredOverload
  public static func `repeat`(_ a: some ArrayConvertible, _ repeats: any IntegerList, axis: Int? = nil) -> Variable {
    `repeat`(a.asVariable, repeats, axis: axis)
  }

  /// As ``repeat(_:_:axis:)``.
  public static func `repeat`(_ a: some ArrayConvertible, _ repeats: any IntegerList, _ axis: Int?) -> Variable {
    `repeat`(a.asVariable, repeats, axis: axis)
  }

  /// As ``diagonal(_:offset:axis1:axis2:)``.
  @_disfavoredOverload
  public static func diagonal(_ a: some ArrayConvertible, offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Variable {
    diagonal(a.asVariable, offset: offset, axis1: axis1, axis2: axis2)
  }

  /// As ``trace(_:offset:axis1:axis2:)``.
  @_disfavoredOverload
  public static func trace(_ a: some ArrayConvertible, offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Variable {
    trace(a.asVariable, offset: offset, axis1: axis1, axis2: axis2)
  }

  /// As ``pad(_:_:mode:constantValues:endValues:)``.
  @_disfavoredOverload
  public static func pad(
    _ a: some ArrayConvertible, _ padWidth: some ArrayConvertible, mode: PadMode = .constant, constantValues: Variable = 0, endValues: Variable = 0
  ) -> Variable {
    pad(a.asVariable, padWidth.asVariable, mode: mode, constantValues: constantValues, endValues: endValues)
  }
}
