import MNNExpr
import MNNGraph

enum LeastSquares {
  /// `x`, the sums of squared rests, the rank as int32, the singular values.
  static func solve(_ a: Tensor, _ b: Tensor, rcond: Double?) throws(ExprError) -> [Tensor] {
    guard a.rank == 2, b.rank == 1 || b.rank == 2, a.shape[0] == b.shape[0] else {
      throw ExprError(GraphError(.shapeMismatch, "least squares of matrices that do not fit", found: "\(a.shape) and \(b.shape)"))
    }
    let right = try asExprError { () throws(GraphError) in b.rank == 1 ? try b.reshaped([b.count, 1]) : b }
    let epsilon = a.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    let limit = rcond ?? epsilon * Double(max(a.shape[0], a.shape[1]))
    let result = try LinearAlgebra.leastSquares(a, right, rcond: limit)
    return try asExprError { () throws(GraphError) in
      let dtype = result.x.dtype
      var residuals = try Tensor(uninitialized: dtype, shape: [0])
      if result.rank == a.shape[1], a.shape[0] > a.shape[1] {
        let (wide, values) = (try a.cast(to: .float64), try right.cast(to: .float64))
        let fitted = try Products.matmul(wide, result.x.cast(to: .float64))
        let rest = try BinaryMath.apply(.subtract, values, fitted, dtype: .float64)
        residuals = try Sums.sum(UnaryMath.apply(.square, rest), axes: [0], keepdims: false).cast(to: dtype)
      }
      let x = try b.rank == 1 ? result.x.reshaped([result.x.count]) : result.x
      return [x, residuals, try Tensor(Int32(result.rank)), result.singularValues]
    }
  }
}
