// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
public import MNNExpr
import MNNGraph

/// How much a distance weighs when a line is fitted to points.
public enum DistanceType: Sendable, Hashable, CaseIterable {
  /// Its square: the one with a closed solution.
  case l2
  /// Itself; and others that grow ever less: `2 (sqrt(1 + d^2 / 2) - 1)`, Fair's, Welsch's and Huber's.
  case l1, l12, fair, welsch, huber
}

extension cv {
  public static let DIST_L2 = DistanceType.l2
  public static let DIST_L1 = DistanceType.l1
  public static let DIST_L12 = DistanceType.l12
  public static let DIST_FAIR = DistanceType.fair
  public static let DIST_WELSCH = DistanceType.welsch
  public static let DIST_HUBER = DistanceType.huber

  /// The line nearest to points of the plane.
  ///
  /// - Parameters:
  ///   - points: `[n, 2]` or `[n, 1, 2]`, at least 2.
  ///   - distType: ``DIST_L2``, or one that heeds outliers less, which is found by weighing the points anew until nothing changes.
  ///   - param: the scale of distances of ``DIST_FAIR``, ``DIST_WELSCH`` and ``DIST_HUBER``; 0 takes 1.3998, 2.9846 and 1.345.
  ///   - reps, aeps: how near a pixel and a radian is near enough; 0 takes 0.01.
  /// - Returns: `float32[4, 1]`: the direction, of length 1, and a point on the line.
  /// - Throws: ``ImageError/Code/noSolution`` if all points are the same.
  public static func fitLine(
    _ points: Variable, _ distType: DistanceType, _ param: Double, _ reps: Double, _ aeps: Double
  ) throws(ImageError) -> Variable {
    let all = try finitePoints(points, "points")
    guard all.count >= 2, param >= 0, reps >= 0, aeps >= 0 else {
      throw ImageError(
        .argumentInvalid, "no line through these points", expected: "at least 2, and numbers that are not negative",
        found: "\(all.count), \(param), \(reps) and \(aeps)")
    }
    var line = try lineThrough(all, [Double](repeating: 1, count: all.count))
    if distType != .l2 {
      let limits = (shift: reps > 0 ? reps : 0.01, turn: aeps > 0 ? aeps : 0.01)
      for _ in 0..<30 {
        let weights = all.map { weight(abs(($0 - line.point).cross(line.direction)), distType, param) }
        let next = try lineThrough(all, weights)
        let turn = abs(line.direction.cross(next.direction))
        let shift = abs((next.point - line.point).cross(line.direction))
        line = next
        if turn < limits.turn * 1e-3, shift < limits.shift * 1e-3 { break }
      }
    }
    return try array([4, 1], [line.direction.x, line.direction.y, line.point.x, line.point.y].map { Float($0) })
  }

  /// The ellipse nearest to points, by least squares of the conic's equation, then of the axes about its center.
  ///
  /// - Parameter points: `[n, 2]` or `[n, 1, 2]`, at least 5.
  /// - Returns: the rectangle about the ellipse; its height is the longer axis.
  /// - Throws: ``ImageError/Code/noSolution`` if no ellipse passes by, as for points on a line.
  public static func fitEllipse(_ points: Variable) throws(ImageError) -> RotatedRect {
    let all = try finitePoints(points, "points")
    guard all.count >= 5 else {
      throw ImageError(.argumentInvalid, "too few points for an ellipse", expected: "at least 5", found: "\(all.count)")
    }
    let n = Double(all.count)
    let mean = all.reduce(Point(x: 0, y: 0), +) * (1 / n)
    let spread = all.reduce(0) { $0 + ($1 - mean).length } / n
    let none = ImageError(.noSolution, "no ellipse passes by the points", advice: "use points that bend around a center")
    guard spread > 0 else { throw none }
    let near = all.map { ($0 - mean) * (1 / spread) }
    do {
      let g = try fitted(near.map { [-$0.x * $0.x, -$0.y * $0.y, -$0.x * $0.y, $0.x, $0.y] })
      let middle = try solved([[2 * g[0], g[2]], [g[2], 2 * g[1]]], [g[3], g[4]])
      let center = Point(x: middle[0], y: middle[1])
      let h = try fitted(
        near.map {
          let d = $0 - center
          return [d.x * d.x, d.y * d.y, d.x * d.y]
        })
      let difference = (h[2] * h[2] + (h[1] - h[0]) * (h[1] - h[0])).squareRoot()
      let (long, short) = (2 / abs(h[0] + h[1] - difference), 2 / abs(h[0] + h[1] + difference))
      let size = (short.squareRoot() * 2 * spread, long.squareRoot() * 2 * spread)
      guard size.0.isFinite, size.1.isFinite else { throw none }
      let angle = size.0 < size.1 ? 90 - 90 / .pi * atan2(h[2], h[1] - h[0]) : 0
      let whole = center * spread + mean
      return RotatedRect(center: (whole.x, whole.y), size: size, angle: angle)
    } catch { throw none }
  }

  /// The least squares of rows times a solution less 1.
  private static func fitted(_ rows: [[Double]]) throws(ImageError) -> [Double] {
    let count = rows.first?.count ?? 0
    var normal = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    var values = [Double](repeating: 0, count: count)
    for row in rows {
      for i in 0..<count {
        for j in 0..<count { normal[i][j] += row[i] * row[j] / Double(rows.count) }
        values[i] += row[i] / Double(rows.count)
      }
    }
    return try solved(normal, values)
  }

  private static func weight(_ d: Double, _ kind: DistanceType, _ param: Double) -> Double {
    func scale(_ standard: Double) -> Double { param > 0 ? param : standard }
    switch kind {
    case .l2: return 1
    case .l1: return 1 / max(d, 1e-6)
    case .l12: return 1 / (1 + d * d / 2).squareRoot()
    case .fair: return 1 / (1 + d / scale(1.3998))
    case .welsch: return exp(-d * d / (scale(2.9846) * scale(2.9846)))
    case .huber: return d < scale(1.345) ? 1 : scale(1.345) / d
    }
  }

  /// The line of least squares of weighted points.
  private static func lineThrough(
    _ points: [Point], _ weights: [Double]
  ) throws(ImageError) -> (direction: Point, point: Point) {
    let total = weights.reduce(0, +)
    let mean = zip(points, weights).reduce(Point(x: 0, y: 0)) { $0 + $1.0 * $1.1 } * (1 / total)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (p, w) in zip(points, weights) {
      let d = p - mean
      (xx, yy, xy) = (xx + w * d.x * d.x, yy + w * d.y * d.y, xy + w * d.x * d.y)
    }
    guard total > 0, xx + yy > 0, (xx + yy).isFinite else {
      throw ImageError(.noSolution, "the points leave the line open", advice: "use points that lie apart")
    }
    let angle = atan2(2 * xy, xx - yy) / 2
    return (Point(x: cos(angle), y: sin(angle)), mean)
  }
}
