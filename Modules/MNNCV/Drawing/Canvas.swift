import CKernels
import MNNGraph

/// How the pixels of a line touch.
public enum LineType: Sendable, Hashable, CaseIterable {
  /// By edges; by edges or corners.
  case connected4, connected8
  /// Pixels are mixed by how much of them the line covers.
  case antialiased
}

/// An image that is drawn on.
struct Canvas {
  let image: Image
  let color: [Float]

  init(_ image: Image, _ color: [Double]) throws(ImageError) {
    self.image = try image.copy()
    self.color = (0..<image.channels).map { $0 < color.count ? Float(color[$0]) : 0 }
  }

  func set(_ x: Int, _ y: Int) {
    guard x >= 0, y >= 0, x < image.width, y < image.height else { return }
    let at = (y * image.width + x) * image.channels
    for c in 0..<image.channels {
      if image.depth == .uint8 {
        image.write(UInt8.self)[at + c] = UInt8(converting: max(0, min(255, color[c].rounded(.toNearestOrEven))))
      } else {
        image.write(Float.self)[at + c] = color[c]
      }
    }
  }

  /// Mixes the color in by a share of 0...1.
  func mix(_ x: Int, _ y: Int, _ share: Double) {
    guard x >= 0, y >= 0, x < image.width, y < image.height, share > 0 else { return }
    let at = (y * image.width + x) * image.channels
    let share = Float(min(1, share))
    for c in 0..<image.channels {
      if image.depth == .uint8 {
        let old = Float(image.write(UInt8.self)[at + c])
        image.write(UInt8.self)[at + c] = UInt8(
          converting: max(0, min(255, (old + (color[c] - old) * share).rounded(.toNearestOrEven))))
      } else {
        let old = image.write(Float.self)[at + c]
        image.write(Float.self)[at + c] = old + (color[c] - old) * share
      }
    }
  }

  func span(_ x0: Int, _ x1: Int, _ y: Int) {
    guard y >= 0, y < image.height, x0 <= x1, x1 >= 0, x0 < image.width else { return }
    for x in max(0, x0)...min(image.width - 1, x1) { set(x, y) }
  }

