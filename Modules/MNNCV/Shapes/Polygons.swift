import Foundation
public import MNNExpr
import MNNGraph

/// A rectangle that is turned by `angle` degrees, clockwise on the screen.
public struct RotatedRect: Sendable, Hashable {
  public var center: (x: Double, y: Double) { (centerX, centerY) }
  public var size: (width: Double, height: Double) { (width, height) }
  public var angle: Double
  private var centerX, centerY, width, height: Double

  public init(center: (x: Double, y: Double), size: (width: Double, height: Double), angle: Double) {
    (centerX, centerY, width, height, self.angle) = (center.x, center.y, size.width, size.height, angle)
  }
}

/// The moments of a picture or a polygon: raw, about the center, and those independent of scale.
public struct Moments: Sendable, Hashable {
  public var m00 = 0.0, m10 = 0.0, m01 = 0.0, m20 = 0.0, m11 = 0.0, m02 = 0.0, m30 = 0.0, m21 = 0.0, m12 = 0.0, m03 = 0.0
  public var mu20 = 0.0, mu11 = 0.0, mu02 = 0.0, mu30 = 0.0, mu21 = 0.0, mu12 = 0.0, mu03 = 0.0
  public var nu20 = 0.0, nu11 = 0.0, nu02 = 0.0, nu30 = 0.0, nu21 = 0.0, nu12 = 0.0, nu03 = 0.0

  /// Fills in the central moments.
  fileprivate mutating func complete() {
    let (cx, cy) = m00 == 0 ? (0, 0) : (m10 / m00, m01 / m00)
    mu20 = m20 - m10 * cx
    mu11 = m11 - m10 * cy
    mu02 = m02 - m01 * cy
    mu30 = m30 - cx * (3 * mu20 + cx * m10)
    mu21 = m21 - cx * (2 * mu11 + cx * m01) - cy * mu20
    mu12 = m12 - cy * (2 * mu11 + cy * m10) - cx * mu02
    mu03 = m03 - cy * (3 * mu02 + cy * m01)
    let s2 = m00 == 0 ? 0 : 1 / (m00 * m00)
    let s3 = m00 == 0 ? 0 : s2 / abs(m00).squareRoot()
    (nu20, nu11, nu02) = (mu20 * s2, mu11 * s2, mu02 * s2)
    (nu30, nu21, nu12, nu03) = (mu30 * s3, mu21 * s3, mu12 * s3, mu03 * s3)
  }
}

extension cv {
  /// The area within a polygon.
  ///
  /// - Parameter oriented: whether it is negative for one of the directions.
  public static func contourArea(_ points: Variable, oriented: Bool = false) throws(ImageError) -> Double {
    let polygon = try MNNCV.points(points, "points")
    let sum = polygon.indices.reduce(0.0) { $0 + polygon[($1 + polygon.count - 1) % polygon.count].cross(polygon[$1]) } / 2
    return oriented ? sum : abs(sum)
  }

  /// The length of a line, or of a polygon if `closed`.
  public static func arcLength(_ points: Variable, _ closed: Bool) throws(ImageError) -> Double {
    let line = try MNNCV.points(points, "points")
    guard line.count > 1 else { return 0 }
    let open = zip(line, line.dropFirst()).reduce(0.0) { $0 + ($1.1 - $1.0).length }
    return closed ? open + (line[0] - line[line.count - 1]).length : open
  }

  /// The smallest upright rectangle of whole pixels that contains the points, or the pixels of an image that are not 0.
  public static func boundingRect(_ points: Variable) throws(ImageError) -> (x: Int, y: Int, width: Int, height: Int) {
    let all = try MNNCV.points(points, "points").filter { $0.x.isFinite && $0.y.isFinite && abs($0.x) < 1e15 && abs($0.y) < 1e15 }
    guard let left = all.map(\.x).min(), let right = all.map(\.x).max(), let top = all.map(\.y).min(),
      let bottom = all.map(\.y).max()
    else { return (0, 0, 0, 0) }
    let (x, y) = (Int(converting: left.rounded(.down)), Int(converting: top.rounded(.down)))
    return (x, y, Int(converting: right.rounded(.down)) - x + 1, Int(converting: bottom.rounded(.down)) - y + 1)
  }

