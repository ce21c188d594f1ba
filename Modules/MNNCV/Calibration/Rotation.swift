// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
public import MNNExpr
import MNNGraph

extension cv {
  /// A rotation as a vector (its axis, times the angle in radians) from its matrix, or the matrix from the vector.
  ///
  /// - Parameter src: `[3]`, `[3, 1]`, `[1, 3]` or `[3, 3]`, floating point. A matrix is first made the nearest rotation.
  /// - Returns: `[3, 3]` or `[3, 1]`, of `float32` if `src` is, else `float64`.
  public static func Rodrigues(_ src: Variable) throws(ImageError) -> Variable {
    let (values, isSingle) = try rotation(src)
    let (shape, result) =
      values.count == 3
      ? ([3, 3], Rotation(vector: values).elements) : ([3, 1], try Rotation(nearest: values).vector)
    return try matrix(shape, result, isSingle)
  }

  /// ``Rodrigues(_:)`` and how its result changes with `src` (the second result of OpenCV's function).
  ///
  /// - Returns: the rotation, and `[3, 9]` (of a vector) or `[9, 3]` (of a matrix): row i holds the derivatives by element i of
  ///   `src`.
  public static func RodriguesJacobian(_ src: Variable) throws(ImageError) -> (dst: Variable, jacobian: Variable) {
    let (values, isSingle) = try rotation(src)
    if values.count == 3 {
      let jacobian = Rotation.derivatives(byVector: values)
      return (try matrix([3, 3], Rotation(vector: values).elements, isSingle), try matrix([3, 9], jacobian, isSingle))
    }
    let rotation = try Rotation(nearest: values)
    return (try matrix([3, 1], rotation.vector, isSingle), try matrix([9, 3], rotation.derivativesOfVector, isSingle))
  }

  private static func rotation(_ src: Variable) throws(ImageError) -> (values: [Double], isSingle: Bool) {
    let tensor = try contents(src, "src")
    guard tensor.dtype.isFloatingPoint, tensor.shape == [3, 3] || (tensor.count == 3 && tensor.rank <= 2) else {
      throw ImageError(.argumentInvalid, "src is not a rotation", expected: "floats [3] or [3, 3]", found: "\(tensor.type)")
    }
    let values = try inMemory { () throws(GraphError) in try tensor.scalars(as: Double.self) }
    return (values, tensor.dtype == .float32)
  }

  private static func matrix(_ shape: [Int], _ values: [Double], _ isSingle: Bool) throws(ImageError) -> Variable {
    isSingle ? try array(shape, values.map { Float($0) }) : try array(shape, values)
  }
}

/// An orthogonal matrix of determinant 1, in rows.
struct Rotation {
  var elements: [Double]

  init(elements: [Double]) { self.elements = elements }

