import CLinearAlgebra
package import MNNGraph

extension LinearAlgebra {
  /// Calls a LAPACK function twice: for the size of its work space, then to work.
  private static func withWork(
    _ what: String, _ call: (UnsafeMutablePointer<Double>, Int32) -> Int32
  ) throws(ExprError) {
    var size = 0.0
    try requireSuccess(call(&size, -1), what)
    var work = [Double](repeating: 0, count: max(1, Int(converting: size)))
    try requireSuccess(call(&work, Int32(work.count)), what)
  }

  /// Singular value decomposition `a = u · diag(s) · vt` of `[…, m, n]`.
  ///
  /// - Parameters:
  ///   - fullMatrices: `u` is `[…, m, m]` and `vt` `[…, n, n]`, else `[…, m, k]` and `[…, k, n]` with `k = min(m, n)`.
  ///   - givesVectors: false for `s` alone; `u` and `vt` are then nil.
  /// - Returns: `s` is `[…, k]`, falling.
  /// - Throws: ``ExprError/Code/linearAlgebra`` for numbers that are not finite, or without convergence.
  package static func svd(
    _ a: Tensor, fullMatrices: Bool = true, givesVectors: Bool = true
  ) throws(ExprError) -> (u: Tensor?, s: Tensor, vt: Tensor?) {
    let matrices = try Matrices(a, needsFinite: true)
    let (m, n, k) = (matrices.rows, matrices.columns, matrices.least)
    let (left, right) = givesVectors ? (fullMatrices ? m : k, fullMatrices ? n : k) : (0, 0)
    let job = givesVectors ? (fullMatrices ? UInt8(ascii: "A") : UInt8(ascii: "S")) : UInt8(ascii: "N")
    var (us, values, vts): ([Double], [Double], [Double]) = ([], [], [])
    for i in 0..<matrices.count {
      var s = [Double](repeating: 0, count: k)
      var u = identity(m, left)
      var vt = identity(right, n)
      if k > 0 {
        var matrix = matrices.columnMajor(i)
        var integers = [Int32](repeating: 0, count: 8 * k)
        try withWork("the singular values did not converge") { work, size in
          cla_svd(CChar(bitPattern: job), Int32(m), Int32(n), &matrix, &s, &u, &vt, work, size, &integers)
        }
      }
      values += s
      us += transposed(u, rows: left, columns: m)
      vts += transposed(vt, rows: n, columns: right)
    }
    let s = try matrices.tensor(values, [k])
    guard givesVectors else { return (nil, s, nil) }
    return (try matrices.tensor(us, [m, left]), s, try matrices.tensor(vts, [right, n]))
  }

  /// Ones on the diagonal, column-major: what the vectors of an empty matrix are.
  private static func identity(_ rows: Int, _ columns: Int) -> [Double] {
    var result = [Double](repeating: 0, count: rows * columns)
    for i in 0..<min(rows, columns) { result[i * rows + i] = 1 }
    return result
  }

  /// Eigenvalues, rising, and eigenvectors, in columns, of symmetric `[…, n, n]` of which one half is read.
  ///
  /// - Throws: ``ExprError/Code/linearAlgebra`` for numbers that are not finite, or without convergence.
  package static func eigenSymmetric(
    _ a: Tensor, readsUpperHalf: Bool = false, givesVectors: Bool = true
  ) throws(ExprError) -> (values: Tensor, vectors: Tensor?) {
    let matrices = try Matrices(a, needsFinite: true)
    try matrices.requireSquare()
    let n = matrices.rows
    let job = CChar(bitPattern: givesVectors ? UInt8(ascii: "V") : UInt8(ascii: "N"))
    let half = CChar(bitPattern: readsUpperHalf ? UInt8(ascii: "U") : UInt8(ascii: "L"))
    var (values, vectors): ([Double], [Double]) = ([], [])
    for i in 0..<matrices.count {
      var matrix = matrices.columnMajor(i)
      var w = [Double](repeating: 0, count: n)
      if n > 0 {
        var (size, integerSize) = (0.0, Int32(0))
        let failure = "the eigenvalues did not converge"
        try requireSuccess(cla_eigen_symmetric(job, half, Int32(n), &matrix, &w, &size, -1, &integerSize, -1), failure)
        var work = [Double](repeating: 0, count: max(1, Int(converting: size)))
        var integers = [Int32](repeating: 0, count: max(1, Int(integerSize)))
        try requireSuccess(
          cla_eigen_symmetric(
            job, half, Int32(n), &matrix, &w, &work, Int32(work.count), &integers, Int32(integers.count)), failure)
      }
      values += w
      if givesVectors { vectors += transposed(matrix, rows: n, columns: n) }
    }
    return (try matrices.tensor(values, [n]), givesVectors ? try matrices.tensor(vectors, [n, n]) : nil)
  }