  /// The convex hull of points, clockwise on the screen unless `clockwise` (which is as seen with y upwards).
  ///
  /// - Returns: points `[n, 1, 2]` of the type of `points`, or with `returnPoints` false their places `int32[n, 1]`.
  public static func convexHull(
    _ points: Variable, clockwise: Bool = false, returnPoints: Bool = true
  ) throws(ImageError) -> Variable {
    let all = try MNNCV.points(points, "points")
    let hull = hullIndices(all, clockwise: clockwise)
    if !returnPoints { return try array([hull.count, 1], hull.map { Int32(clamping: $0) }) }
    if try contents(points, "points").dtype.isInteger {
      return try array([hull.count, 1, 2], hull.flatMap { [Int32(converting: all[$0].x), Int32(converting: all[$0].y)] })
    }
    return try array([hull.count, 1, 2], hull.flatMap { [Float(all[$0].x), Float(all[$0].y)] })
  }

  /// The smallest rectangle, turned as needed, that contains the points. Its angle is in -90..<0.
  public static func minAreaRect(_ points: Variable) throws(ImageError) -> RotatedRect {
    // Others have no direction.
    let all = try MNNCV.points(points, "points").filter { abs($0.x) < 1e15 && abs($0.y) < 1e15 }
    let hull = hullIndices(all, clockwise: false).map { all[$0] }
    guard hull.count > 1 else {
      return RotatedRect(center: hull.first.map { ($0.x, $0.y) } ?? (0, 0), size: (0, 0), angle: -90)
    }
    var best: (area: Double, rect: RotatedRect)?
    for (i, a) in hull.enumerated() {
      let edge = hull[(i + 1) % hull.count] - a
      guard edge.length > 0 else { continue }
      // Of the four directions of the rectangle, that which points up and to the right.
      var u = edge * (1 / edge.length)
      while !(u.y < 0 && u.x >= 0) { u = Point(x: u.y, y: -u.x) }
      let v = Point(x: -u.y, y: u.x)
      let (along, across) = (hull.map { $0.dot(u) }, hull.map { $0.dot(v) })
      let (a0, a1) = (along.min() ?? 0, along.max() ?? 0), (b0, b1) = (across.min() ?? 0, across.max() ?? 0)
      let area = (a1 - a0) * (b1 - b0)
      if best.map({ area < $0.area }) ?? true {
        let center = u * ((a0 + a1) / 2) + v * ((b0 + b1) / 2)
        best = (area, RotatedRect(center: (center.x, center.y), size: (a1 - a0, b1 - b0), angle: atan2(u.y, u.x) * 180 / .pi))
      }
    }
    return best?.rect ?? RotatedRect(center: (hull[0].x, hull[0].y), size: (0, 0), angle: -90)
  }

  /// The corners of a rectangle, `float32[4, 2]`: for one that is not turned from the lower left clockwise.
  public static func boxPoints(_ box: RotatedRect) throws(ImageError) -> Variable {
    let (a, b) = (sin(box.angle * .pi / 180) / 2, cos(box.angle * .pi / 180) / 2)
    let (c, s) = (box.center, box.size)
    let p0 = (c.x - a * s.height - b * s.width, c.y + b * s.height - a * s.width)
    let p1 = (c.x + a * s.height - b * s.width, c.y - b * s.height - a * s.width)
    let corners = [p0, p1, (2 * c.x - p0.0, 2 * c.y - p0.1), (2 * c.x - p1.0, 2 * c.y - p1.1)]
    return try array([4, 2], corners.flatMap { [Float($0.0), Float($0.1)] })
  }

