package import MNNGraph
import MNNKernels

/// One number from many.
extension expr {
  /// The sum over `axes`, over all if there are none, in the type of `x`.
  public static func reduceSum(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.sum, x, axes, keepingDims)
  }

  /// The mean over `axes`, over all if there are none; of integers truncated, as in MNN.
  public static func reduceMean(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.mean, x, axes, keepingDims)
  }

  /// The largest over `axes`, over all if there are none; NaN if one is.
  public static func reduceMax(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.maximum, x, axes, keepingDims)
  }

  /// The smallest over `axes`, over all if there are none; NaN if one is.
  public static func reduceMin(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.minimum, x, axes, keepingDims)
  }

  /// The product over `axes`, over all if there are none, in the type of `x`.
  public static func reduceProd(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.product, x, axes, keepingDims)
  }

  /// True where one of the numbers over `axes`, over all if there are none, is not 0.
  public static func reduceAny(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.maximum, x.cast(to: .bool), axes, keepingDims)
  }

  /// True where none of the numbers over `axes`, over all if there are none, is 0.
  public static func reduceAll(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.minimum, x.cast(to: .bool), axes, keepingDims)
  }

  /// `√Σx²` over `axes`, over all if there are none.
  public static func reduceL2(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.l2, x, axes, keepingDims)
  }

  /// `log Σexp(x)` over `axes`, over all if there are none, without overflow on the way.
  public static func reduceLogSumExp(_ x: Variable, axes: [Int] = [], keepingDims: Bool = false) -> Variable {
    reduce(.logSumExp, x, axes, keepingDims)
  }

  package static func reduce(_ function: Reduce.Function, _ x: Variable, _ axes: [Int], _ keepsDims: Bool) -> Variable {
    if let tensor = x.knownTensor, let direct = Variable.directKernels(count: tensor.count) {
      do throws(GraphError) {
        if let result = try direct.reduce(function, tensor, axes: axes, keepsDimensions: keepsDims) {
          return Variable(result, format: x.format)
        }
      } catch { return Variable(failed: error) }
    }
    let op = Reduce(function, keepsDimensions: keepsDims)
    return axes.isEmpty ? Variable.apply(op, [x]) : Variable.apply(op, [x, .integers(axes)], constants: [1])
  }

  /// Where along an axis the largest element is, as int32; the first of equals.
  public static func argmax(_ x: Variable, axis: Int = 0) -> Variable {
    Variable.apply(ArgReduce(.maximum, axis: axis, keepsDimensions: false, dtype: .int32), [x])
  }

  /// Where along an axis the smallest element is, as int32; the first of equals.
  public static func argmin(_ x: Variable, axis: Int = 0) -> Variable {
    Variable.apply(ArgReduce(.minimum, axis: axis, keepsDimensions: false, dtype: .int32), [x])
  }

  /// Running sums along an axis.
  public static func cumsum(_ x: Variable, axis: Int = 0) -> Variable {
    Variable.apply(CumSum(), [x, Variable(scalar: Int64(axis))], constants: [1])
  }

  /// Running products along an axis.
  public static func cumprod(_ x: Variable, axis: Int = 0) -> Variable {
    Variable.apply(CumProd(), [x, Variable(scalar: Int64(axis))], constants: [1])
  }

  /// Mean and variance over `axes`.
  ///
  /// - Parameter shift: there for MNN's sake; the result does not depend on it.
  public static func moments(
    _ x: Variable, axes: [Int] = [2, 3], shift: Variable? = nil, keepingDims: Bool = true
  ) -> (mean: Variable, variance: Variable) {
    let mean = reduceMean(x, axes: axes, keepingDims: true)
    let variance = reduceMean(squaredDifference(x, mean), axes: axes, keepingDims: true)
    return keepingDims ? (mean, variance) : (squeeze(mean, axes: axes), squeeze(variance, axes: axes))
  }

  /// How many of the numbers of `x` lie in each of `binNum` equal parts of `minVal ... maxVal`, as float32. Others do not count.
  public static func histogram(_ x: Variable, binNum: Int, minVal: Float, maxVal: Float) -> Variable {
    guard binNum > 0, minVal < maxVal, (maxVal - minVal).isFinite else {
      return Variable(
        failed: ExprError(
          .argumentInvalid, "bad bins", expected: "at least 1, over a range that is not empty",
          found: "\(binNum) over \(minVal) to \(maxVal)"))
    }
    let values = reshape(x.cast(to: .float32), [-1])
    let bin = floor((values - minVal) * (Float(binNum) / (maxVal - minVal)))
    let inside = logicalAnd(values >= minVal, values <= maxVal)
    // A NaN is not inside; its bin is never used.
    let index = select(inside, minimum(bin, Variable(scalar: Float(binNum - 1))), zerosLike(bin)).cast(to: .int32)
    let zeros = Variable(format: .NCHW) { () throws(GraphError) in try Tensor.zeros(.float32, [binNum]) }
    return Variable.apply(ScatterElements(axis: 0, reduction: .add), [zeros, index, inside.cast(to: .float32)])
  }
}
