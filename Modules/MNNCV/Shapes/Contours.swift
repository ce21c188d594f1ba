// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import MNNExpr
import MNNGraph

/// Which borders ``cv/findContours(_:_:_:offset:)`` gives, and how they hang together.
public enum RetrievalMode: Sendable, Hashable, CaseIterable {
  /// The outermost only; all, without relations; all in two levels (outer borders, and holes in them); all, as a tree.
  case external, list, ccomp, tree
}

/// Which points of a border are kept.
public enum ContourApproximation: Sendable, Hashable, CaseIterable {
  /// All; the ends of straight pieces.
  case none, simple
}

extension cv {
  public static let RETR_EXTERNAL = RetrievalMode.external
  public static let RETR_LIST = RetrievalMode.list
  public static let RETR_CCOMP = RetrievalMode.ccomp
  public static let RETR_TREE = RetrievalMode.tree
  public static let CHAIN_APPROX_NONE = ContourApproximation.none
  public static let CHAIN_APPROX_SIMPLE = ContourApproximation.simple

  /// The borders between pixels that are 0 and others, by Suzuki and Abe's following of borders.
  ///
  /// - Parameters:
  ///   - image: `uint8[height, width]`, of one channel.
  ///   - offset: added to every point.
  /// - Returns: the borders, each `int32[n, 1, 2]` of x and y, and for each the next and previous of its level, its first child
  ///   and its parent, -1 for none: `int32[1, borders, 4]`.
  /// - SeeAlso: S. Suzuki and K. Abe, Topological structural analysis of digitized binary images by border following, 1985.
  public static func findContours(
    _ image: Variable, _ mode: RetrievalMode, _ method: ContourApproximation, offset: (x: Int, y: Int) = (0, 0)
  ) throws(ImageError) -> (contours: [Variable], hierarchy: Variable) {
    let image = try Image(image, "image", depths: [.uint8], channels: 1...1)
    var tracer = BorderTracer(image)
    tracer.scan()
    let borders = tracer.selected(mode)
    var contours: [Variable] = []
    for border in borders.order {
      let kept = method == .none ? tracer.borders[border].points : simplified(tracer.borders[border].points)
      let scalars = kept.flatMap { [Int32(clamping: $0.x + offset.x), Int32(clamping: $0.y + offset.y)] }
      contours.append(try array([kept.count, 1, 2], scalars))
    }
    let relations = borders.relations.flatMap { $0.map { Int32($0) } }
    return (contours, try array([1, borders.order.count, 4], relations))
  }

  /// The points at which a closed chain of neighbours changes its direction.
  private static func simplified(_ points: [(x: Int, y: Int)]) -> [(x: Int, y: Int)] {
    guard points.count > 1 else { return points }
    return points.indices.filter { i in
      let (a, b, c) = (points[(i + points.count - 1) % points.count], points[i], points[(i + 1) % points.count])
      return (b.x - a.x, b.y - a.y) != (c.x - b.x, c.y - b.y)
    }.map { points[$0] }
  }
}

/// A border between a region and its surroundings.
struct TracedBorder {
  var isHole: Bool
  var parent: Int
  var points: [(x: Int, y: Int)]
}

/// Follows borders over a picture with a frame of zeros.
private struct BorderTracer {
  /// 0 and 1, and for pixels of borders the number of the border from 2, negative where the pixel to the right is outside.
  private var labels: [Int32]
  private let width: Int
  private let height: Int
  var borders: [TracedBorder] = []

  init(_ image: Image) {
    width = image.width + 2
    height = image.height + 2
    labels = [Int32](repeating: 0, count: width * height)
    image.read(UInt8.self) { pixels in
      for y in 0..<image.height {
        for x in 0..<image.width where pixels[y * image.width + x] != 0 { labels[(y + 1) * width + x + 1] = 1 }
      }
    }
  }

