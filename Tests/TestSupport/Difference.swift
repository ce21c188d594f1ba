package import MNNGraph

/// The largest difference of two lists of tensors over the expected ones' largest magnitude (at least 1); infinite where types differ.
/// NaN equals NaN.
package func relativeDifference(_ found: [Tensor], from expected: [Tensor]) throws -> Double {
  guard found.count == expected.count else { return .infinity }
  var worst = 0.0
  for (a, b) in zip(expected, found) {
    guard a.type == b.type else { return .infinity }
    let p = try a.scalars(as: Double.self)
    let q = try b.scalars(as: Double.self)
    let scale = max(1, p.filter(\.isFinite).map(abs).max() ?? 1)
    for (x, y) in zip(p, q) where x != y && !(x.isNaN && y.isNaN) {
      worst = max(worst, (x - y).isNaN ? .infinity : abs(x - y) / scale)
    }
  }
  return worst
}
