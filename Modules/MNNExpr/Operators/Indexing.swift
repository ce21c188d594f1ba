import MNNGraph

/// Elements by index.
extension expr {
  /// The parts of `x` along an axis that `index` names; negative indices count from the end.
  public static func gather(_ x: Variable, _ index: Variable, axis: Int = 0) -> Variable {
    Variable.apply(Gather(axis: axis), [x, index])
  }

  /// The parts of `x` that the rows of `indices`, `[…, k]`, name by the first `k` axes.
  public static func gatherND(_ x: Variable, _ indices: Variable) -> Variable {
    Variable.apply(GatherND(), [x, indices])
  }

  /// Along an axis, for each place of `index`, the element it names there.
  public static func gatherElements(_ x: Variable, _ index: Variable, axis: Int = 0) -> Variable {
    Variable.apply(GatherElements(axis: axis), [x, index])
  }

  /// Zeros of `shape` with `updates` added where the rows of `indices` say.
  public static func scatterND(_ indices: Variable, _ updates: Variable, shape: [Int]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let dtype = try updates.dtype
      let zeros = Variable { () throws(GraphError) in try Tensor.zeros(dtype, shape) }
      return Variable.apply(ScatterND(reduction: .add), [zeros, indices, updates])
    }
  }

  /// A new axis of length `depth` along which the element that an index names is `onValue`, the others `offValue`.
  public static func oneHot(
    _ indices: Variable, depth: Int, onValue: Float = 1, offValue: Float = 0, axis: Int = -1
  ) -> Variable {
    Variable.apply(
      OneHot(axis: axis), [indices, Variable(scalar: Int64(depth)), Variable([offValue, onValue])], constants: [1])
  }

  /// The coordinates in an array of `shape` of positions counted in row-major order: `[axes, count]`, in the type of `indices`.
  public static func unravelIndex(_ indices: Variable, shape: [Int]) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let dtype = try indices.dtype
      let count = try asExprError { () throws(GraphError) in try checkedElementCount(shape) }
      guard dtype.isInteger, count > 0 else {
        throw ExprError(
          .argumentInvalid, "positions cannot be unravelled", expected: "integers, a shape that is not empty",
          found: "\(dtype), \(shape)")
      }
      let strides = rowMajorStrides(shape)
      return stack(
        shape.indices.map { axis in
          floormod(floordiv(indices, indices.constant(Double(strides[axis]))), indices.constant(Double(shape[axis])))
        })
    }
  }

  /// The indices of the elements that are not 0, as rows of int32.
  public static func `where`(_ x: Variable) -> Variable {
    Variable.apply(NonZero(dtype: .int32, givesRows: true), [x])
  }

  /// `x` where the condition holds, else `y`; all three broadcast.
  public static func select(_ cond: Variable, _ x: Variable, _ y: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let (a, b) = try Variable.promoted(x, y)
      var result = Variable.apply(Select(), [cond.cast(to: .bool), a, b])
      result.format = x.format
      return result
    }
  }

  /// The elements of matrices up to `numLower` places below and `numUpper` above the diagonal, all if negative; the rest is 0.
  public static func matrixBandPart(_ x: Variable, numLower: Int, numUpper: Int) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let shape = try x.shape
      guard shape.count >= 2 else {
        throw ExprError(GraphError(.rankMismatch, "not a matrix", expected: "rank of at least 2", found: "\(shape)"))
      }
      var result = x
      if numLower >= 0 {
        result = Variable.apply(Trilu(isUpper: true), [result, Variable(scalar: Int64(-numLower))], constants: [1])
      }
      if numUpper >= 0 {
        result = Variable.apply(Trilu(isUpper: false), [result, Variable(scalar: Int64(numUpper))], constants: [1])
      }
      return result
    }
  }

  /// The elements sorted along an axis, or, with `arg`, where each of them was, as int32. Of equals the first comes first.
  public static func sort(_ x: Variable, axis: Int = -1, arg: Bool = false, descend: Bool = false) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let shape = try x.shape
      let axis = try asExprError { () throws(GraphError) in try normalizedAxis(axis, rank: shape.count) }
      let results = topK(x, k: shape[axis], axis: axis, largest: descend)
      return arg ? results.indices : results.values
    }
  }

  /// The `k` largest or smallest elements along an axis, in order, and where they are, as int32.
  public static func topK(
    _ x: Variable, k: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Variable, indices: Variable) {
    let results = Variable.apply(
      results: TopK(axis: axis, takesLargest: largest, indexDType: .int32), [x, Variable(scalar: Int64(k))], constants: [1])
    return (results[0], results[results.count - 1])
  }

  /// The different elements of `x`, in order, that are not in `y`.
  public static func setdiff1d(_ x: Variable, _ y: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in
      let (a, b) = try Variable.promoted(reshape(x, [-1]), reshape(y, [-1]))
      let unique = Variable.apply(results: Unique(), [a])[0]
      let isElsewhere = reduceAny(equal(unsqueeze(unique, axes: [1]), unsqueeze(b, axes: [0])), axes: [1])
      return Variable.apply(Compress(axis: 0), [unique, logicalNot(isElsewhere)])
    }
  }

  /// The boxes that are left when those that overlap a better one are dropped, the best first: their indices, as int32.
  ///
  /// - Parameters:
  ///   - boxes: `[n, 4]`, two opposite corners.
  ///   - scores: `[n]`.
  ///   - iouThreshold: above which two boxes overlap; below 0 for 0.5.
  ///   - scoreThreshold: which a score must exceed; below 0 for any.
  public static func nms(
    _ boxes: Variable, _ scores: Variable, maxDetections: Int, iouThreshold: Float = -1, scoreThreshold: Float = -1
  ) -> Variable {
    let limits = [
      Variable(scalar: Int64(maxDetections)), Variable(scalar: iouThreshold < 0 ? 0.5 : iouThreshold),
      Variable(scalar: scoreThreshold < 0 ? -Float.infinity : scoreThreshold),
    ]
    let kept = Variable.apply(
      NonMaxSuppression(dtype: .int32), [unsqueeze(boxes, axes: [0]), unsqueeze(scores, axes: [0, 1])] + limits,
      constants: [2, 3, 4])
    return reshape(slice(kept, starts: [2], ends: [3], axes: [1], steps: [1]), [-1])
  }
}
