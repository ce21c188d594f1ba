import Foundation

/// A kind of map between planes that can be fitted to points.
enum PlanarMap {
  /// Turns, scales alike in all directions, and moves.
  case similarity
  case affine, projective

  /// How many pairs of points determine it.
  var pairCount: Int { self == .similarity ? 2 : self == .affine ? 3 : 4 }

  /// The map of least squares of distances in the plane it leads to, as nine numbers in rows, the last of them 1.
  ///
  /// - Throws: ``ImageError/Code/noSolution`` for points that leave it open.
  func fitted(_ from: [Point], _ to: [Point]) throws(ImageError) -> [Double] {
    let (source, target) = (Standardization(from), Standardization(to))
    let (a, b) = (from.map(source.apply), to.map(target.apply))
    var map = try linear(a, b)
    if self == .projective, from.count > pairCount {
      let refined = leastSquares(from: map, steps: 30) { map, step in
        var next = map
        for (i, x) in step.enumerated() { next[i] += x }
        return next
      } scales: { _ in
        [Double](repeating: 1, count: 8)
      } residuals: { map in
        var values: [Double] = []
        values.reserveCapacity(2 * a.count)
        for (p, q) in zip(a, b) {
          let mapped = image(of: p, under: map)
          values.append(mapped.x - q.x)
          values.append(mapped.y - q.y)
        }
        return values
      }
      map = refined ?? map
    }
    let whole = Matrix.product(target.inverse, Matrix.product(map, source.matrix))
    guard whole.allSatisfy(\.isFinite), whole[8] != 0 else { throw unsolved }
    return whole.map { $0 / whole[8] }
  }

  /// Least squares of the equations without their denominators.
  private func linear(_ from: [Point], _ to: [Point]) throws(ImageError) -> [Double] {
    let count = self == .similarity ? 4 : self == .affine ? 6 : 8
    var normal = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var values = [Double](repeating: 0, count: count)
    for (p, q) in zip(from, to) {
      let rows: [[Double]]
      switch self {
      case .similarity: rows = [[p.x, -p.y, 1, 0], [p.y, p.x, 0, 1]]
      case .affine: rows = [[p.x, p.y, 1, 0, 0, 0], [0, 0, 0, p.x, p.y, 1]]
      case .projective:
        rows = [[p.x, p.y, 1, 0, 0, 0, -p.x * q.x, -p.y * q.x], [0, 0, 0, p.x, p.y, 1, -p.x * q.y, -p.y * q.y]]
      }
      for (row, value) in zip(rows, [q.x, q.y]) {
        for i in 0..<count where row[i] != 0 {
          for j in 0..<count { normal[i][j] += row[i] * row[j] / Double(from.count) }
          values[i] += row[i] * value / Double(from.count)
        }
      }
    }
    let s: [Double]
    do { s = try solved(normal, values) } catch { throw unsolved }
    return self == .similarity ? [s[0], -s[1], s[2], s[1], s[0], s[3], 0, 0, 1] : s + (self == .affine ? [0, 0, 1] : [1])
  }

  private var unsolved: ImageError {
    ImageError(.noSolution, "the points leave the map open", advice: "use points that lie apart and not on a line")
  }

  /// The map that most pairs agree with, by random sampling (RANSAC), and which pairs these are.
  ///
  /// The samples are the same at every call.
  /// - Parameters:
  ///   - limit: how far a point may lie from where the map takes its partner.
  ///   - confidence: with which a sample without outliers is to be met, within `tries` samples.
  func consensus(
    _ from: [Point], _ to: [Point], limit: Double, tries: Int, confidence: Double
  ) throws(ImageError) -> (map: [Double], agrees: [Bool]) {
    var best: (count: Int, error: Double, agrees: [Bool])?
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    func random(below bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int((state >> 11) % UInt64(bound))
    }
    var (wanted, round) = (tries, 0)
    while round < wanted {
      round += 1
      // First all of them, for there may be no outliers.
      var sample = round == 1 ? Array(from.indices) : []
      while sample.count < pairCount {
        let next = random(below: from.count)
        if !sample.contains(next) { sample.append(next) }
      }
      guard let map = try? fitted(sample.map { from[$0] }, sample.map { to[$0] }) else { continue }
      var found = agreement(map, from, to, limit)
      guard found.count >= pairCount, best.map({ found.count >= $0.count }) ?? true else { continue }
      // A map of all that agree is better than that of a few of them, and more may agree with it.
      if let better = try? fitted(chosen(from, found.agrees), chosen(to, found.agrees)) {
        let more = agreement(better, from, to, limit)
        if (more.count, -more.error) > (found.count, -found.error) { found = more }
      }
      guard best.map({ (found.count, -found.error) > ($0.count, -$0.error) }) ?? true else { continue }
      best = found
      let share = Double(found.count) / Double(from.count)
      var clean = share
      for _ in 1..<pairCount { clean *= share }
      if clean >= 1 - 1e-12 { break }
      let needed = (1 - confidence <= 0 ? Double(tries) : (log(1 - confidence) / log(1 - clean))).rounded(.up)
      wanted = needed.isFinite ? min(wanted, max(round, Int(converting: min(Double(tries), needed)))) : wanted
    }
    guard let best else { throw unsolved }
    return (try fitted(chosen(from, best.agrees), chosen(to, best.agrees)), best.agrees)
  }

  /// Which pairs agree with a map, how many, and the sum of squares of their distances.
  private func agreement(
    _ map: [Double], _ from: [Point], _ to: [Point], _ limit: Double
  ) -> (count: Int, error: Double, agrees: [Bool]) {
    var (count, error) = (0, 0.0)
    let agrees = zip(from, to).map { p, q in
      let d = image(of: p, under: map) - q
      let square = d.dot(d)
      guard square <= limit * limit else { return false }
      count += 1
      error += square
      return true
    }
    return (count, error, agrees)
  }

  private func chosen(_ points: [Point], _ isChosen: [Bool]) -> [Point] {
    zip(points, isChosen).filter { $0.1 }.map { $0.0 }
  }
}

/// Where a map of nine numbers takes a point.
func image(of p: Point, under m: [Double]) -> Point {
  let w = m[6] * p.x + m[7] * p.y + m[8]
  return Point(x: (m[0] * p.x + m[1] * p.y + m[2]) / w, y: (m[3] * p.x + m[4] * p.y + m[5]) / w)
}

/// Moves and scales points so that their mean is 0 and their mean distance from it 1.
private struct Standardization {
  let center: Point
  let scale: Double

  init(_ points: [Point]) {
    let n = Double(max(1, points.count))
    let sum = points.reduce(Point(x: 0, y: 0), +)
    let center = sum * (1 / n)
    let spread = points.reduce(0) { $0 + ($1 - center).length } / n
    (self.center, scale) = (center, spread > 0 ? 1 / spread : 1)
  }

  func apply(_ p: Point) -> Point { (p - center) * scale }
  var matrix: [Double] { [scale, 0, -scale * center.x, 0, scale, -scale * center.y, 0, 0, 1] }
  var inverse: [Double] { [1 / scale, 0, center.x, 0, 1 / scale, center.y, 0, 0, 1] }
}
