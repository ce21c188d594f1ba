// Written by Scripts/generate/number-overloads.
// swift-format-ignore-file

public import MNNExpr

extension np.linalg {
  /// As ``svd(_:fullMatrices:)``.
  @_disfavoredOverload
  public static func svd(_ a: some ArrayConvertible, fullMatrices: Bool = true) -> (u: Variable, s: Variable, vt: Variable) {
    svd(a.asVariable, fullMatrices: fullMatrices)
  }

  /// As ``svdvals(_:)``.
  @_disfavoredOverload
  public static func svdvals(_ a: some ArrayConvertible) -> Variable { svdvals(a.asVariable) }

  /// As ``solve(_:_:)``.
  @_disfavoredOverload
  public static func solve(_ a: some ArrayConvertible, _ b: some ArrayConvertible) -> Variable {
    solve(a.asVariable, b.asVariable)
  }

  /// As ``inv(_:)``.
  @_disfavoredOverload
  public static func inv(_ a: some ArrayConvertible) -> Variable { inv(a.asVariable) }

  /// As ``det(_:)``.
  @_disfavoredOverload
  public static func det(_ a: some ArrayConvertible) -> Variable { det(a.asVariable) }

  /// As ``slogdet(_:)``.
  @_disfavoredOverload
  public static func slogdet(_ a: some ArrayConvertible) -> (sign: Variable, logabsdet: Variable) { slogdet(a.asVariable) }

  /// As ``eigh(_:)``.
  @_disfavoredOverload
  public static func eigh(_ a: some ArrayConvertible) -> (eigenvalues: Variable, eigenvectors: Variable) { eigh(a.asVariable) }

  /// As ``eigvalsh(_:)``.
  @_disfavoredOverload
  public static func eigvalsh(_ a: some ArrayConvertible) -> Variable { eigvalsh(a.asVariable) }

  /// As ``eig(_:)``.
  @_disfavoredOverload
  public static func eig(_ a: some ArrayConvertible) -> (eigenvalues: Variable, eigenvectors: Variable) { eig(a.asVariable) }

  /// As ``qr(_:complete:)``.
  @_disfavoredOverload
  public static func qr(_ a: some ArrayConvertible, complete: Bool = false) -> (q: Variable, r: Variable) {
    qr(a.asVariable, complete: complete)
  }

  /// As ``cholesky(_:)``.
  @_disfavoredOverload
  public static func cholesky(_ a: some ArrayConvertible) -> Variable { cholesky(a.asVariable) }

  /// As ``lstsq(_:_:rcond:)``.
  @_disfavoredOverload
  public static func lstsq(
    _ a: some ArrayConvertible, _ b: some ArrayConvertible, rcond: Double? = nil
  ) -> (x: Variable, residuals: Variable, rank: Variable, s: Variable) {
    lstsq(a.asVariable, b.asVariable, rcond: rcond)
  }

  /// As ``pinv(_:rcond:)``.
  @_disfavoredOverload
  public static func pinv(_ a: some ArrayConvertible, rcond: Double = 1e-15) -> Variable { pinv(a.asVariable, rcond: rcond) }

  /// As ``matrixRank(_:tol:)``.
  @_disfavoredOverload
  public static func matrixRank(_ a: some ArrayConvertible, tol: Double? = nil) -> Variable {
    matrixRank(a.asVariable, tol: tol)
  }

  /// As ``matrixPower(_:_:)``.
  @_disfavoredOverload
  public static func matrixPower(_ a: some ArrayConvertible, _ n: Int) -> Variable { matrixPower(a.asVariable, n) }
}
