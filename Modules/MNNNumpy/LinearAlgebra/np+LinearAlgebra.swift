public import MNNExpr
import MNNGraph

extension np {
  /// Linear algebra on the last two axes, through LAPACK in double precision; float32 arrays give float32, others float64.
  // swift-format-ignore: TypeNamesShouldBeCapitalized
  public enum linalg {}
}

extension np.linalg {
  /// The matrix as LAPACK takes it: float32 or float64.
  private static func matrix(_ a: Variable) throws(ExprError) -> Tensor {
    let x = try a.tensor()
    guard x.dtype != .float16, x.dtype != .bfloat16 else {
      throw ExprError(GraphError(.dtypeUnsupported, "linear algebra needs float32 or float64", found: "\(x.dtype)"))
    }
    return x
  }

  /// What `body` gives, or variables that hold its error.
  private static func make(count: Int = 1, _ body: () throws(ExprError) -> [Tensor]) -> [Variable] {
    do throws(ExprError) { return try body().map { Variable($0) } } catch {
      return [Variable](repeating: Variable(failed: error), count: count)
    }
  }

  /// `a = u * diag(s) * vt`: `u` and `vt` orthogonal, `s` falling.
  public static func svd(_ a: Variable, fullMatrices: Bool = true) -> (u: Variable, s: Variable, vt: Variable) {
    let parts = make(count: 3) { () throws(ExprError) in
      let result = try LinearAlgebra.svd(matrix(a), fullMatrices: fullMatrices)
      guard let u = result.u, let vt = result.vt else { return [] }
      return [u, result.s, vt]
    }
    return (parts[0], parts[1], parts[2])
  }

  /// The singular values alone, falling.
  public static func svdvals(_ a: Variable) -> Variable {
    make { () throws(ExprError) in [try LinearAlgebra.svd(matrix(a), fullMatrices: false, givesVectors: false).s] }[0]
  }

  /// `x` in `a x = b`; a vector `b` gives a vector.
  public static func solve(_ a: Variable, _ b: Variable) -> Variable {
    make { () throws(ExprError) in
      let (left, right) = (try matrix(a), try matrix(b))
      return try asExprError { () throws(GraphError) in
        let isVector = right.rank == 1
        let columns = try isVector ? right.reshaped([right.count, 1]) : right
        guard left.rank >= 2, columns.rank >= 2 else {
          throw GraphError(.rankMismatch, "solve needs matrices", found: "\(left.shape) and \(right.shape)")
        }
        let stack = try broadcastSizes([Array(left.shape.dropLast(2)), Array(columns.shape.dropLast(2))])
        let x = try Expanding.broadcast(left, to: stack + left.shape.suffix(2))
        let y = try Expanding.broadcast(columns, to: stack + columns.shape.suffix(2))
        let result: Tensor
        do throws(ExprError) { result = try LinearAlgebra.solve(x, y) } catch {
          throw error.graphError ?? GraphError(.attributeInvalid, error.what)
        }
        return [isVector ? try result.reshaped(Array(result.shape.dropLast())) : result]
      }
    }[0]
  }

  /// The inverse; an error of a singular matrix.
  public static func inv(_ a: Variable) -> Variable {
    make { () throws(ExprError) in [try LinearAlgebra.inverse(matrix(a))] }[0]
  }

  /// The determinant.
  public static func det(_ a: Variable) -> Variable {
    make { () throws(ExprError) in [try LinearAlgebra.determinant(matrix(a))] }[0]
  }

  /// The sign and the logarithm of the magnitude of the determinant.
  public static func slogdet(_ a: Variable) -> (sign: Variable, logabsdet: Variable) {
    let parts = make(count: 2) { () throws(ExprError) in
      let result = try LinearAlgebra.signAndLogDeterminant(matrix(a))
      return [result.sign, result.logarithm]
    }
    return (parts[0], parts[1])
  }

  /// Eigenvalues, rising, and eigenvectors, in columns, of a symmetric matrix of which the lower half is read.
  public static func eigh(_ a: Variable) -> (eigenvalues: Variable, eigenvectors: Variable) {
    let parts = make(count: 2) { () throws(ExprError) in
      let result = try LinearAlgebra.eigenSymmetric(matrix(a))
      guard let vectors = result.vectors else { return [] }
      return [result.values, vectors]
    }
    return (parts[0], parts[1])
  }

  /// The eigenvalues of a symmetric matrix, rising.
  public static func eigvalsh(_ a: Variable) -> Variable {
    make { () throws(ExprError) in [try LinearAlgebra.eigenSymmetric(matrix(a), givesVectors: false).values] }[0]
  }

