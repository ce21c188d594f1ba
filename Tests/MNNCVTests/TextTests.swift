import MNNGraph
import Testing

@testable import MNNCV

/// OpenCV's letters are not copied, so that geometry is tested, not pixels.
@Suite("text")
struct TextTests {
  static let printable = String((32...126).compactMap { UnicodeScalar($0).map { Character($0) } })
  static let page = Variable([UInt8](repeating: 0, count: 120 * 200), shape: [120, 200])

  /// Left, top, right and bottom of what is not 0, and how many pixels that are.
  func ink(_ image: Variable) throws -> (left: Int, top: Int, right: Int, bottom: Int, count: Int)? {
    let (pixels, width) = (try image.scalars(as: UInt8.self), try image.shape[1])
    let places = pixels.indices.filter { pixels[$0] != 0 }
    guard let top = places.first, let bottom = places.last else { return nil }
    let columns = places.map { $0 % width }
    return (columns.min() ?? 0, top / width, columns.max() ?? 0, bottom / width, places.count)
  }

  @Test("has lines for every printable character, no two alike")
  func complete() {
    #expect(StrokeFont.plain.characters == Set(Self.printable))
    var seen: [String: Character] = [:]
    for character in Self.printable {
      let glyph = StrokeFont.plain.glyph(character)
      #expect(glyph.advance >= 8 && glyph.advance <= 30, "\(character)")
      #expect(glyph.strokes.isEmpty == (character == " ") && glyph.strokes.allSatisfy { $0.count > 1 }, "\(character)")
      for point in glyph.strokes.joined() {
        #expect(point.x >= 0 && point.x <= glyph.advance && point.y >= -7 && point.y <= 21, "\(character) \(point)")
      }
      let shape = "\(glyph.strokes)"
      #expect(seen[shape] == nil, "\(character) looks like \(seen[shape] ?? " ")")
      seen[shape] = character
    }
  }

  @Test("stays within the box that is told", arguments: FontFace.allCases)
  func box(face: FontFace) throws {
    for character in Self.printable where character != " " {
      for (scale, thickness) in [(1.0, 1), (0.6, 2), (2.3, 3)] {
        for italic in [false, true] {
          let (size, baseLine) = try cv.getTextSize(String(character), face, scale, thickness, italic: italic)
          let image = try cv.putText(
            Self.page, String(character), (60, 70), face, scale, [255], thickness: thickness, italic: italic)
          let found = try #require(try ink(image))
          // The widest line has a margin of its width and of the rounding of its ends.
          let margin = thickness / 2 + 2
          #expect(found.left >= 60 - margin - (italic ? baseLine : 0) && found.right <= 60 + size.width + margin, "\(character)")
          #expect(found.top >= 70 - size.height - margin && found.bottom <= 70 + baseLine + margin, "\(character) \(found)")
        }
      }
    }
  }

  @Test("has capitals as high as OpenCV's fonts and adds up its letters")
  func metrics() throws {
    let image = try cv.putText(Self.page, "H", (10, 50), .simplex, 1, [255])
    let found = try #require(try ink(image))
    #expect((found.top, found.bottom, found.left, found.right) == (29, 50, 13, 28))
    #expect(found.count == 2 * 22 + 14)
    let widths = try ["ab", "a", "b"].map { try cv.getTextSize($0, .simplex, 4, 1).size.width }
    #expect(abs(widths[0] - widths[1] - widths[2]) <= 1)
    let (small, large) = (try cv.getTextSize("Ag", .simplex, 1, 1), try cv.getTextSize("Ag", .simplex, 3, 1))
    #expect(abs(large.size.width - 3 * small.size.width) <= 3 && abs(large.size.height - 3 * small.size.height) <= 3)
    #expect(try cv.getTextSize("A", .plain, 1, 1).size.height == 10)
    #expect(try cv.getTextSize("", .simplex, 1, 1).size.width == 1)
  }

  @Test("draws in color, upside down, heavier, and what is outside not at all")
  func variants() throws {
    let upright = try #require(try ink(cv.putText(Self.page, "L", (20, 60), .simplex, 1, [9])))
    let turned = try #require(try ink(cv.putText(Self.page, "L", (20, 60), .simplex, 1, [9], bottomLeftOrigin: true)))
    #expect((upright.top, upright.bottom, turned.top, turned.bottom) == (39, 60, 60, 81))
    let double = try #require(try ink(cv.putText(Self.page, "L", (20, 60), .duplex, 1, [9])))
    let thick = try #require(try ink(cv.putText(Self.page, "L", (20, 60), .simplex, 1, [9], thickness: 5)))
    #expect(upright.count < double.count && double.count < thick.count)
    #expect(try ink(cv.putText(Self.page, "Hello", (500, 60), .simplex, 1, [255])) == nil)
    #expect(try ink(cv.putText(Self.page, "Hello", (-900, -500), .simplex, 1, [255], thickness: 3)) == nil)
    let color = try cv.putText(
      Variable([Float](repeating: 0, count: 40 * 40 * 3), shape: [40, 40, 3]), "I", (10, 30), .simplex, 1, [0.25, 0.5, 1],
      lineType: .antialiased)
    let middle = try color.scalars(as: Float.self)[(20 * 40 + 14) * 3..<(20 * 40 + 14) * 3 + 3]
    #expect(Array(middle) == [0.25, 0.5, 1])
    #expect(
      try cv.putText(Self.page, "é", (20, 60), .simplex, 1, [9]).scalars(as: UInt8.self)
        == cv.putText(Self.page, "?", (20, 60), .simplex, 1, [9]).scalars(as: UInt8.self))
  }
}
