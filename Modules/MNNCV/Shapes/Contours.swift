// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CImageKernels
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
    let tracer = try BorderTracer(image)
    let borders = tracer.selected(mode)
    let (dx, dy) = (max(-1 << 40, min(1 << 40, offset.x)), max(-1 << 40, min(1 << 40, offset.y)))
    var contours: [Variable] = []
    for border in borders.order {
      let kept = method == .none ? tracer.borders[border].points : simplified(tracer.borders[border].points)
      var scalars: [Int32] = []
      scalars.reserveCapacity(2 * kept.count)
      for point in kept {
        scalars.append(Int32(clamping: Int(point.x) + dx))
        scalars.append(Int32(clamping: Int(point.y) + dy))
      }
      contours.append(try array([kept.count, 1, 2], scalars))
    }
    let relations = borders.relations.flatMap { $0.map { Int32($0) } }
    return (contours, try array([1, borders.order.count, 4], relations))
  }

  /// The points at which a closed chain of neighbours changes its direction.
  private static func simplified(_ points: [SIMD2<Int32>]) -> [SIMD2<Int32>] {
    guard points.count > 1, var before = points.last else { return points }
    var kept: [SIMD2<Int32>] = []
    for (i, point) in points.enumerated() {
      let after = i + 1 < points.count ? points[i + 1] : points[0]
      if point &- before != after &- point { kept.append(point) }
      before = point
    }
    return kept
  }
}

/// A border between a region and its surroundings.
struct TracedBorder {
  var isHole: Bool
  var parent: Int
  /// Columns and rows.
  var points: [SIMD2<Int32>]
}

/// Follows the borders of a picture.
private struct BorderTracer {
  /// In the order of their first pixels.
  private(set) var borders: [TracedBorder] = []

  init(_ image: Image) throws(ImageError) {
    // A frame of zeros; 0 and 1, and for pixels of borders the number of the border from 2, negative where the pixel to the right
    // is outside.
    let (width, height) = (image.width + 2, image.height + 2)
    let scratch = try Scratch<Int32>(width * height)
    scratch.use { labels in
      labels.update(repeating: 0, count: width)
      (labels + (height - 1) * width).update(repeating: 0, count: width)
      image.read(UInt8.self) { pixels in
        for y in 0..<image.height {
          let row = labels + (y + 1) * width
          (row[0], row[width - 1]) = (0, 0)
          ik_mark_inside(pixels + y * image.width, row + 1, image.width)
        }
      }
      scan(labels, width, height)
    }
  }

  private mutating func scan(_ labels: UnsafeMutablePointer<Int32>, _ width: Int, _ height: Int) {
    var room = [SIMD2<Int32>](repeating: .zero, count: 1024)
    for y in 1..<height - 1 {
      var last = 1  // the number of the border met last in this row: the frame
      let row = labels + y * width
      var x = 1
      while x < width - 1 {
        let value = row[x]
        let isOuter = value == 1 && row[x - 1] == 0
        let isHole = value >= 1 && row[x + 1] == 0
        if isOuter || isHole {
          if !isOuter, value > 1 { last = Int(value) }
          // The parent of a border is the one met last if that is of the other kind, else that one's parent.
          let parent = last == 1 ? -1 : borders[last - 2].isHole == !isOuter ? borders[last - 2].parent : last - 2
          let number = Int32(clamping: borders.count + 2)
          let points = follow(labels, width, y * width + x, isOuter, number, &room)
          borders.append(TracedBorder(isHole: !isOuter, parent: parent, points: points))
        }
        if row[x] != 0, row[x] != 1 { last = Int(abs(row[x])) }
        x = ik_next_change(row, x + 1, width - 1)
      }
    }
  }

  private func follow(
    _ labels: UnsafeMutablePointer<Int32>, _ width: Int, _ start: Int, _ isOuter: Bool, _ number: Int32,
    _ room: inout [SIMD2<Int32>]
  ) -> [SIMD2<Int32>] {
    while true {
      let capacity = room.count
      let count = room.withUnsafeMutableBytes {
        ik_follow_border(
          labels, width, start, isOuter ? 1 : 0, number, $0.assumingMemoryBound(to: Int32.self).baseAddress, capacity)
      }
      if count <= capacity { return Array(room[..<count]) }
      room = [SIMD2<Int32>](repeating: .zero, count: count)
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
    var places = [Int](repeating: 0, count: borders.count)
    for siblings in children.values { for (place, border) in siblings.enumerated() { places[border] = place } }
    let relations = order.map { border in
      let siblings = children[parents[border]] ?? []
      let place = places[border]
      func at(_ border: Int?) -> Int { border.flatMap { position[$0] } ?? -1 }
      return [
        at(place + 1 < siblings.count ? siblings[place + 1] : nil), at(place > 0 ? siblings[place - 1] : nil),
        at(children[border]?.first), at(parents[border] < 0 ? nil : parents[border]),
      ]
    }
    return (order, relations)
  }
}
