// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import MNNExpr
import MNNGraph

/// How a system of linear equations is solved.
public enum DecompType: Sendable, Hashable, CaseIterable {
  /// Elimination with pivots; for square systems.
  case lu
  /// For symmetric positive-definite systems.
  case cholesky
  /// For square systems and more equations than unknowns, in the sense of least squares.
  case qr, svd, eig
  /// The normal equations of least squares.
  case normal
}

extension cv {
  public static let DECOMP_LU = DecompType.lu
  public static let DECOMP_CHOLESKY = DecompType.cholesky
  public static let DECOMP_QR = DecompType.qr
  public static let DECOMP_SVD = DecompType.svd
  public static let DECOMP_EIG = DecompType.eig
  public static let DECOMP_NORMAL = DecompType.normal

  /// Solves `src1 x = src2`.
  ///
  /// - Parameters:
  ///   - src1: `[m, n]`, floating point; more rows than columns are solved by least squares, which ``DECOMP_LU`` and
  ///     ``DECOMP_CHOLESKY`` refuse.
  ///   - src2: `[m, k]`.
  /// - Returns: `[n, k]`, `float32` if `src1` is, else `float64`.
  /// - Throws: ``ImageError/Code/noSolution`` for a singular system.
  public static func solve(_ src1: Variable, _ src2: Variable, _ method: DecompType = .lu) throws(ImageError) -> Variable {
    let (src1, src2) = (try contents(src1, "src1"), try contents(src2, "src2"))
    guard src1.rank == 2, src2.rank == 2, src1.shape[0] == src2.shape[0], src1.count > 0, src2.count > 0,
      src1.dtype.isFloatingPoint, src1.shape[0] >= src1.shape[1],
      src1.shape[0] == src1.shape[1] || (method != .lu && method != .cholesky),
      src1.shape[0] <= 4096, src2.shape[1] <= 4096
    else {
      throw ImageError(
        .argumentInvalid, "not a system of equations for \(method)", expected: "floats [m, n] with m >= n and [m, k]",
        found: "\(src1.type) and \(src2.type)")
    }
    let (m, n, k) = (src1.shape[0], src1.shape[1], src2.shape[1])
    let (a, b) = (
      try inMemory { () throws(GraphError) in try src1.scalars(as: Double.self) },
      try inMemory { () throws(GraphError) in try src2.scalars(as: Double.self) }
    )
    let rows = (0..<m).map { i in (0..<n).map { a[i * n + $0] } }
    var columns: [[Double]] = []
    for j in 0..<k { columns.append(try leastSquares(rows, (0..<m).map { b[$0 * k + j] })) }
    let scalars = (0..<n).flatMap { i in columns.map { $0[i] } }
    return src1.dtype == .float32 ? try array([n, k], scalars.map { Float($0) }) : try array([n, k], scalars)
  }
}

/// The least squares of `rows` x = `values` through reflections, or elimination if the system is square.
func leastSquares(_ rows: [[Double]], _ values: [Double]) throws(ImageError) -> [Double] {
  let (m, n) = (rows.count, rows.first?.count ?? 0)
  if m == n { return try solved(rows, values) }
  var (a, b) = (rows, values)
  for k in 0..<n {
    let norm = (k..<m).reduce(0.0) { $0 + a[$1][k] * a[$1][k] }.squareRoot()
    guard norm > 1e-14 else { throw ImageError(.noSolution, "the columns of the system are not independent") }
    let alpha = a[k][k] > 0 ? -norm : norm
    var v = (k..<m).map { a[$0][k] }
    v[0] -= alpha
    let square = v.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { continue }
    for j in k..<n {
      let dot = (k..<m).reduce(0.0) { $0 + v[$1 - k] * a[$1][j] } * 2 / square
      for i in k..<m { a[i][j] -= dot * v[i - k] }
    }
    let dot = (k..<m).reduce(0.0) { $0 + v[$1 - k] * b[$1] } * 2 / square
    for i in k..<m { b[i] -= dot * v[i - k] }
  }
  return try solved((0..<n).map { i in (0..<n).map { $0 < i ? 0 : a[i][$0] } }, Array(b.prefix(n)))
}