  /// Where a line lies within a little more than the picture; nil for nowhere.
  private func clipped(_ a: Point, _ b: Point, _ margin: Double) -> (Point, Point)? {
    var (low, high) = (0.0, 1.0)
    let d = b - a
    let sides = [
      (-d.x, a.x + margin), (d.x, Double(image.width) + margin - a.x), (-d.y, a.y + margin),
      (d.y, Double(image.height) + margin - a.y),
    ]
    for (p, q) in sides {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        low = max(low, q / p)
      } else {
        high = min(high, q / p)
      }
    }
    return low <= high ? (a + d * low, a + d * high) : nil
  }

  /// A line one pixel wide between the centers of pixels.
  func thinLine(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), _ type: LineType) {
    var (a, b) = (from, to)
    let limit = 1 << 15
    if [a.x, a.y, b.x, b.y].contains(where: { abs($0) > limit }) {
      guard let (p, q) = clipped(Point(x: Double(a.x), y: Double(a.y)), Point(x: Double(b.x), y: Double(b.y)), 16) else { return }
      (a, b) = (
        (Int(converting: p.x.rounded()), Int(converting: p.y.rounded())),
        (Int(converting: q.x.rounded()), Int(converting: q.y.rounded()))
      )
    }
    if b.x < a.x { swap(&a, &b) }
    let (dx, dy, step) = (b.x - a.x, abs(b.y - a.y), b.y < a.y ? -1 : 1)
    var (x, y) = a
    if type == .connected4 {
      var error = 0
      for _ in 0...dx + dy {
        set(x, y)
        let alongX = (error >= 0) == (dx >= dy)
        error += error < 0 ? 2 * max(dx, dy) : -2 * min(dx, dy)
        if alongX { x += 1 } else { y += step }
      }
      return
    }
    let isSteep = dy > dx
    var error = max(dx, dy) - 2 * min(dx, dy)
    for _ in 0...max(dx, dy) {
      set(x, y)
      let turns = error < 0
      error += (turns ? 2 * max(dx, dy) : 0) - 2 * min(dx, dy)
      if isSteep {
        y += step
        if turns { x += 1 }
      } else {
        x += 1
        if turns { y += step }
      }
    }
  }

  /// The part of every pixel that a line of a width covers, ends round.
  func smoothLine(_ a: Point, _ b: Point, _ thickness: Double) {
    let margin = thickness / 2 + 1
    guard let (a, b) = clipped(a, b, margin + 1) else { return }
    let d = b - a
    let square = d.dot(d)
    func covered(_ low: Double, _ high: Double, _ size: Int) -> Range<Int> {
      let first = max(0, Int(converting: low))
      return first..<max(first, min(size - 1, Int(converting: high)) + 1)
    }
    let columns = covered(min(a.x, b.x) - margin, max(a.x, b.x) + margin, image.width)
    for y in covered((min(a.y, b.y) - margin).rounded(.down), (max(a.y, b.y) + margin).rounded(.up), image.height) {
      for x in columns {
        let p = Point(x: Double(x), y: Double(y)) - a
        let t = square > 0 ? max(0, min(1, p.dot(d) / square)) : 0
        mix(x, y, thickness / 2 + 0.5 - (p - d * t).length)
      }
    }
  }

  /// A filled disc, or its border one pixel wide, about a pixel.
  func circle(_ cx: Int, _ cy: Int, _ radius: Int, isFilled: Bool) {
    var (x, y, error) = (radius, 0, 0)
    while x >= y {
      for (dx, dy) in [(x, y), (y, x)] {
        for row in [cy - dy, cy + dy] {
          if isFilled {
            span(cx - dx, cx + dx, row)
          } else {
            set(cx - dx, row)
            set(cx + dx, row)
          }
        }
      }
      y += 1
      error += 2 * y - 1
      if error > 0 {
        x -= 1
        error -= 2 * x + 1
      }
    }
  }

  /// The inside of polygons, where an odd number of them lies to the left, and their edges.
  func fill(_ polygons: [[Point]], _ type: LineType) {
    let edges = polygons.flatMap { polygon in polygon.indices.map { (polygon[$0], polygon[($0 + 1) % polygon.count]) } }
    let ys = edges.map { $0.0.y }
    guard let top = ys.min(), let bottom = ys.max(), bottom >= 0, top <= Double(image.height) else { return }
    let first = max(0, Int(converting: top.rounded(.up)))
    let end = min(image.height, max(-1, Int(converting: min(bottom, Double(image.height)).rounded(.down))) + 1)
    for row in first..<max(first, end) {
      let y = Double(row)
      let crossings = edges.compactMap { a, b -> Double? in
        guard (a.y <= y) != (b.y <= y) else { return nil }
        return a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y)
      }.sorted()
      for k in stride(from: 0, to: crossings.count - 1, by: 2) {
        let (left, right) = (max(-1, crossings[k]), min(Double(image.width), crossings[k + 1]))
        if left <= right { span(Int(converting: left.rounded(.up)), Int(converting: right.rounded(.down)), row) }
      }
    }
    for (a, b) in edges {
      if type == .antialiased { smoothLine(a, b, 1) } else { thinLine(pixel(a), pixel(b), type) }
    }
  }

  func pixel(_ p: Point) -> (x: Int, y: Int) {
    (Int(converting: max(-1e9, min(1e9, p.x.rounded()))), Int(converting: max(-1e9, min(1e9, p.y.rounded()))))
  }

  func line(_ a: Point, _ b: Point, _ thickness: Int, _ type: LineType) {
    let thickness = max(thickness, 1)
    if type == .antialiased { return smoothLine(a, b, Double(thickness)) }
    if thickness <= 1 { return thinLine(pixel(a), pixel(b), type) }
    let d = b - a
    // An odd width has half a pixel more on either side of the middle one.
    let half = Double(thickness + thickness % 2) / 2
    if d.length > 0 {
      let across = Point(x: d.y, y: -d.x) * (half / d.length)
      fill([[a + across, a - across, b - across, b + across]], type)
    }
    for end in [a, b] {
      let (x, y) = pixel(end)
      circle(x, y, (thickness + 1) / 2, isFilled: true)
    }
  }
}
