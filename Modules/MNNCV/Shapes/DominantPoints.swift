/// The points of a closed chain of neighbors at which it bends most, by Teh and Chin's regions of support.
///
/// - SeeAlso: C. Teh and R. Chin, On the detection of dominant points on digital curves, 1989.
struct DominantPoints {
  /// What is measured at a point.
  enum Curvature {
    /// The change of direction, in eighths of a turn.
    case turn
    /// The cosine between the ends of the region of support.
    case cosine
  }

  private let points: [SIMD2<Int32>]
  /// Curvatures, 0 for points that are out.
  private var weights: [Float]
  private var isKept: [Bool]
  /// How far the region of support reaches to each side.
  private var reach: [Int]

  /// The dominant ones of `points`, in their order.
  static func of(_ points: [SIMD2<Int32>], _ curvature: Curvature) -> [SIMD2<Int32>] {
    guard points.count > 1 else { return points }
    var chain = DominantPoints(points)
    chain.measure(curvature)
    chain.keepMaxima()
    return chain.kept(thinned: curvature == .turn)
  }

  private init(_ points: [SIMD2<Int32>]) {
    self.points = points
    let count = points.count
    let directions = points.indices.map { Self.direction(points[$0 + 1 < count ? $0 + 1 : 0] &- points[$0]) }
    weights = directions.indices.map {
      let turn = abs(directions[$0] - directions[$0 > 0 ? $0 - 1 : count - 1])
      return Float(min(turn, 8 - turn))
    }
    isKept = weights.map { $0 > 0 }
    reach = [Int](repeating: 0, count: count)
  }

  /// A step to a neighbor in eighths of a turn.
  private static func direction(_ step: SIMD2<Int32>) -> Int {
    switch (step.x, step.y) {
    case (1, 0): 0
    case (1, -1): 1
    case (0, -1): 2
    case (-1, -1): 3
    case (-1, 0): 4
    case (-1, 1): 5
    case (0, 1): 6
    default: 7
    }
  }

  /// From the point `i` to those `distance` before and after it.
  private func arms(_ i: Int, _ distance: Int) -> (before: SIMD2<Int>, after: SIMD2<Int>) {
    let before = points[i >= distance ? i - distance : i - distance + points.count]
    let after = points[i + distance < points.count ? i + distance : i + distance - points.count]
    return (SIMD2(truncatingIfNeeded: before &- points[i]), SIMD2(truncatingIfNeeded: after &- points[i]))
  }

  private mutating func measure(_ curvature: Curvature) {
    for i in points.indices where isKept[i] {
      reach[i] = support(i)
      if curvature == .cosine { weights[i] = cosine(i) }
    }
  }

  /// How far the chord around a point can grow before it shrinks or before the point's distance from it, by its length, does.
  private func support(_ i: Int) -> Int {
    var (height, length) = (0, 0)  // twice the area over the chord, and the chord's square
    var distance = 1
    while distance <= points.count {
      let (before, after) = arms(i, distance)
      let chord = after &- before
      let newLength = chord.x * chord.x + chord.y * chord.y
      let newHeight = before.y * chord.x - before.x * chord.y
      if distance > 1 {
        let difference = Float(Double(height) * Double(newLength) - Double(newHeight) * Double(length))
        if length >= newLength || (height > 0 && difference <= 0) || (height < 0 && difference >= 0) { break }
      }
      (height, length) = (newHeight, newLength)
      distance += 1
    }
    return distance - 1
  }

  /// The cosine, raised above 0, of the widest arms after which it no longer grows; 0 where an arm returns to the point.
  private func cosine(_ i: Int) -> Float {
    var best: Float = 0
    for distance in stride(from: reach[i], to: 0, by: -1) {
      let (before, after) = arms(i, distance)
      guard before != .zero, after != .zero else { break }
      let squares = Double(before.x * before.x + before.y * before.y) * Double(after.x * after.x + after.y * after.y)
      let cosine = Float(Double(before.x * after.x + before.y * after.y) / squares.squareRoot())
      let raised = Float(Double(cosine) + 1.1)
      if distance < reach[i], raised <= best { break }
      best = raised
    }
    return best
  }

  /// Drops points that bend less than others in half their region, then, of points with the smallest region, those that do not
  /// bend more than both neighbors. A point that is dropped no longer counts for those after it.
  private mutating func keepMaxima() {
    for i in points.indices where reach[i] > 1 {
      if (1...reach[i] / 2).contains(where: { heaviest(i, $0) > weights[i] }) { drop(i) }
    }
    for i in points.indices where isKept[i] && reach[i] == 1 && weights[i] <= heaviest(i, 1) { drop(i) }
  }

  /// The greater weight of the two points at a distance.
  private func heaviest(_ i: Int, _ distance: Int) -> Float {
    let count = points.count
    return max(
      weights[i >= distance ? i - distance : i - distance + count],
      weights[i + distance < count ? i + distance : i + distance - count])
  }

  private mutating func drop(_ i: Int) {
    isKept[i] = false
    weights[i] = 0
  }

  /// The points that are left; `thinned`, only the ends of those that follow one another.
  private mutating func kept(thinned: Bool) -> [SIMD2<Int32>] {
    var repeated: [SIMD2<Int32>] = []
    if thinned, isKept.contains(false) {
      if isKept[0], isKept[points.count - 1] {
        repeated = thinAcrossTheStart()
      } else {
        thin(from: 0)
      }
    }
    return points.indices.filter { isKept[$0] }.map { points[$0] } + repeated
  }

  /// Where the first and the last point both are left. Returns what follows the last point.
  private mutating func thinAcrossTheStart() -> [SIMD2<Int32>] {
    let last = points.count - 1
    let leading = isKept.firstIndex(of: false) ?? 0
    let trailing = (isKept.lastIndex(of: false) ?? last) + 1
    guard leading == 1, trailing == last else {
      for i in trailing + 1..<max(trailing + 1, points.count) { isKept[i] = false }
      thin(from: leading - 1)
      return []
    }
    // OpenCV compares the last point with the first, yet gives the first in any case, and once more if it wins.
    let next = isKept[1...].firstIndex(of: true) ?? last
    thin(from: next, before: last)
    let lastWins = weights[last] > weights[0] || (weights[last] == weights[0] && reach[last] <= reach[0])
    isKept[last] = lastWins
    return lastWins ? [] : [points[0]]
  }

  /// Of two neighbors keeps the one that bends more, of more the first and the last. As in OpenCV, the second too of those that
  /// begin at `start`.
  private mutating func thin(from start: Int, before end: Int? = nil) {
    let end = end ?? points.count
    var i = start
    while i < end {
      guard isKept[i] else {
        i += 1
        continue
      }
      let first = i
      while i < end, isKept[i] { i += 1 }
      let last = i - 1
      if last == first + 1 {
        let firstWins = weights[first] > weights[last] || (weights[first] == weights[last] && reach[first] <= reach[last])
        isKept[firstWins ? last : first] = false
      } else if last > first {
        for k in (first == start ? first + 2 : first + 1)..<last { isKept[k] = false }
      }
    }
  }
}