  init(vector v: [Double]) {
    let angle = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).squareRoot()
    guard angle > 1e-300 else {
      elements = [1, 0, 0, 0, 1, 0, 0, 0, 1]
      return
    }
    let (x, y, z) = (v[0] / angle, v[1] / angle, v[2] / angle)
    let (c, s) = (cos(angle), sin(angle))
    let d = 1 - c
    elements = [
      c + d * x * x, d * x * y - s * z, d * x * z + s * y,
      d * x * y + s * z, c + d * y * y, d * y * z - s * x,
      d * x * z - s * y, d * y * z + s * x, c + d * z * z,
    ]
  }

  /// The rotation nearest to a matrix, by Newton's iteration for its polar part.
  init(nearest matrix: [Double]) throws(ImageError) {
    var m = matrix
    for _ in 0..<100 {
      let inverse = try invertedProjective(m)
      var next = m
      for i in 0..<3 { for j in 0..<3 { next[3 * i + j] = (m[3 * i + j] + inverse[3 * j + i]) / 2 } }
      let change = zip(m, next).map { abs($0 - $1) }.max() ?? 0
      m = next
      if change < 1e-15 { break }
    }
    elements = m
  }

  var vector: [Double] {
    let m = elements
    let axis = [m[7] - m[5], m[2] - m[6], m[3] - m[1]]
    let s = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).squareRoot() / 2
    let c = max(-1, min(1, (m[0] + m[4] + m[8] - 1) / 2))
    let angle = acos(c)
    if s >= 1e-5 { return axis.map { $0 * angle / (2 * s) } }
    guard c < 0 else { return [0, 0, 0] }
    // Half a turn: the axis from the diagonal, its signs from the rest.
    var v = [(m[0] + 1) / 2, (m[4] + 1) / 2, (m[8] + 1) / 2].map { max(0, $0).squareRoot() }
    if m[1] < 0 { v[1] = -v[1] }
    if m[2] < 0 { v[2] = -v[2] }
    if abs(v[0]) < abs(v[1]), abs(v[0]) < abs(v[2]), (m[5] > 0) != (v[1] * v[2] > 0) { v[2] = -v[2] }
    let norm = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).squareRoot()
    return v.map { $0 * angle / norm }
  }

  /// Of the matrix's nine elements by each number of the vector, in rows.
  static func derivatives(byVector v: [Double]) -> [Double] {
    let angle = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).squareRoot()
    let turns = (0..<3).map { axis in
      // The matrix of the cross product with an axis.
      let e = (0..<3).map { $0 == axis ? 1.0 : 0.0 }
      return [0, -e[2], e[1], e[2], 0, -e[0], -e[1], e[0], 0]
    }
    guard angle > 2.220446049250313e-16 else { return turns.flatMap { $0 } }
    let u = v.map { $0 / angle }
    let (c, s) = (cos(angle), sin(angle))
    let cross = [0, -u[2], u[1], u[2], 0, -u[0], -u[1], u[0], 0]
    return (0..<3).flatMap { axis in
      (0..<9).map { at -> Double in
        let (i, j) = (at / 3, at % 3)
        let identity = i == j ? 1.0 : 0.0
        let outer = u[i] * u[j]
        let outerByAxis = ((i == axis ? u[j] : 0) + (j == axis ? u[i] : 0) - 2 * outer * u[axis]) / angle
        let crossByAxis = (turns[axis][at] - cross[at] * u[axis]) / angle
        return u[axis] * (-s * identity + s * outer + c * cross[at]) + (1 - c) * outerByAxis + s * crossByAxis
      }
    }
  }

  /// Of the vector's three numbers by each element of the matrix, in rows.
  var derivativesOfVector: [Double] {
    let m = elements
    let axis = [m[7] - m[5], m[2] - m[6], m[3] - m[1]]
    let s = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).squareRoot() / 2
    let c = max(-1, min(1, (m[0] + m[4] + m[8] - 1) / 2))
    // At half a turn there are none, which OpenCV tells by zeros.
    if s < 1e-5, c < 0 { return [Double](repeating: 0, count: 27) }
    let angle = acos(c)
    let factor = s < 1e-5 ? 0.5 : angle / (2 * s)
    let byTrace = s < 1e-5 ? 0 : -(1 / s - angle * c / (s * s)) / (4 * s)
    let parts: [[Double]] = [
      [0, 0, 0], [0, 0, -1], [0, 1, 0], [0, 0, 1], [0, 0, 0], [-1, 0, 0], [0, -1, 0], [1, 0, 0], [0, 0, 0],
    ]
    return (0..<9).flatMap { at in (0..<3).map { parts[at][$0] * factor + (at % 4 == 0 ? axis[$0] * byTrace : 0) } }
  }

  func times(_ p: [Double]) -> [Double] {
    (0..<3).map { elements[3 * $0] * p[0] + elements[3 * $0 + 1] * p[1] + elements[3 * $0 + 2] * p[2] }
  }

  /// This after a small turn about the axes.
  func turned(_ small: [Double]) -> Rotation {
    Rotation(elements: Matrix.product(Rotation(vector: small).elements, elements))
  }
}