  /// Finds the borders in the order of their first pixels.
  mutating func scan() {
    for y in 1..<height - 1 {
      var last = 1  // the number of the border met last in this row: the frame
      for x in 1..<width - 1 {
        let at = y * width + x
        let value = labels[at]
        let isOuter = value == 1 && labels[at - 1] == 0
        let isHole = value >= 1 && labels[at + 1] == 0
        if isOuter || isHole {
          if !isOuter, value > 1 { last = Int(value) }
          let met = last == 1 ? nil : borders[last - 2]
          // The parent of a border is the one met last if that is of the other kind, else that one's parent.
          let parent = met.map { $0.isHole == !isOuter ? $0.parent : last - 2 } ?? -1
          borders.append(TracedBorder(isHole: !isOuter, parent: parent, points: []))
          follow(at, from: isOuter ? at - 1 : at + 1, number: Int32(borders.count + 1))
        }
        if labels[at] != 0, labels[at] != 1 { last = Int(abs(labels[at])) }
      }
    }
  }

  /// Neighbours counterclockwise on the screen from the right: right, upper right, up, …
  private var steps: [Int] { [1, 1 - width, -width, -1 - width, -1, width - 1, width, width + 1] }

  private mutating func follow(_ start: Int, from outside: Int, number: Int32) {
    let steps = steps
    var points: [(x: Int, y: Int)] = []
    defer { borders[borders.count - 1].points = points }
    func point(_ at: Int) -> (x: Int, y: Int) { (at % width - 1, at / width - 1) }
    // Clockwise from the outside: the first neighbour of the region.
    let origin = steps.firstIndex(of: outside - start) ?? 0
    guard let turn = (1..<8).first(where: { labels[start + steps[(origin + 8 - $0) % 8]] != 0 }) else {
      labels[start] = -number
      points = [point(start)]
      return
    }
    let first = start + steps[(origin + 8 - turn) % 8]
    var (previous, current) = (first, start)
    while true {
      // Counterclockwise from behind: the next neighbour of the region; whether the right one was passed as outside.
      let behind = steps.firstIndex(of: previous - current) ?? 0
      var (next, passedRight) = (previous, false)
      for k in 1...8 {
        let direction = (behind + k) % 8
        if labels[current + steps[direction]] != 0 {
          next = current + steps[direction]
          break
        }
        if direction == 0 { passedRight = true }
      }
      if passedRight { labels[current] = -number } else if labels[current] == 1 { labels[current] = number }
      points.append(point(current))
      if next == start, current == first { return }
      (previous, current) = (current, next)
    }
  }

  /// The borders that a mode gives, in OpenCV's order, and their relations by position: next, previous, child, parent.
  func selected(_ mode: RetrievalMode) -> (order: [Int], relations: [[Int]]) {
    var parents = borders.map(\.parent)
    var chosen = Array(borders.indices)
    switch mode {
    case .external:
      chosen = chosen.filter { !borders[$0].isHole && parents[$0] < 0 }
    case .list: parents = parents.map { _ in -1 }
    case .ccomp: parents = borders.indices.map { borders[$0].isHole ? parents[$0] : -1 }
    case .tree: break
    }
    // Those found last come first, and children after their parents.
    var children: [Int: [Int]] = [:]
    for border in chosen.reversed() { children[parents[border], default: []].append(border) }
    var order: [Int] = []
    var pending = (children[-1] ?? []).reversed() as [Int]
    while let border = pending.popLast() {
      order.append(border)
      pending += (children[border] ?? []).reversed()
    }
    let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    let relations = order.map { border in
      let siblings = children[parents[border]] ?? []
      let place = siblings.firstIndex(of: border) ?? 0
      func at(_ border: Int?) -> Int { border.flatMap { position[$0] } ?? -1 }
      return [
        at(place + 1 < siblings.count ? siblings[place + 1] : nil), at(place > 0 ? siblings[place - 1] : nil),
        at(children[border]?.first), at(parents[border] < 0 ? nil : parents[border]),
      ]
    }
    return (order, relations)
  }
}
