/// Decompositions, computed when they are called.
extension expr {
  /// Singular value decomposition `x = u · diag(w) · vt` of matrices `[…, m, n]`.
  ///
  /// - Returns: the singular values, falling; `u` `[…, m, k]`; `vt` `[…, k, n]`, with `k = min(m, n)`.
  public static func svd(_ x: Variable) -> (w: Variable, u: Variable, vt: Variable) {
    let results = Variable.attempt(count: 3) { () throws(ExprError) in
      let (u, s, vt) = try LinearAlgebra.svd(x.tensor(), fullMatrices: false)
      return [s, u, vt].compactMap { $0.map { Variable($0) } }
    }
    return (results[0], results[1], results[2])
  }

  /// `x` in `a x = b` for matrices `[…, n, n]` and `[…, n, count]`.
  public static func solve(_ a: Variable, _ b: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in Variable(try LinearAlgebra.solve(a.tensor(), b.tensor())) }
  }

  /// The determinants of matrices `[…, n, n]`.
  public static func determinant(_ a: Variable) -> Variable {
    Variable.attempt { () throws(ExprError) in Variable(try LinearAlgebra.determinant(a.tensor())) }
  }
}
