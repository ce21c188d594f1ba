import Foundation
public import MNNExpr
import MNNGraph

extension cv {
  /// The affine map that takes three points to three others.
  ///
  /// - Parameters:
  ///   - src, dst: `[3, 2]`.
  /// - Returns: `float64[2, 3]`.
  /// - Throws: ``ImageError/Code/noSolution`` if the points of `src` lie on a line.
  public static func getAffineTransform(_ src: Variable, _ dst: Variable) throws(ImageError) -> Variable {
    let (from, to) = (try points(src, "src", count: 3), try points(dst, "dst", count: 3))
    let rows = from.map { [$0.x, $0.y, 1] }
    let x = try solved(rows, to.map(\.x)), y = try solved(rows, to.map(\.y))
    return try array([2, 3], x + y)
  }

  /// The projective map that takes four points to four others.
  ///
  /// - Parameters:
  ///   - src, dst: `[4, 2]`.
  /// - Returns: `float64[3, 3]` whose last element is 1.
  /// - Throws: ``ImageError/Code/noSolution`` if three points of `src` lie on a line.
  public static func getPerspectiveTransform(_ src: Variable, _ dst: Variable) throws(ImageError) -> Variable {
    let (from, to) = (try points(src, "src", count: 4), try points(dst, "dst", count: 4))
    var (rows, values): ([[Double]], [Double]) = ([], [])
    for (a, b) in zip(from, to) {
      rows.append([a.x, a.y, 1, 0, 0, 0, -a.x * b.x, -a.y * b.x])
      rows.append([0, 0, 0, a.x, a.y, 1, -a.x * b.y, -a.y * b.y])
      values += [b.x, b.y]
    }
    let solution = try solved(rows, values)
    return try array([3, 3], solution + [1])
  }

  /// A rotation by `angle` degrees (counterclockwise) about `center`, scaled: `float64[2, 3]`.
  public static func getRotationMatrix2D(
    _ center: (x: Double, y: Double), _ angle: Double, _ scale: Double
  ) throws(ImageError) -> Variable {
    let (x, y) = (Double(Float(center.x)), Double(Float(center.y)))
    let (a, b) = (scale * cos(angle * .pi / 180), scale * sin(angle * .pi / 180))
    let scalars = [a, b, (1 - a) * x - b * y, -b, a, b * x + (1 - a) * y]
    return try array([2, 3], scalars)
  }

  /// The inverse of an affine map `[2, 3]`, of the same type; zeros if there is none.
  public static func invertAffineTransform(_ m: Variable) throws(ImageError) -> Variable {
    let values = try matrix(m, "m", 2, 3)
    let inverse = (try? invertedAffine(values)) ?? [Double](repeating: 0, count: 6)
    let isSingle = try contents(m, "m").dtype == .float32
    return isSingle ? try array([2, 3], inverse.map { Float($0) }) : try array([2, 3], inverse)
  }

  /// The elements of a floating-point matrix.
  static func matrix(_ variable: Variable, _ name: String, _ rows: Int, _ columns: Int) throws(ImageError) -> [Double] {
    let tensor = try contents(variable, name)
    guard tensor.shape == [rows, columns], tensor.dtype == .float32 || tensor.dtype == .float64 else {
      throw ImageError(
        .argumentInvalid, "\(name) is not such a matrix", expected: "float32 or float64[\(rows), \(columns)]",
        found: "\(tensor.type)")
    }
    return try inMemory { () throws(GraphError) in try tensor.scalars(as: Double.self) }
  }
}

struct Point: Hashable {
  var x: Double
  var y: Double
  static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
  static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
  static func * (a: Point, s: Double) -> Point { Point(x: a.x * s, y: a.y * s) }
  func cross(_ b: Point) -> Double { x * b.y - y * b.x }
  func dot(_ b: Point) -> Double { x * b.x + y * b.y }
  var length: Double { (x * x + y * y).squareRoot() }
}

/// Points of a tensor `[n, 2]` or `[n, 1, 2]` of any numbers.
func points(_ variable: Variable, _ name: String, count: Int? = nil) throws(ImageError) -> [Point] {
  let tensor = try contents(variable, name)
  let isList = tensor.rank == 2 && tensor.shape[1] == 2 || tensor.rank == 3 && tensor.shape[1] == 1 && tensor.shape[2] == 2
  guard isList, count == nil || tensor.shape[0] == count else {
    throw ImageError(
      .argumentInvalid, "\(name) is not a list of points", expected: "[\(count.map(String.init) ?? "n"), 2]",
      found: "\(tensor.type)")
  }
  let values = try inMemory { () throws(GraphError) in try tensor.scalars(as: Double.self) }
  return stride(from: 0, to: values.count, by: 2).map { Point(x: values[$0], y: values[$0 + 1]) }
}

func invertedAffine(_ m: [Double]) throws(ImageError) -> [Double] {
  let determinant = m[0] * m[4] - m[1] * m[3]
  guard determinant != 0, determinant.isFinite else {
    throw ImageError(.argumentInvalid, "the map has no inverse", expected: "a determinant other than 0", found: "\(determinant)")
  }
  let d = 1 / determinant
  let (a, b, c, e) = (m[4] * d, -m[1] * d, -m[3] * d, m[0] * d)
  return [a, b, -a * m[2] - b * m[5], c, e, -c * m[2] - e * m[5]]
}

func invertedProjective(_ m: [Double]) throws(ImageError) -> [Double] {
  let cofactors = [
    m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
    m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
    m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
  ]
  let determinant = m[0] * cofactors[0] + m[1] * cofactors[3] + m[2] * cofactors[6]
  guard determinant != 0, determinant.isFinite else {
    throw ImageError(.argumentInvalid, "the map has no inverse", expected: "a determinant other than 0", found: "\(determinant)")
  }
  return cofactors.map { $0 / determinant }
}

/// Solves a square system by elimination with pivots.
func solved(_ rows: [[Double]], _ values: [Double]) throws(ImageError) -> [Double] {
  let n = rows.count
  var a = zip(rows, values).map { $0 + [$1] }
  for k in 0..<n {
    let pivot = (k..<n).max { abs(a[$0][k]) < abs(a[$1][k]) } ?? k
    a.swapAt(k, pivot)
    guard abs(a[k][k]) > 1e-14, a[k][k].isFinite else {
      throw ImageError(.noSolution, "the system of equations has no single solution", advice: "use points that lie apart")
    }
    for i in k + 1..<max(n, k + 1) {
      let factor = a[i][k] / a[k][k]
      if factor != 0 { for j in k...n { a[i][j] -= factor * a[k][j] } }
    }
  }
  var result = [Double](repeating: 0, count: n)
  for k in stride(from: n - 1, through: 0, by: -1) {
    let rest = (k + 1..<max(n, k + 1)).reduce(0.0) { $0 + a[k][$1] * result[$1] }
    result[k] = (a[k][n] - rest) / a[k][k]
  }
  return result
}