  /// The moments of a polygon `[n, 2]` or `[n, 1, 2]`, or of a picture of one channel.
  ///
  /// - Parameter binaryImage: whether all pixels that are not 0 count as 1.
  public static func moments(_ array: Variable, binaryImage: Bool = false) throws(ImageError) -> Moments {
    var m = Moments()
    let tensor = try contents(array, "array")
    if (tensor.rank == 2 && tensor.shape[1] == 2 && tensor.dtype != .uint8)
      || (tensor.rank == 3 && tensor.shape[1] == 1 && tensor.shape[2] == 2)
    {
      let polygon = try MNNCV.points(array, "array")
      for i in polygon.indices {
        let (p, q) = (polygon[(i + polygon.count - 1) % polygon.count], polygon[i])
        let d = p.cross(q), sx = p.x + q.x, sy = p.y + q.y
        m.m00 += d / 2
        m.m10 += d * sx / 6
        m.m01 += d * sy / 6
        m.m20 += d * (p.x * sx + q.x * q.x) / 12
        m.m11 += d * (p.x * (sy + p.y) + q.x * (sy + q.y)) / 24
        m.m02 += d * (p.y * sy + q.y * q.y) / 12
        m.m30 += d * sx * (p.x * p.x + q.x * q.x) / 20
        m.m03 += d * sy * (p.y * p.y + q.y * q.y) / 20
        m.m21 += d * (p.x * p.x * (3 * p.y + q.y) + 2 * q.x * p.x * sy + q.x * q.x * (p.y + 3 * q.y)) / 60
        m.m12 += d * (p.y * p.y * (3 * p.x + q.x) + 2 * q.y * p.y * sx + q.y * q.y * (p.x + 3 * q.x)) / 60
      }
      if m.m00 < 0 {
        for key in [\Moments.m00, \.m10, \.m01, \.m20, \.m11, \.m02, \.m30, \.m21, \.m12, \.m03] {
          m[keyPath: key] = -m[keyPath: key]
        }
      }
    } else {
      let image = try Image(array, "array", channels: 1...1)
      let values = try inMemory { () throws(GraphError) in try image.tensor.scalars(as: Double.self) }
      for (i, value) in values.enumerated() where value != 0 {
        let (x, y, w) = (Double(i % image.width), Double(i / image.width), binaryImage ? 1 : value)
        m.m00 += w
        m.m10 += w * x
        m.m01 += w * y
        m.m20 += w * x * x
        m.m11 += w * x * y
        m.m02 += w * y * y
        m.m30 += w * x * x * x
        m.m21 += w * x * x * y
        m.m12 += w * x * y * y
        m.m03 += w * y * y * y
      }
    }
    m.complete()
    return m
  }
}

/// The corners of the convex hull, from the rightmost (or, clockwise with y upwards, the leftmost) on.
func hullIndices(_ points: [Point], clockwise: Bool) -> [Int] {
  let sorted = points.indices.filter { points[$0].x.isFinite && points[$0].y.isFinite }
    .sorted { (points[$0].x, points[$0].y, $0) < (points[$1].x, points[$1].y, $1) }
  func chain(_ order: [Int]) -> [Int] {
    var result: [Int] = []
    for i in order {
      while let b = result.last {
        guard result.count > 1 else {
          if points[b] == points[i] { break }
          break
        }
        let a = result[result.count - 2]
        guard (points[b] - points[a]).cross(points[i] - points[b]) <= 0 else { break }
        result.removeLast()
      }
      if result.last.map({ points[$0] }) != points[i] { result.append(i) }
    }
    return result
  }
  let (lower, upper) = (chain(sorted), chain(sorted.reversed()))
  guard lower.count > 1 else { return Array(lower.prefix(1)) }
  // With y downwards: the upper right way back, then the lower left.
  var ring = lower.dropLast() + upper.dropLast()
  let start = ring.indices.max { (points[ring[$0]].x, points[ring[$0]].y) < (points[ring[$1]].x, points[ring[$1]].y) } ?? 0
  if !clockwise { return monotone(Array(ring[start...] + ring[..<start])) }
  ring.reverse()
  let first = ring.indices.max { (-points[ring[$0]].x, -points[ring[$0]].y) < (-points[ring[$1]].x, -points[ring[$1]].y) } ?? 0
  return monotone(Array(ring[first...] + ring[..<first]))
}

/// A ring of places that rise or fall all the way around is cut where it jumps, as OpenCV does.
private func monotone(_ ring: [Int]) -> [Int] {
  let turns = ring.indices.map { ring[($0 + 1) % ring.count] > ring[$0] }
  let jumps = ring.indices.filter { turns[$0] != turns[($0 + 1) % ring.count] }
  guard ring.count > 2, jumps.count == 2 else { return ring }
  let rises = turns.count { $0 }
  guard rises == 1 || rises == ring.count - 1, let jump = turns.firstIndex(of: rises == 1) else { return ring }
  return Array(ring[(jump + 1)...] + ring[...jump])
}
