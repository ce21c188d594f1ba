// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
public import MNNExpr
import MNNGraph

extension cv {
  public static let LINE_4 = LineType.connected4
  public static let LINE_8 = LineType.connected8
  public static let LINE_AA = LineType.antialiased
  /// A thickness that fills.
  public static let FILLED = -1

  private static func canvas(_ img: Variable, _ color: [Double], _ thickness: Int, _ shift: Int) throws(ImageError) -> Canvas {
    guard thickness <= 32767, thickness != 0, 0...16 ~= shift else {
      throw ImageError(
        .argumentInvalid, "cannot draw so", expected: "a thickness up to 32767, not 0, and a shift of 0...16",
        found: "\(thickness) and \(shift)")
    }
    return try Canvas(Image(img, "img"), color)
  }

  private static func point(_ p: (x: Int, y: Int), _ shift: Int) throws(ImageError) -> Point {
    try checked(Point(x: Double(p.x) / Double(1 << shift), y: Double(p.y) / Double(1 << shift)))
  }

  /// The points of a list that are drawn.
  private static func drawn(_ list: Variable, _ name: String, _ shift: Int) throws(ImageError) -> [Point] {
    try points(list, name).map { (p) throws(ImageError) in try checked(p * (1 / Double(1 << shift))) }
  }

  /// Throws unless `p` is where OpenCV's 32 bits reach.
  private static func checked(_ p: Point) throws(ImageError) -> Point {
    guard abs(p.x) <= 0x1p31, abs(p.y) <= 0x1p31 else {
      throw ImageError(
        .argumentInvalid, "a point is nowhere", expected: "coordinates from -2^31 to 2^31", found: "\(p.x), \(p.y)")
    }
    return p
  }

  /// The image with a line.
  ///
  /// - Parameters:
  ///   - color: of each channel.
  ///   - thickness: in pixels; ends are round.
  ///   - shift: bits of fraction in the points.
  /// - Returns: a new image; `img` stays as it is.
  public static func line(
    _ img: Variable, _ pt1: (x: Int, y: Int), _ pt2: (x: Int, y: Int), _ color: [Double], thickness: Int = 1,
    lineType: LineType = .connected8, shift: Int = 0
  ) throws(ImageError) -> Variable {
    let canvas = try canvas(img, color, thickness, shift)
    try canvas.line(point(pt1, shift), point(pt2, shift), thickness, lineType)
    return canvas.image.variable
  }

  /// The image with a line whose end `pt2` has two hooks.
  ///
  /// - Parameter tipLength: of the hooks, as a share of the line.
  public static func arrowedLine(
    _ img: Variable, _ pt1: (x: Int, y: Int), _ pt2: (x: Int, y: Int), _ color: [Double], thickness: Int = 1,
    lineType: LineType = .connected8, shift: Int = 0, tipLength: Double = 0.1
  ) throws(ImageError) -> Variable {
    let canvas = try canvas(img, color, thickness, shift)
    let (a, b) = (try point(pt1, shift), try point(pt2, shift))
    guard abs(tipLength) <= 1000 else {
      throw ImageError(.argumentInvalid, "no arrow has such hooks", expected: "a share up to 1000", found: "\(tipLength)")
    }
    canvas.line(a, b, thickness, lineType)
    let (size, angle) = ((b - a).length * tipLength, atan2(a.y - b.y, a.x - b.x))
    for side in [Double.pi / 4, -.pi / 4] {
      let (x, y) = canvas.pixel(Point(x: b.x + size * cos(angle + side), y: b.y + size * sin(angle + side)))
      canvas.line(Point(x: Double(x), y: Double(y)), b, thickness, lineType)
    }
    return canvas.image.variable
  }

