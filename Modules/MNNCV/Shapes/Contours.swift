// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import MNNExpr
import MNNGraph

/// Which borders ``cv/findContours(_:_:_:offset:)`` gives, and how they hang together.
public enum RetrievalMode: Sendable, Hashable, CaseIterable {
  /// The outermost only; all, without relations; all in two levels (outer borders, and holes in them); all, as a tree.
  case external, list, ccomp, tree
  /// All borders between pixels of different values, in two levels.
  case floodfill
}

/// Which points of a border are kept.
public enum ContourApproximation: Sendable, Hashable, CaseIterable {
  /// All; the ends of straight pieces.
  case none, simple
  /// Those at which the border bends most, by Teh and Chin's regions of support: of the change of direction; of the cosine.
  case tc89L1, tc89KCOS
}

extension cv {
  public static let RETR_EXTERNAL = RetrievalMode.external
  public static let RETR_LIST = RetrievalMode.list
  public static let RETR_CCOMP = RetrievalMode.ccomp
  public static let RETR_TREE = RetrievalMode.tree
  public static let RETR_FLOODFILL = RetrievalMode.floodfill
  public static let CHAIN_APPROX_NONE = ContourApproximation.none
  public static let CHAIN_APPROX_SIMPLE = ContourApproximation.simple
  public static let CHAIN_APPROX_TC89_L1 = ContourApproximation.tc89L1
  public static let CHAIN_APPROX_TC89_KCOS = ContourApproximation.tc89KCOS

  /// The borders between pixels that are 0 and others, or of different labels, by Suzuki and Abe's following of borders.
  ///
  /// Of labels, 0 is one as any other; its borders may lie a pixel outside. Those that are negative or from 2^30 on have no
  /// borders of their own.
  ///
  /// - Parameters:
  ///   - image: `uint8[height, width]`, of one channel, or labels `int32[height, width]` for ``RetrievalMode/floodfill``.
  ///     ``RetrievalMode/ccomp`` takes both, and is `floodfill` for labels.
  ///   - offset: added to every point.
  /// - Returns: the borders, each `int32[n, 1, 2]` of x and y, and for each the next and previous of its level, its first child
  ///   and its parent, -1 for none: `int32[1, borders, 4]`.
  /// - SeeAlso: S. Suzuki and K. Abe, Topological structural analysis of digitized binary images by border following, 1985.
  public static func findContours(
    _ image: Variable, _ mode: RetrievalMode, _ method: ContourApproximation, offset: (x: Int, y: Int) = (0, 0)
  ) throws(ImageError) -> (contours: [Variable], hierarchy: Variable) {
    let depths: [DType] = mode == .floodfill ? [.int32] : mode == .ccomp ? [.uint8, .int32] : [.uint8]
    let image = try Image(image, "image", depths: depths, channels: 1...1)
    let traced = image.depth == .int32 ? try RegionTracer(image).borders : try BorderTracer(image).borders
    let borders = BorderTree(traced).selected(image.depth == .int32 ? .floodfill : mode)
    let (dx, dy) = (max(-1 << 40, min(1 << 40, offset.x)), max(-1 << 40, min(1 << 40, offset.y)))
    var contours: [Variable] = []
    for border in borders.order {
      let kept = approximated(traced[border].points, method)
      var scalars: [Int32] = []
      scalars.reserveCapacity(2 * kept.count)
      for point in kept {
        scalars.append(Int32(clamping: Int(point.x) + dx))
        scalars.append(Int32(clamping: Int(point.y) + dy))
      }
      contours.append(try array([kept.count, 1, 2], scalars))
    }
    return (contours, try array([1, borders.order.count, 4], borders.relations))
  }

  private static func approximated(_ points: [SIMD2<Int32>], _ method: ContourApproximation) -> [SIMD2<Int32>] {
    switch method {
    case .none: points
    case .simple: simplified(points)
    case .tc89L1: DominantPoints.of(points, .turn)
    case .tc89KCOS: DominantPoints.of(points, .cosine)
    }
  }

  /// The points at which a closed chain of neighbors changes its direction.
  private static func simplified(_ points: [SIMD2<Int32>]) -> [SIMD2<Int32>] {
    guard points.count > 1, let last = points.last else { return points }
    var kept: [SIMD2<Int32>] = []
    var step = points[0] &- last
    for i in points.indices {
      let after = (i + 1 < points.count ? points[i + 1] : points[0]) &- points[i]
      if after != step { kept.append(points[i]) }
      step = after
    }
    return kept
  }
}

/// How traced borders hang together.
private struct BorderTree {
  let borders: [TracedBorder]

  init(_ borders: [TracedBorder]) { self.borders = borders }

  /// The borders that a mode gives, in OpenCV's order, and their relations by position: next, previous, child, parent.
  func selected(_ mode: RetrievalMode) -> (order: [Int], relations: [Int32]) {
    let count = borders.count
    var parents = [Int](repeating: -1, count: count)
    var (next, previous) = (parents, parents)
    var first = [Int](repeating: -1, count: count + 1)  // the outermost last
    // Those found last come first, and children after their parents.
    for (border, traced) in borders.enumerated() {
      switch mode {
      case .external: if traced.isHole || traced.parent >= 0 { continue }
      case .list: break
      case .ccomp: if traced.isHole { parents[border] = traced.parent }
      case .tree, .floodfill: parents[border] = traced.parent
      }
      let level = parents[border] < 0 ? count : parents[border]
      next[border] = first[level]
      if first[level] >= 0 { previous[first[level]] = border }
      first[level] = border
    }
    var order: [Int] = []
    var places = [Int32](repeating: -1, count: count)
    var border = first[count]
    while border >= 0 {
      places[border] = Int32(clamping: order.count)
      order.append(border)
      if first[border] >= 0 {
        border = first[border]
      } else {
        while border >= 0, next[border] < 0 { border = parents[border] }
        if border >= 0 { border = next[border] }
      }
    }
    var relations: [Int32] = []
    relations.reserveCapacity(4 * order.count)
    for border in order {
      for other in [next[border], previous[border], first[border], parents[border]] {
        relations.append(other < 0 ? -1 : places[other])
      }
    }
    return (order, relations)
  }
}