  /// Eigenvalues and right eigenvectors, in columns, of `[…, n, n]`, which must be real.
  ///
  /// - Throws: ``ExprError/Code/linearAlgebra`` if an eigenvalue is complex, for numbers that are not finite, or without convergence.
  package static func eigen(_ a: Tensor, givesVectors: Bool = true) throws(ExprError) -> (values: Tensor, vectors: Tensor?) {
    let matrices = try Matrices(a, needsFinite: true)
    try matrices.requireSquare()
    let n = matrices.rows
    let job = CChar(bitPattern: givesVectors ? UInt8(ascii: "V") : UInt8(ascii: "N"))
    var (values, vectors): ([Double], [Double]) = ([], [])
    for i in 0..<matrices.count {
      var matrix = matrices.columnMajor(i)
      var real = [Double](repeating: 0, count: n)
      var imaginary = real
      var right = [Double](repeating: 0, count: givesVectors ? n * n : 1)
      if n > 0 {
        try withWork("the eigenvalues did not converge") { work, size in
          cla_eigen(job, Int32(n), &matrix, &real, &imaginary, &right, work, size)
        }
      }
      guard imaginary.allSatisfy({ $0 == 0 }) else {
        throw ExprError(.linearAlgebra, "the matrix has complex eigenvalues", advice: "there are no complex arrays")
      }
      values += real
      if givesVectors { vectors += transposed(right.prefix(n * n), rows: n, columns: n) }
    }
    return (try matrices.tensor(values, [n]), givesVectors ? try matrices.tensor(vectors, [n, n]) : nil)
  }

  /// `a = q r` of `[…, m, n]`, `r` upper triangular.
  ///
  /// - Parameter isComplete: `q` is `[…, m, m]` and `r` `[…, m, n]`, else `[…, m, k]` and `[…, k, n]` with `k = min(m, n)`.
  package static func qr(_ a: Tensor, isComplete: Bool = false) throws(ExprError) -> (q: Tensor, r: Tensor) {
    let matrices = try Matrices(a)
    let (m, n, k) = (matrices.rows, matrices.columns, matrices.least)
    let width = isComplete ? m : k
    var (qs, rs): ([Double], [Double]) = ([], [])
    for i in 0..<matrices.count {
      var matrix = matrices.columnMajor(i)
      var tau = [Double](repeating: 0, count: max(k, 1))
      if k > 0 {
        try withWork("the factors cannot be computed") { work, size in cla_qr(Int32(m), Int32(n), &matrix, &tau, work, size) }
      }
      for row in 0..<width { for column in 0..<n { rs.append(row <= column ? matrix[column * m + row] : 0) } }
      var q = identity(m, width)
      if k > 0 {
        for column in 0..<k { for row in 0..<m { q[column * m + row] = matrix[column * m + row] } }
        try withWork("the factors cannot be computed") { work, size in
          cla_qr_vectors(Int32(m), Int32(width), Int32(k), &q, tau, work, size)
        }
      }
      qs += transposed(q, rows: width, columns: m)
    }
    return (try matrices.tensor(qs, [m, width]), try matrices.tensor(rs, [width, n]))
  }

  /// The `x` of least norm among those that minimize `|a x - b|`, for one matrix.
  ///
  /// - Parameters:
  ///   - a: `[m, n]`.
  ///   - b: `[m, count]`.
  ///   - rcond: singular values below it times the largest count as 0.
  /// - Returns: `x` `[n, count]`, the rank, and the singular values of `a`.
  package static func leastSquares(
    _ a: Tensor, _ b: Tensor, rcond: Double
  ) throws(ExprError) -> (x: Tensor, rank: Int, singularValues: Tensor) {
    let (left, right) = (try Matrices(a, needsFinite: true), try Matrices(b, needsFinite: true))
    guard left.stack.isEmpty, right.stack.isEmpty, left.rows == right.rows else {
      throw ExprError(GraphError(.shapeMismatch, "the sides of an equation do not fit", found: "\(a.shape) and \(b.shape)"))
    }
    let (m, n, count, k) = (left.rows, left.columns, right.columns, left.least)
    let height = max(m, n)
    var x = [Double](repeating: 0, count: height * count)
    let columns = right.columnMajor(0)
    for c in 0..<count { for r in 0..<m { x[c * height + r] = columns[c * m + r] } }
    var s = [Double](repeating: 0, count: k)
    var rank: Int32 = 0
    if k > 0, count > 0 {
      var matrix = left.columnMajor(0)
      var (size, integerSize) = (0.0, Int32(0))
      let failure = "the singular values did not converge"
      try requireSuccess(
        cla_least_squares(Int32(m), Int32(n), Int32(count), &matrix, &x, &s, rcond, &rank, &size, -1, &integerSize), failure)
      var work = [Double](repeating: 0, count: max(1, Int(converting: size)))
      var integers = [Int32](repeating: 0, count: max(1, Int(integerSize)))
      try requireSuccess(
        cla_least_squares(
          Int32(m), Int32(n), Int32(count), &matrix, &x, &s, rcond, &rank, &work, Int32(work.count), &integers), failure)
    } else {
      x = [Double](repeating: 0, count: height * count)
    }
    var rows: [Double] = []
    for r in 0..<n { for c in 0..<count { rows.append(x[c * height + r]) } }
    return (try left.tensor(rows, [n, count]), Int(rank), try left.tensor(s, [k]))
  }
}
