import Foundation
import MNNCV
import MNNGraph
import Testing

/// Kinds of files beside those that ``ImreadTests`` compares with OpenCV's results.
@Suite("Kinds of pictures")
struct PictureKindTests {
  @Test("gray with alpha keeps two channels when it is read unchanged")
  func grayWithAlpha() throws {
    let path = "\(ImreadTests.data)/la.png"
    let image = try imread(path, .unchanged)
    #expect(image.shape == [19, 23, 2])
    let expected = (0..<19).flatMap { y in (0..<23).flatMap { x in [x * 11, (x * 7 + y * 5) % 256] } }
    #expect(try image.scalars(as: Int32.self).map { Int($0) } == expected)
    #expect(try imread(path).shape == [19, 23, 3])
    #expect(try imread(path, ReadMode(.bgra)).shape == [19, 23, 4])
    #expect(try imread("\(ImreadTests.data)/rgba.png", .unchanged).shape == [19, 23, 4])
  }

  @Test("WebP is turned as its EXIF data say")
  func orientationOfWebP() throws {
    let turned = try imread("\(ImreadTests.data)/orientation6.webp")
    #expect(turned.shape == [23, 19, 3])
    let other = try imread("\(ImreadTests.data)/orientation6.png")
    #expect(try turned.scalars(as: UInt8.self) == other.scalars(as: UInt8.self))
    #expect(try imread("\(ImreadTests.data)/orientation6.webp", .unchanged).shape == [19, 23, 3])
  }

  @Test("a WebP that is cut anywhere, or damaged, does not end the process")
  func damagedWebP() throws {
    let bytes = try ImreadTests.bytes("orientation6.webp")
    for count in bytes.indices { _ = try? imdecode(Array(bytes[..<count])) }
    for i in bytes.indices {
      var damaged = bytes
      damaged[i] ^= 0xff
      _ = try? imdecode(damaged)
    }
  }

  /// Values that OpenCV 5.0 gives.
  @Test("the missing bits of bitmaps of 16 bits are zeros")
  func narrowBitmaps() throws {
    let green: [UInt32] = [0xf800, 0x7e0, 0x1f]
    #expect(
      try imdecode(bitmap([0xffff, 0xf800, 0x07e0, 0x001f, 0x1234], masks: green)).scalars(as: UInt8.self)
        == [248, 252, 248, 0, 0, 248, 0, 252, 0, 248, 0, 0, 160, 68, 16])
    for masks in [[], [0x7c00, 0x3e0, 0x1f]] as [[UInt32]] {
      #expect(
        try imdecode(bitmap([0x7fff, 0x7c00, 0x03e0, 0x001f, 0x1234], masks: masks)).scalars(as: UInt8.self)
          == [248, 248, 248, 0, 0, 248, 0, 248, 0, 248, 0, 0, 160, 136, 32])
    }
  }

  /// One row of pixels of 16 bits.
  private func bitmap(_ pixels: [UInt16], masks: [UInt32]) -> [UInt8] {
    func bytes(_ words: [UInt32]) -> [UInt8] {
      words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    let row = pixels.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let padded = row + [UInt8](repeating: 0, count: (4 - row.count % 4) % 4)
    let start = UInt32(54 + 4 * masks.count)
    return [0x42, 0x4d]
      + bytes([start + UInt32(padded.count), 0, start, 40, UInt32(pixels.count), 1, 16 << 16 | 1, masks.isEmpty ? 0 : 3])
      + bytes([UInt32(padded.count), 0, 0, 0, 0] + masks) + padded
  }
}