  /// The image with a circle; a negative `thickness` fills it.
  public static func circle(
    _ img: Variable, _ center: (x: Int, y: Int), _ radius: Int, _ color: [Double], thickness: Int = 1,
    lineType: LineType = .connected8, shift: Int = 0
  ) throws(ImageError) -> Variable {
    let canvas = try canvas(img, color, thickness, shift)
    guard 0...(1 << 20) ~= radius >> shift else {
      throw ImageError(.argumentInvalid, "no circle has this radius", expected: "0 to 2^20 pixels", found: "\(radius)")
    }
    let middle = try point(center, shift)
    if thickness <= 1, shift == 0, lineType != .antialiased {
      let (x, y) = canvas.pixel(middle)
      canvas.circle(x, y, radius, isFilled: thickness < 0)
      return canvas.image.variable
    }
    let r = Double(radius) / Double(1 << shift)
    let steps = max(16, min(720, Int(converting: r * 4)))
    let ring = (0..<steps).map { i in
      let angle = 2 * Double.pi * Double(i) / Double(steps)
      return Point(x: middle.x + r * cos(angle), y: middle.y + r * sin(angle))
    }
    if thickness < 0 {
      canvas.fill([ring], lineType)
    } else {
      for i in ring.indices { canvas.line(ring[i], ring[(i + 1) % ring.count], thickness, lineType) }
    }
    return canvas.image.variable
  }

  /// The image with an upright rectangle whose opposite corners are given; a negative `thickness` fills it.
  public static func rectangle(
    _ img: Variable, _ pt1: (x: Int, y: Int), _ pt2: (x: Int, y: Int), _ color: [Double], thickness: Int = 1,
    lineType: LineType = .connected8, shift: Int = 0
  ) throws(ImageError) -> Variable {
    let canvas = try canvas(img, color, thickness, shift)
    let corners = try [pt1, (pt2.x, pt1.y), pt2, (pt1.x, pt2.y)].map { (p) throws(ImageError) in try point(p, shift) }
    if thickness < 0 {
      canvas.fill([corners], lineType)
    } else {
      for i in 0..<4 { canvas.line(corners[i], corners[(i + 1) % 4], thickness, lineType) }
    }
    return canvas.image.variable
  }

  /// The image with lines through the points of each list; closed if `isClosed`.
  public static func polylines(
    _ img: Variable, _ pts: [Variable], _ isClosed: Bool, _ color: [Double], thickness: Int = 1,
    lineType: LineType = .connected8, shift: Int = 0
  ) throws(ImageError) -> Variable {
    let canvas = try canvas(img, color, thickness, shift)
    for list in pts {
      let line = try drawn(list, "pts", shift)
      for i in line.indices where isClosed || i > 0 {
        canvas.line(line[(i + line.count - 1) % line.count], line[i], thickness, lineType)
      }
    }
    return canvas.image.variable
  }

  /// The image with the inside of polygons filled where an odd number of them overlaps.
  ///
  /// - Parameter offset: added to every point.
  public static func fillPoly(
    _ img: Variable, _ contours: [Variable], _ color: [Double], lineType: LineType = .connected8, shift: Int = 0,
    offset: (x: Int, y: Int) = (0, 0)
  ) throws(ImageError) -> Variable {
    let canvas = try canvas(img, color, 1, shift)
    var polygons: [[Point]] = []
    for contour in contours {
      let moved = Point(x: Double(offset.x), y: Double(offset.y))
      polygons.append(
        try drawn(contour, "contours", shift).map { (p) throws(ImageError) in try checked(p + moved) })
    }
    canvas.fill(polygons.filter { !$0.isEmpty }, lineType)
    return canvas.image.variable
  }

  /// The image with contours as ``findContours(_:_:_:offset:)`` gives them.
  ///
  /// - Parameters:
  ///   - contourIdx: which; negative for all.
  ///   - thickness: negative fills them.
  public static func drawContours(
    _ img: Variable, _ contours: [Variable], _ contourIdx: Int, _ color: [Double], thickness: Int = 1,
    lineType: LineType = .connected8
  ) throws(ImageError) -> Variable {
    guard contourIdx < contours.count else {
      throw ImageError(.argumentInvalid, "no such contour", expected: "below \(contours.count)", found: "\(contourIdx)")
    }
    let chosen = contourIdx < 0 ? contours : [contours[contourIdx]]
    return thickness < 0
      ? try fillPoly(img, chosen, color, lineType: lineType)
      : try polylines(img, chosen, true, color, thickness: thickness, lineType: lineType)
  }
}
