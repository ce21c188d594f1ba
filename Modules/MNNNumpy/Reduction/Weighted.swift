import MNNExpr
import MNNGraph

enum Weighted {
  /// The weighted mean and the sum of weights.
  static func average(
    _ x: Tensor, _ weights: Tensor, axis: Int?, keepdims: Bool
  ) throws(GraphError) -> [Tensor] {
    let promoted = DType.promoted(x.dtype, weights.dtype)
    let dtype = promoted.isFloatingPoint ? (x.dtype.isFloatingPoint ? promoted : DType.promoted(promoted, .float64)) : .float64
    var w = weights
    if w.shape != x.shape {
      guard let axis else {
        throw GraphError(.attributeInvalid, "axis must be specified when shapes of a and weights differ")
      }
      let position = try normalizedAxis(axis, rank: x.rank)
      guard w.rank == 1, w.shape[0] == x.shape[position] else {
        throw GraphError(
          .shapeMismatch, "shape of weights must be consistent with shape of a along specified axis",
          expected: "[\(x.shape[position])]", found: "\(w.shape)")
      }
      var shape = [Int](repeating: 1, count: x.rank)
      shape[position] = w.shape[0]
      w = try Strided(w.reshaped(shape), shape: x.shape, strides: broadcastStrides(shape, to: x.shape)).tensor()
    }
    let axes = axis.map { [$0] }
    let scale = try Sums.sum(w.cast(to: dtype), axes: axes, keepdims: keepdims)
    let product = try BinaryMath.apply(.multiply, x, w, dtype: dtype)
    let sum = try Sums.sum(product, axes: axes, keepdims: keepdims)
    let hasZero = try Extremes.any(UnaryMath.test(.isZero, scale), axes: nil, keepdims: false).read(Bool.self) { $0[0] }
    guard !hasZero else { throw GraphError(.attributeInvalid, "weights sum to zero, can't be normalized") }
    return [try BinaryMath.apply(.divide, sum, scale, dtype: dtype), scale]
  }
}
