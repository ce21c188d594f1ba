public import MNNExpr
import MNNGraph

extension cv {
  /// A curve of fewer points that stays within `epsilon` of another, by Ramer, Douglas and Peucker's halving.
  ///
  /// - Parameters:
  ///   - curve: `[n, 2]` or `[n, 1, 2]`.
  ///   - closed: whether the last point leads to the first again.
  /// - Returns: `[m, 1, 2]`, `int32` if `curve` has integers, else `float32`.
  /// - SeeAlso: D. Douglas and T. Peucker, Algorithms for the reduction of the number of points, 1973.
  public static func approxPolyDP(_ curve: Variable, _ epsilon: Double, _ closed: Bool) throws(ImageError) -> Variable {
    let line = try finitePoints(curve, "curve")
    guard epsilon >= 0, epsilon < 1e30 else {
      throw ImageError(.argumentInvalid, "no such distance", expected: "epsilon from 0 to 10^30", found: "\(epsilon)")
    }
    let kept = line.isEmpty ? [] : straightened(halved(line, epsilon, closed), epsilon, closed)
    if try contents(curve, "curve").dtype.isInteger {
      return try array([kept.count, 1, 2], kept.flatMap { [Int32(converting: $0.x), Int32(converting: $0.y)] })
    }
    return try array([kept.count, 1, 2], kept.flatMap { [Float($0.x), Float($0.y)] })
  }

  /// Whether a point lies in a polygon, or how far from its edge.
  ///
  /// - Parameters:
  ///   - contour: `[n, 2]` or `[n, 1, 2]`.
  ///   - measureDist: whether distances are asked for.
  /// - Returns: positive inside, negative outside, 0 on the edge: 1 and -1, or the distance in pixels.
  public static func pointPolygonTest(
    _ contour: Variable, _ pt: (x: Double, y: Double), _ measureDist: Bool
  ) throws(ImageError) -> Double {
    let polygon = try finitePoints(contour, "contour")
    guard abs(pt.x) < 1e15, abs(pt.y) < 1e15 else {
      throw ImageError(.argumentInvalid, "pt is nowhere", expected: "coordinates below 10^15", found: "\(pt.x), \(pt.y)")
    }
    // OpenCV takes points as float32.
    let p = Point(x: Double(Float(pt.x)), y: Double(Float(pt.y)))
    guard !polygon.isEmpty else { return measureDist ? -Double.greatestFiniteMagnitude : -1 }
    var (isInside, nearest) = (false, Double.infinity)
    for (i, b) in polygon.enumerated() {
      let a = polygon[(i + polygon.count - 1) % polygon.count]
      nearest = min(nearest, squareToSegment(p, a, b))
      // A ray to the right; of the two ends of an edge only the lower counts.
      if (a.y <= p.y) != (b.y <= p.y), ((b - a).cross(p - a) > 0) == (b.y > a.y) { isInside.toggle() }
    }
    if nearest == 0 { return 0 }
    return (isInside ? 1 : -1) * (measureDist ? nearest.squareRoot() : 1)
  }

  /// The square of the distance from a point to the line between two others; 0 only for points that lie on it.
  private static func squareToSegment(_ p: Point, _ a: Point, _ b: Point) -> Double {
    let (edge, toPoint) = (b - a, p - a)
    let (along, square) = (toPoint.dot(edge), edge.dot(edge))
    if along <= 0 { return toPoint.dot(toPoint) }
    if along >= square { return (p - b).dot(p - b) }
    let across = toPoint.cross(edge)
    return across * across / square
  }

  /// The points at which pieces are cut until each lies within `epsilon` of the line between its ends.
  private static func halved(_ line: [Point], _ epsilon: Double, _ isClosed: Bool) -> [Point] {
    let n = line.count
    guard n > 1 else { return line }
    var (first, pending) = (0, [(Int, Int)]())
    if isClosed {
      // Two points far from each other: three times the one farthest from the last found.
      var far = (place: 0, square: 0.0)
      for _ in 0..<3 {
        first = far.place
        far = (first, 0)
        for step in 1..<max(2, n) {
          let place = (first + step) % n
          let d = line[place] - line[first]
          if d.dot(d) > far.square { far = (place, d.dot(d)) }
        }
      }
      if far.square <= epsilon * epsilon { return [line[first]] }
      pending = [(far.place, first), (first, far.place)]
    } else {
      pending = [(0, n - 1)]
    }
    var kept: [Point] = []
    while let (start, end) = pending.popLast() {
      var far = (place: start, square: 0.0)
      var place = (start + 1) % n
      while place != end, start != end {
        let square = squareToSegment(line[place], line[start], line[end])
        if square > far.square { far = (place, square) }
        place = (place + 1) % n
      }
      if far.square <= epsilon * epsilon {
        kept.append(line[start])
      } else {
        pending += [(far.place, end), (start, far.place)]
      }
    }
    if !isClosed { kept.append(line[n - 1]) }
    return kept
  }

  /// Leaves out points between whose neighbors the line is as good as straight; of two in a row only the first.
  private static func straightened(_ line: [Point], _ epsilon: Double, _ isClosed: Bool) -> [Point] {
    let n = line.count
    guard n > 2 else { return line }
    var kept: [Point] = []
    var left = n
    var last = line[isClosed ? n - 1 : 0]
    if !isClosed { kept.append(last) }
    // For a closed line the first point is looked at first, and the end of the last look is the first again.
    var i = isClosed ? 0 : 1
    let end = isClosed ? n : n - 1
    while i < end {
      let (point, next) = (line[i], line[(i + 1) % n])
      let chord = next - last
      let distance = abs((point - last).cross(chord))
      if left > 2, distance * distance <= 0.5 * epsilon * epsilon * chord.dot(chord), chord.x != 0, chord.y != 0,
        (point - last).dot(next - point) >= 0
      {
        left -= 1
        // The neighbor stays.
        kept.append(next)
        last = next
        i += 2
      } else {
        kept.append(point)
        last = point
        i += 1
      }
    }
    if !isClosed, i == n - 1 { kept.append(line[n - 1]) }
    return kept
  }
}
