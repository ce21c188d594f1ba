public import MNNGraph

/// The functions that read well as methods. Axes are always named: MNNNumpy adds the methods that numpy has. Those whose names end in an axis take it counted from the end if it is negative.
extension Variable {
  /// The sum over `axes`, over all if there are none.
  public func sum(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.reduceSum(self, axes: axes, keepingDims: keepingDims)
  }

  /// The mean over `axes`, over all if there are none.
  public func mean(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.reduceMean(self, axes: axes, keepingDims: keepingDims)
  }

  /// The largest over `axes`, over all if there are none.
  public func max(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.reduceMax(self, axes: axes, keepingDims: keepingDims)
  }

  /// The smallest over `axes`, over all if there are none.
  public func min(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.reduceMin(self, axes: axes, keepingDims: keepingDims)
  }

  /// The product over `axes`, over all if there are none.
  public func product(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.reduceProd(self, axes: axes, keepingDims: keepingDims)
  }

  /// True where a number over `axes` is not 0.
  public func any(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.reduceAny(self, axes: axes, keepingDims: keepingDims)
  }

  /// True where no number over `axes` is 0.
  public func all(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.reduceAll(self, axes: axes, keepingDims: keepingDims)
  }

  /// The mean of the squared distances from the mean over `axes`, over all if there are none.
  public func variance(axes: [Int], keepingDims: Bool = false) -> Variable {
    let mean = expr.reduceMean(self, axes: axes, keepingDims: true)
    return expr.reduceMean(expr.squaredDifference(self, mean), axes: axes, keepingDims: keepingDims)
  }

  /// The square root of ``variance(axes:keepingDims:)``.
  public func standardDeviation(axes: [Int], keepingDims: Bool = false) -> Variable {
    expr.sqrt(variance(axes: axes, keepingDims: keepingDims))
  }

  /// The same elements in the same order under another shape; -1 once for what is left.
  public func reshaped(_ shape: [Int]) -> Variable { expr.reshape(self, shape) }

  /// The elements as a vector.
  public func flattened() -> Variable { expr.reshape(self, [-1]) }

  /// The axes in another order; reversed without one.
  public func transposed(_ permutation: [Int]? = nil) -> Variable { expr.transpose(self, perm: permutation) }

  /// With two axes exchanged.
  public func swappingAxes(_ a: Int, _ b: Int) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let rank = try rank
      let (x, y) = try asExprError { () throws(GraphError) in
        (try normalizedAxis(a, rank: rank), try normalizedAxis(b, rank: rank))
      }
      var order = Array(0..<rank)
      order.swapAt(x, y)
      return expr.transpose(self, perm: order)
    }
  }

  /// Without axes of size 1: those of `axes`, or all if there are none.
  public func squeezed(axes: [Int] = []) -> Variable { expr.squeeze(self, axes: axes) }

  /// With an axis of size 1 added at this position of the result.
  public func expanded(at axis: Int) -> Variable { unsqueezed(axes: [axis]) }

  /// The product of matrices in the last two axes.
  public func matmul(_ other: Variable) -> Variable { expr.matmul(self, other) }
}

extension Variable {
  /// Becomes a placeholder of the same type, format and name: later expressions depend on what it will hold.
  public mutating func fixAsPlaceholder() throws(ExprError) {
    source = .placeholder(Placeholder(try type, format: format, name: name))
    isLiteral = false
  }

  /// Becomes a constant: the contents are computed now, and the expression is let go.
  public mutating func fixAsConst() throws(ExprError) { try compute() }

  /// As ``fixAsConst()``: nothing is trained here.
  public mutating func fixAsTrainable() throws(ExprError) { try compute() }

  /// Takes over the contents of another variable of the same shape, converted to this one's type.
  public mutating func copy(from other: Variable) throws(ExprError) {
    let type = try type
    try write(try other.cast(to: type.dtype).tensor())
  }

  /// Becomes another expression, under the old name.
  public mutating func replace(with other: Variable) {
    let name = name
    self = other
    self.name = name
  }

  /// The same image in another format, the elements moved: ``convert(to:)`` in place.
  public mutating func reorder(_ format: DataFormat) { self = convert(to: format) }

  /// Gives a placeholder another shape; -1 for a size that is not known.
  ///
  /// - Throws: ``ExprError/Code/argumentInvalid`` for a variable that is no placeholder.
  public mutating func resize(_ shape: [Int]) throws(ExprError) {
    guard case .placeholder(let placeholder) = source else {
      throw ExprError(.argumentInvalid, "only a placeholder can be given another shape")
    }
    self = Variable.placeholder(shape: shape, format: format, dtype: placeholder.type.dtype, name: name)
  }
}
