public import MNNGraph

/// The same elements under another shape, and what shapes say.
extension expr {
  /// The same elements in the same order under another shape; -1 once for what is left.
  ///
  /// - Parameter originalFormat: the format in which `shape` is meant; of an image in another format the axes are moved first.
  public static func reshape(_ x: Variable, _ shape: [Int], originalFormat: DataFormat = .NCHW) -> Variable {
    // A 0 is a size, not "as before": names of shapes mean what they say.
    var result = Variable.apply(Reshape(allowsZero: true), [x, .integers(shape)], constants: [1])
    result.format = x.format
    return result
  }

  /// As ``reshape(_:_:originalFormat:)`` with sizes that are computed.
  public static func reshape(_ x: Variable, _ shape: Variable) -> Variable {
    Variable.apply(Reshape(allowsZero: true), [x, shape], constants: [1])
  }

  /// Without `axes`, which have size 1; without all of size 1 if there are none.
  public static func squeeze(_ x: Variable, axes: [Int] = []) -> Variable {
    axes.isEmpty ? Variable.apply(Squeeze(), [x]) : Variable.apply(Squeeze(), [x, .integers(axes)], constants: [1])
  }

  /// With axes of size 1 added, at these positions of the result.
  public static func unsqueeze(_ x: Variable, axes: [Int]) -> Variable { x.unsqueezed(axes: axes) }

  /// With an axis of size 1 added, at this position of the result.
  public static func expandDims(_ x: Variable, axis: Int) -> Variable { x.unsqueezed(axes: [axis]) }

  /// With axes of size 1 added, at these positions of the result.
  public static func expandDims(_ x: Variable, axes: [Int]) -> Variable { x.unsqueezed(axes: axes) }

  /// The axes in another order: axis `i` of the result is axis `perm[i]` of `x`; reversed without `perm`.
  public static func transpose(_ x: Variable, perm: [Int]? = nil) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let rank = try x.rank
      let order = try perm.map { perm throws(ExprError) in
        try asExprError { () throws(GraphError) in
          try perm.map { axis throws(GraphError) in try normalizedAxis(axis, rank: rank) }
        }
      }
      return Variable.apply(Transpose(permutation: order ?? (0..<rank).reversed()), [x])
    }
  }

  /// The elements repeated along axes to fill a shape that `x` broadcasts to.
  public static func broadcastTo(_ x: Variable, _ shape: [Int]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let own = try x.type.shape
      let target = try asExprError { () throws(GraphError) in
        for size in shape where size < 0 { throw GraphError(.sizeOverflow, "negative size in a shape", found: "\(shape)") }
        return try broadcastShape(own, Shape(shape))
      }
      guard target == Shape(shape) else {
        throw ExprError(
          GraphError(.shapeMismatch, "the array does not broadcast to the shape", expected: "\(shape)", found: "\(own)"))
      }
      return Variable.apply(Expand(), [x, .integers(shape)], constants: [1])
    }
  }

  /// The number of axes, as int32.
  public static func rank(_ x: Variable) -> Variable { Variable.apply(RankOf(dtype: .int32), [x]) }

  /// The number of elements, as int32.
  public static func size(_ x: Variable) -> Variable { Variable.apply(SizeOf(dtype: .int32), [x]) }

  /// The sizes, as a vector of int32.
  public static func shape(_ x: Variable) -> Variable { shape(x, dtype: .int32) }

  static func shape(_ x: Variable, dtype: DType) -> Variable {
    let sizes = Variable.apply(ShapeOf(), [x])
    return sizes.cast(to: dtype)
  }

  /// The arrays one after another along an axis that they have.
  public static func concat(_ values: [Variable], axis: Int) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let dtype = try Variable.commonType(values)
      return Variable.apply(Concat(axis: axis), values.map { $0.cast(to: dtype) })
    }
  }

  /// The arrays, of one shape, along a new axis.
  public static func stack(_ values: [Variable], axis: Int = 0) -> Variable {
    concat(values.map { $0.unsqueezed(axes: [axis]) }, axis: axis)
  }

  /// The parts of size 1 along an axis, without the axis.
  public static func unstack(_ x: Variable, axis: Int = 0) -> [Variable] {
    Variable.attempt(count: 1) { () throws(ExprError) in
      let sizes = try x.shape
      let axis = try asExprError { () throws(GraphError) in try normalizedAxis(axis, rank: sizes.count) }
      guard sizes[axis] > 0 else { return [] }
      return split(x, sizes: [Int](repeating: 1, count: sizes[axis]), axis: axis).map { squeeze($0, axes: [axis]) }
    }
  }

  /// Cut along an axis into pieces of these lengths.
  public static func split(_ x: Variable, sizes: [Int], axis: Int = 0) -> [Variable] {
    guard !sizes.isEmpty else { return [] }
    return Variable.apply(
      results: Split(axis: axis, count: sizes.count), [x, .integers(sizes)], constants: [1])
  }

  /// Cut along an axis into equal pieces.
  public static func split(_ x: Variable, count: Int, axis: Int = 0) -> [Variable] {
    // An error stands in each piece, if there can be so many.
    Variable.attempt(count: count <= 1024 ? count : 1) { () throws(ExprError) in
      let sizes = try x.shape
      let axis = try asExprError { () throws(GraphError) in try normalizedAxis(axis, rank: sizes.count) }
      guard count > 0, sizes[axis] % count == 0, count <= max(sizes[axis], 1024) else {
        throw ExprError(
          .argumentInvalid, "an axis does not divide into equal pieces", expected: "a multiple of \(count)",
          found: "\(sizes[axis])")
      }
      return split(x, sizes: [Int](repeating: sizes[axis] / count, count: count), axis: axis)
    }
  }

  /// Repeated as a whole along its axes.
  public static func tile(_ x: Variable, _ multiples: [Int]) -> Variable {
    Variable.apply(Tile(), [x, .integers(multiples)], constants: [1])
  }

  /// The image in another format: `NHWC` has the channels last, the others have them at axis 1.
  public static func convert(_ x: Variable, _ format: DataFormat) -> Variable { x.convert(to: format) }
}

extension Variable {
  /// The image in another format: `NHWC` has the channels last, the others have them at axis 1.
  public func convert(to format: DataFormat) -> Variable {
    if (self.format == .NHWC) == (format == .NHWC) {
      var result = self
      result.format = format
      return result
    }
    var result = Variable.attempt { () throws(ExprError) in
      let rank = try rank
      guard rank > 2 else { return self }
      let order = format == .NHWC ? [0] + Array(2..<rank) + [1] : [0, rank - 1] + Array(1..<rank - 1)
      return Variable.apply(Transpose(permutation: order), [self])
    }
    result.format = format
    result.name = name
    return result
  }

  /// As the operators on images take it: channels at axis 1.
  var channelsFirst: Variable { convert(to: .NC4HW4) }
}
