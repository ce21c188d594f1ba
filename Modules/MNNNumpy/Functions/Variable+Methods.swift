public import MNNExpr
public import MNNGraph

/// numpy's methods of arrays; what they do is told at the function of the same name in ``np``.
extension Variable {
  /// The axes reversed.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public var T: Variable { np.transpose(self) }

  public func astype(_ dtype: DType) -> Variable { np.array(self, dtype: dtype) }
  public func reshape(_ shape: Int...) -> Variable { np.reshape(self, shape) }
  public func reshape(_ shape: [Int]) -> Variable { np.reshape(self, shape) }
  public func ravel() -> Variable { np.ravel(self) }
  public func flatten() -> Variable { np.ravel(self) }
  public func transpose(_ axes: Int...) -> Variable { np.transpose(self, axes.isEmpty ? nil : axes) }
  public func transpose(_ axes: [Int]) -> Variable { np.transpose(self, axes) }
  public func swapaxes(_ axis1: Int, _ axis2: Int) -> Variable { np.swapaxes(self, axis1, axis2) }
  public func squeeze(_ axis: (any IntegerList)? = nil) -> Variable { np.squeeze(self, axis: axis) }
  public func `repeat`(_ repeats: any IntegerList, axis: Int? = nil) -> Variable { np.repeat(self, repeats, axis: axis) }
  public func take(_ indices: Variable, axis: Int? = nil) -> Variable { np.take(self, indices, axis: axis) }
  public func nonzero() -> [Variable] { np.nonzero(self) }
  public func dot(_ other: Variable) -> Variable { np.dot(self, other) }
  public func clip(_ low: Variable?, _ high: Variable?) -> Variable { np.clip(self, low, high) }
  public func round(_ decimals: Int = 0) -> Variable { np.round(self, decimals: decimals) }
  public func diagonal(offset: Int = 0) -> Variable { np.diagonal(self, offset: offset) }
  public func trace(offset: Int = 0) -> Variable { np.trace(self, offset: offset) }

  public func sum(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.sum(self, axis: axis, keepdims: keepdims)
  }
  public func prod(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.prod(self, axis: axis, keepdims: keepdims)
  }
  public func mean(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.mean(self, axis: axis, keepdims: keepdims)
  }
  public func std(_ axis: (any IntegerList)? = nil, ddof: Double = 0, keepdims: Bool = false) -> Variable {
    np.std(self, axis: axis, ddof: ddof, keepdims: keepdims)
  }
  public func `var`(_ axis: (any IntegerList)? = nil, ddof: Double = 0, keepdims: Bool = false) -> Variable {
    np.var(self, axis: axis, ddof: ddof, keepdims: keepdims)
  }
  public func max(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.max(self, axis: axis, keepdims: keepdims)
  }
  public func min(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.min(self, axis: axis, keepdims: keepdims)
  }
  public func ptp(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.ptp(self, axis: axis, keepdims: keepdims)
  }
  public func all(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.all(self, axis: axis, keepdims: keepdims)
  }
  public func any(_ axis: (any IntegerList)? = nil, keepdims: Bool = false) -> Variable {
    np.any(self, axis: axis, keepdims: keepdims)
  }
  public func argmax(_ axis: Int? = nil) -> Variable { np.argmax(self, axis: axis) }
  public func argmin(_ axis: Int? = nil) -> Variable { np.argmin(self, axis: axis) }
  public func argsort(_ axis: Int? = -1) -> Variable { np.argsort(self, axis: axis) }
  public func cumsum(_ axis: Int? = nil) -> Variable { np.cumsum(self, axis: axis) }
  public func cumprod(_ axis: Int? = nil) -> Variable { np.cumprod(self, axis: axis) }

  /// Puts the elements along an axis into rising order.
  public mutating func sort(_ axis: Int = -1) { self = np.sort(self, axis: axis) }
  /// As ``sort(_:)``.
  public mutating func sort(axis: Int) { sort(axis) }
  /// Overwrites all elements.
  public mutating func fill(_ value: Variable) { self[...] = value }
  /// As ``fill(_:)-(Variable)``.
  @_disfavoredOverload
  public mutating func fill(_ value: some ArrayConvertible) { fill(value.asVariable) }
}

extension Variable {
  /// The number of axes.
  public var ndim: Int { get throws(ExprError) { try rank } }

  /// The number of elements.
  public var size: Int { get throws(ExprError) { try count } }

  /// The number of bytes that the elements take.
  public var nbytes: Int {
    get throws(ExprError) {
      let (dtype, count) = (try dtype, try count)
      return dtype.byteCount(of: count)
    }
  }

  /// The parts along the first axis, which share the array's memory: `for row in try x.rows`.
  ///
  /// - Throws: ``ExprError``, also for an array of rank 0.
  public var rows: [Variable] {
    get throws(ExprError) {
      let count = try shape.first
      guard let count else { throw ExprError(.argumentInvalid, "a single number has no rows", expected: "1 axis or more") }
      let whole = Variable(try tensor(), format: format)
      return (0..<count).map { whole[$0] }
    }
  }
}
