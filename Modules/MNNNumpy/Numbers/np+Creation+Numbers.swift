// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr
public import MNNGraph

extension np {
  /// As ``array(_:dtype:ndmin:)``.
  @_disfavoredOverload
  public static func array(_ object: some ArrayConvertible, dtype: DType? = nil, ndmin: Int = 0) -> Variable {
    array(object.asVariable, dtype: dtype, ndmin: ndmin)
  }

  /// As ``asarray(_:dtype:)``.
  @_disfavoredOverload
  public static func asarray(_ a: some ArrayConvertible, dtype: DType? = nil) -> Variable {
    asarray(a.asVariable, dtype: dtype)
  }

  /// As ``ascontiguousarray(_:dtype:)``.
  @_disfavoredOverload
  public static func ascontiguousarray(_ a: some ArrayConvertible, dtype: DType? = nil) -> Variable {
    ascontiguousarray(a.asVariable, dtype: dtype)
  }

  /// As ``asfarray(_:dtype:)``.
  @_disfavoredOverload
  public static func asfarray(_ a: some ArrayConvertible, dtype: DType = .float32) -> Variable {
    asfarray(a.asVariable, dtype: dtype)
  }

  /// As ``mat(_:dtype:)``.
  @_disfavoredOverload
  public static func mat(_ a: some ArrayConvertible, dtype: DType? = nil) -> Variable { mat(a.asVariable, dtype: dtype) }

  /// As ``asmatrix(_:dtype:)``.
  @_disfavoredOverload
  public static func asmatrix(_ a: some ArrayConvertible, dtype: DType? = nil) -> Variable {
    asmatrix(a.asVariable, dtype: dtype)
  }

  /// As ``matrix(_:dtype:)``.
  @_disfavoredOverload
  public static func matrix(_ a: some ArrayConvertible, dtype: DType? = nil) -> Variable { matrix(a.asVariable, dtype: dtype) }

  /// As ``copy(_:)``.
  @_disfavoredOverload
  public static func copy(_ a: some ArrayConvertible) -> Variable { copy(a.asVariable) }

  /// As ``full(_:_:dtype:)``.
  @_disfavoredOverload
  public static func full(_ shape: any IntegerList, _ fillValue: some ArrayConvertible, dtype: DType? = nil) -> Variable {
    full(shape, fillValue.asVariable, dtype: dtype)
  }

  /// As ``zerosLike(_:dtype:shape:)``.
  @_disfavoredOverload
  public static func zerosLike(_ a: some ArrayConvertible, dtype: DType? = nil, shape: (any IntegerList)? = nil) -> Variable {
    zerosLike(a.asVariable, dtype: dtype, shape: shape)
  }

  /// As ``onesLike(_:dtype:shape:)``.
  @_disfavoredOverload
  public static func onesLike(_ a: some ArrayConvertible, dtype: DType? = nil, shape: (any IntegerList)? = nil) -> Variable {
    onesLike(a.asVariable, dtype: dtype, shape: shape)
  }

  /// As ``emptyLike(_:dtype:shape:)``.
  @_disfavoredOverload
  public static func emptyLike(_ a: some ArrayConvertible, dtype: DType? = nil, shape: (any IntegerList)? = nil) -> Variable {
    emptyLike(a.asVariable, dtype: dtype, shape: shape)
  }

  /// As ``fullLike(_:_:dtype:shape:)``.
  @_disfavoredOverload
  public static func fullLike(
    _ a: some ArrayConvertible, _ fillValue: some ArrayConvertible, dtype: DType? = nil, shape: (any IntegerList)? = nil
  ) -> Variable {
    fullLike(a.asVariable, fillValue.asVariable, dtype: dtype, shape: shape)
  }

  /// As ``tril(_:k:)``.
  @_disfavoredOverload
  public static func tril(_ a: some ArrayConvertible, k: Int = 0) -> Variable { tril(a.asVariable, k: k) }

  /// As ``triu(_:k:)``.
  @_disfavoredOverload
  public static func triu(_ a: some ArrayConvertible, k: Int = 0) -> Variable { triu(a.asVariable, k: k) }

  /// As ``diag(_:k:)``.
  @_disfavoredOverload
  public static func diag(_ a: some ArrayConvertible, k: Int = 0) -> Variable { diag(a.asVariable, k: k) }

  /// As ``diagflat(_:k:)``.
  @_disfavoredOverload
  public static func diagflat(_ a: some ArrayConvertible, k: Int = 0) -> Variable { diagflat(a.asVariable, k: k) }

  /// As ``arange(_:dtype:)``.
  @_disfavoredOverload
  public static func arange(_ stop: some ArrayConvertible, dtype: DType? = nil) -> Variable {
    arange(stop.asVariable, dtype: dtype)
  }

  /// As ``arange(_:_:_:dtype:)``.
  @_disfavoredOverload
  public static func arange(
    _ start: some ArrayConvertible, _ stop: some ArrayConvertible, _ step: Variable = 1, dtype: DType? = nil
  ) -> Variable {
    arange(start.asVariable, stop.asVariable, step, dtype: dtype)
  }

  /// As ``linspace(_:_:num:endpoint:dtype:axis:)``.
  @_disfavoredOverload
  public static func linspace(
    _ start: some ArrayConvertible, _ stop: some ArrayConvertible, num: Int = 50, endpoint: Bool = true, dtype: DType = .float32, axis: Int = 0
  ) -> Variable {
    linspace(start.asVariable, stop.asVariable, num: num, endpoint: endpoint, dtype: dtype, axis: axis)
  }

  /// As ``linspaceAndStep(_:_:num:endpoint:dtype:axis:)``.
  @_disfavoredOverload
  public static func linspaceAndStep(
    _ start: some ArrayConvertible, _ stop: some ArrayConvertible, num: Int = 50, endpoint: Bool = true, dtype: DType = .float32, axis: Int = 0
  ) -> (values: Variable, step: Variable) {
    linspaceAndStep(start.asVariable, stop.asVariable, num: num, endpoint: endpoint, dtype: dtype, axis: axis)
  }

  /// As ``logspace(_:_:num:endpoint:base:dtype:axis:)``.
  @_disfavoredOverload
  public static func logspace(
    _ start: some ArrayConvertible, _ stop: some ArrayConvertible, num: Int = 50, endpoint: Bool = true, base: Double = 10, dtype: DType = .float32, axis: Int = 0
  ) -> Variable {
    logspace(start.asVariable, stop.asVariable, num: num, endpoint: endpoint, base: base, dtype: dtype, axis: axis)
  }

  /// As ``geomspace(_:_:num:endpoint:dtype:axis:)``.
  @_disfavoredOverload
  public static func geomspace(
    _ start: some ArrayConvertible, _ stop: some ArrayConvertible, num: Int = 50, endpoint: Bool = true, dtype: DType = .float32, axis: Int = 0
  ) -> Variable {
    geomspace(start.asVariable, stop.asVariable, num: num, endpoint: endpoint, dtype: dtype, axis: axis)
  }
}