  /// Eigenvalues and right eigenvectors, in columns; an error if an eigenvalue is complex.
  public static func eig(_ a: Variable) -> (eigenvalues: Variable, eigenvectors: Variable) {
    let parts = make(count: 2) { () throws(ExprError) in
      let result = try LinearAlgebra.eigen(matrix(a))
      guard let vectors = result.vectors else { return [] }
      return [result.values, vectors]
    }
    return (parts[0], parts[1])
  }

  /// `a = q r`, `r` upper triangular; `complete` gives a square `q`.
  public static func qr(_ a: Variable, complete: Bool = false) -> (q: Variable, r: Variable) {
    let parts = make(count: 2) { () throws(ExprError) in
      let result = try LinearAlgebra.qr(matrix(a), isComplete: complete)
      return [result.q, result.r]
    }
    return (parts[0], parts[1])
  }

  /// The lower triangular factor of a symmetric positive definite matrix.
  public static func cholesky(_ a: Variable) -> Variable {
    make { () throws(ExprError) in [try LinearAlgebra.cholesky(matrix(a))] }[0]
  }

  /// The least-squares solution of `a x = b`, the sums of squared rests (empty if `a` has no full rank), the rank, and the
  /// singular values of `a`.
  public static func lstsq(
    _ a: Variable, _ b: Variable, rcond: Double? = nil
  ) -> (x: Variable, residuals: Variable, rank: Variable, s: Variable) {
    let parts = make(count: 4) { () throws(ExprError) in
      let (left, right) = (try matrix(a), try matrix(b))
      return try LeastSquares.solve(left, right, rcond: rcond)
    }
    return (parts[0], parts[1], parts[2], parts[3])
  }

  /// The pseudo-inverse: singular values below `rcond` times the largest count as 0.
  public static func pinv(_ a: Variable, rcond: Double = 1e-15) -> Variable {
    let (u, s, vt) = svd(a, fullMatrices: false)
    let limit = np.multiply(np.max(s, axis: -1, keepdims: true), rcond.asVariable)
    let inverse = np.where(np.greater(s, limit), np.reciprocal(s), np.zerosLike(s))
    return np.matmul(np.matrixTranspose(vt), np.multiply(np.expandDims(inverse, -1), np.matrixTranspose(u)))
  }

  /// The number of singular values above `tol`, or above what rounding leaves.
  public static func matrixRank(_ a: Variable, tol: Double? = nil) -> Variable {
    make { () throws(ExprError) in
      let x = try matrix(a)
      return try asExprError { () throws(GraphError) in
        if x.rank < 2 {
          return [try Tensor(Int64(try Extremes.any(x, axes: nil, keepdims: false).read(Bool.self) { $0[0] } ? 1 : 0))]
        }
        let s = try svdvals(a).contents()
        let values = try s.cast(to: .float64)
        if s.shape.last == 0 { return [try .zeros(.int64, Array(s.shape.dropLast()))] }
        let epsilon = s.dtype == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
        let size = Double(Swift.max(x.shape[x.rank - 2], x.shape[x.rank - 1]))
        let largest = try Extremes.extreme(values, least: false, axes: [-1], keepdims: true)
        let limit = try mapped(largest, Double.self, to: Double.self) { tol ?? $0 * size * epsilon }
        let counted = try zipped(values, limit, Double.self, to: Bool.self) { $0 > $1 }
        return [try Sums.sum(counted, axes: [-1], keepdims: false)]
      }
    }[0]
  }

  /// The matrix multiplied with itself `n` times; negative `n` takes the inverse.
  public static func matrixPower(_ a: Variable, _ n: Int) -> Variable {
    guard n != .min, let shape = try? a.shape, shape.count >= 2, shape[shape.count - 1] == shape[shape.count - 2] else {
      return Variable(failed: GraphError(.shapeMismatch, "matrixPower needs square matrices", found: "\((try? a.shape) ?? [])"))
    }
    var result: Variable?
    var (base, rest) = (n < 0 ? inv(a) : a, abs(n))
    while rest > 0 {
      if rest & 1 == 1 { result = result.map { np.matmul($0, base) } ?? base }
      rest >>= 1
      if rest > 0 { base = np.matmul(base, base) }
    }
    return result ?? np.add(np.zerosLike(a), np.array(np.eye(shape[shape.count - 1]), dtype: try? a.dtype))
  }
}
