// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
public import MNNExpr
import MNNGraph

/// How letters are drawn.
public enum FontFace: Sendable, Hashable, CaseIterable {
  /// Capitals of 21 pixels at a scale of 1; of 9 pixels; of 21 pixels with double strokes.
  case simplex, plain, duplex

  /// Pixels of a unit of the font at a scale of 1.
  fileprivate var unit: Double { self == .plain ? 9 / StrokeFont.height : 1 }
  /// Where strokes are drawn again, in units.
  fileprivate var offsets: [Double] { self == .duplex ? [0, 1] : [0] }
}

extension cv {
  public static let FONT_HERSHEY_SIMPLEX = FontFace.simplex
  public static let FONT_HERSHEY_PLAIN = FontFace.plain
  public static let FONT_HERSHEY_DUPLEX = FontFace.duplex

  /// The image with text.
  ///
  /// The letters are this module's own, the printable ones of ASCII; others become question marks. They have the heights and
  /// about the widths of OpenCV's Hershey fonts, but other pixels, so that text is to be measured with
  /// ``getTextSize(_:_:_:_:italic:)``, not by numbers taken from OpenCV.
  /// - Parameters:
  ///   - org: where the first letter's base line begins.
  ///   - fontScale: times the size of `fontFace`.
  ///   - color: of each channel.
  ///   - italic: letters lean to the right (OpenCV's `FONT_ITALIC`).
  ///   - bottomLeftOrigin: whether the picture's rows begin at the bottom.
  /// - Returns: a new image; `img` stays as it is.
  public static func putText(
    _ img: Variable, _ text: String, _ org: (x: Int, y: Int), _ fontFace: FontFace, _ fontScale: Double, _ color: [Double],
    thickness: Int = 1, lineType: LineType = .connected8, bottomLeftOrigin: Bool = false, italic: Bool = false
  ) throws(ImageError) -> Variable {
    try checkText(fontScale, thickness)
    guard abs(Double(org.x)) < 1e9, abs(Double(org.y)) < 1e9 else {
      throw ImageError(.argumentInvalid, "org is nowhere", expected: "coordinates below 10^9", found: "\(org.x), \(org.y)")
    }
    let canvas = try Canvas(Image(img, "img"), color)
    let scale = fontScale * fontFace.unit
    let up = bottomLeftOrigin ? scale : -scale
    var start = Double(org.x)
    for character in text {
      // What begins to the right of the picture stays there.
      if start - StrokeFont.height * scale > Double(canvas.image.width + thickness) { break }
      let glyph = StrokeFont.plain.glyph(character)
      for offset in fontFace.offsets {
        func place(_ p: Point) -> Point {
          Point(x: start + (p.x + offset + (italic ? p.y * slant : 0)) * scale, y: Double(org.y) + p.y * up)
        }
        for stroke in glyph.strokes {
          for (a, b) in zip(stroke, stroke.dropFirst()) {
            let (a, b) = (place(a), place(b))
            if lineType == .antialiased {
              canvas.line(a, b, thickness, lineType)
            } else {
              canvas.line(rounded(a), rounded(b), thickness, lineType)
            }
          }
        }
      }
      start += glyph.advance * scale
    }
    return canvas.image.variable
  }

  /// The size of text as ``putText(_:_:_:_:_:_:thickness:lineType:bottomLeftOrigin:italic:)`` draws it.
  ///
  /// - Returns: width and height, from the base line up, of a box that holds the text, in pixels, and how far it reaches below
  ///   the base line.
  public static func getTextSize(
    _ text: String, _ fontFace: FontFace, _ fontScale: Double, _ thickness: Int, italic: Bool = false
  ) throws(ImageError) -> (size: (width: Int, height: Int), baseLine: Int) {
    try checkText(fontScale, thickness)
    let scale = fontScale * fontFace.unit
    let units = text.reduce(0.0) { $0 + StrokeFont.plain.glyph($1).advance }
    let lean = italic ? StrokeFont.height * slant : 0
    let width = (units + (fontFace.offsets.last ?? 0) + lean) * scale
    guard width < 1e9 else {
      throw ImageError(.imageTooLarge, "the text is too wide", expected: "below 10^9 pixels", found: "\(width)")
    }
    let edge = Double(thickness) / 2
    return (
      (Int(converting: (width + edge).rounded(.up)), Int(converting: (StrokeFont.height * scale + edge).rounded(.up))),
      Int(converting: (StrokeFont.depth * scale + edge).rounded(.up))
    )
  }

  /// How far a letter leans per unit of its height.
  private static let slant = 0.25

  private static func rounded(_ p: Point) -> Point { Point(x: p.x.rounded(), y: p.y.rounded()) }

  private static func checkText(_ scale: Double, _ thickness: Int) throws(ImageError) {
    guard scale > 0, scale <= 1000, 1...255 ~= thickness else {
      throw ImageError(
        .argumentInvalid, "cannot write so", expected: "a scale up to 1000 and a thickness of 1 to 255",
        found: "\(scale) and \(thickness)")
    }
  }
}
