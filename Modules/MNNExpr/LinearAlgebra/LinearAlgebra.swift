import CLinearAlgebra
import Foundation
package import MNNGraph

/// Linear algebra on the last two axes of tensors, `[…, rows, columns]`, through LAPACK in double precision; results are float32 for
/// float32 and float64 for all else.
package enum LinearAlgebra {
  /// `x` in `a x = b`.
  ///
  /// - Parameters:
  ///   - a: `[…, n, n]`.
  ///   - b: `[…, n, count]`, of the same leading sizes.
  /// - Throws: ``ExprError/Code/linearAlgebra`` if a matrix is singular.
  package static func solve(_ a: Tensor, _ b: Tensor) throws(ExprError) -> Tensor {
    let (left, right) = (try Matrices(a), try Matrices(b))
    try left.requireSquare()
    guard left.stack == right.stack, left.rows == right.rows else {
      throw ExprError(GraphError(.shapeMismatch, "the sides of an equation do not fit", found: "\(a.shape) and \(b.shape)"))
    }
    let (n, count) = (left.rows, right.columns)
    var result: [Double] = []
    result.reserveCapacity(b.count)
    var pivot = [Int32](repeating: 0, count: max(n, 1))
    for i in 0..<left.count {
      var matrix = left.columnMajor(i)
      var x = right.columnMajor(i)
      if n > 0, count > 0 { try requireSuccess(cla_solve(Int32(n), Int32(count), &matrix, &pivot, &x), "the matrix is singular") }
      result += transposed(x, rows: count, columns: n)
    }
    let both = DType.promoted(left.dtype, right.dtype)
    return try asExprError { () throws(GraphError) in try Tensor(shape: b.shape, scalars: result).converted(to: both) }
  }

  /// The inverse of `[…, n, n]`.
  ///
  /// - Throws: ``ExprError/Code/linearAlgebra`` if a matrix is singular.
  package static func inverse(_ a: Tensor) throws(ExprError) -> Tensor {
    let matrices = try Matrices(a)
    try matrices.requireSquare()
    let n = matrices.rows
    var result: [Double] = []
    var pivot = [Int32](repeating: 0, count: max(n, 1))
    for i in 0..<matrices.count {
      var matrix = matrices.columnMajor(i)
      var x = [Double](repeating: 0, count: n * n)
      for k in 0..<n { x[k * n + k] = 1 }
      if n > 0 { try requireSuccess(cla_solve(Int32(n), Int32(n), &matrix, &pivot, &x), "the matrix is singular") }
      result += transposed(x, rows: n, columns: n)
    }
    return try matrices.tensor(result, [n, n])
  }

  /// The sign and the logarithm of the magnitude of the determinants of `[…, n, n]`; of a singular one 0 and `-inf`.
  package static func signAndLogDeterminant(_ a: Tensor) throws(ExprError) -> (sign: Tensor, logarithm: Tensor) {
    let matrices = try Matrices(a)
    try matrices.requireSquare()
    let n = matrices.rows
    var (signs, logarithms): ([Double], [Double]) = ([], [])
    var pivot = [Int32](repeating: 0, count: max(n, 1))
    for i in 0..<matrices.count {
      var matrix = matrices.columnMajor(i)
      let info = n > 0 ? cla_lu(Int32(n), Int32(n), &matrix, &pivot) : 0
      var (sign, logarithm) = (1.0, 0.0)
      for k in 0..<n {
        let d = matrix[k * n + k]
        if (pivot[k] != Int32(k + 1)) != (d < 0) { sign = -sign }
        logarithm += log(d.magnitude)
      }
      signs.append(info > 0 ? 0 : sign)
      logarithms.append(info > 0 ? -.infinity : logarithm)
    }
    return (try matrices.tensor(signs, []), try matrices.tensor(logarithms, []))
  }

  /// The determinants of `[…, n, n]`.
  package static func determinant(_ a: Tensor) throws(ExprError) -> Tensor {
    let matrices = try Matrices(a)
    try matrices.requireSquare()
    let n = matrices.rows
    var pivot = [Int32](repeating: 0, count: max(n, 1))
    var result: [Double] = []
    for i in 0..<matrices.count {
      var matrix = matrices.columnMajor(i)
      if n > 0 { _ = cla_lu(Int32(n), Int32(n), &matrix, &pivot) }
      var product = 1.0
      for k in 0..<n { product *= pivot[k] == Int32(k + 1) ? matrix[k * n + k] : -matrix[k * n + k] }
      result.append(product)
    }
    return try matrices.tensor(result, [])
  }

  /// The lower triangular `L` with `L Lᵀ = a` for symmetric positive definite `[…, n, n]`, of which the lower half is read.
  package static func cholesky(_ a: Tensor) throws(ExprError) -> Tensor {
    let matrices = try Matrices(a)
    try matrices.requireSquare()
    let n = matrices.rows
    var result: [Double] = []
    for i in 0..<matrices.count {
      var matrix = matrices.columnMajor(i)
      if n > 0 { try requireSuccess(cla_cholesky(Int32(n), &matrix), "the matrix is not positive definite") }
      for column in 0..<n { for row in 0..<column { matrix[column * n + row] = 0 } }
      result += transposed(matrix, rows: n, columns: n)
    }
    return try matrices.tensor(result, [n, n])
  }
}
