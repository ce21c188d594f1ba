import Foundation
import MNNCV
import MNNExpr
import MNNGraph
import Testing

func imread(_ path: String, _ mode: ReadMode = .color, pixelLimit: Int = cv.defaultPixelLimit) throws -> Tensor {
  try cv.imread(path, mode, pixelLimit: pixelLimit).tensor()
}

func imdecode(_ bytes: [UInt8], _ mode: ReadMode = .color, pixelLimit: Int = cv.defaultPixelLimit) throws -> Tensor {
  try cv.imdecode(bytes, mode, pixelLimit: pixelLimit).tensor()
}

@Suite("imread")
struct ImreadTests {
  static let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data").path

  static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: "\(data)/\(name)")))
  }

  static func largestDifference(_ a: Tensor, _ b: Tensor) throws -> Int {
    try zip(a.scalars(as: Int32.self), b.scalars(as: Int32.self)).map { Int(abs($0 - $1)) }.max() ?? 0
  }

  /// PNG is exact. Versions of libjpeg differ in the last bit of the inverse transform, twice where colors are mixed;
  /// gray that we take from colors is rounded once more.
  static func tolerance(_ name: String) -> Int { name.contains(".png/bgr") ? 0 : 2 }

  @Test("gives the pixels that OpenCV gives")
  func golden() throws {
    let expected = try NPZArchive(contentsOf: "\(Self.data)/expected.npz")
    #expect(expected.names.count == 44)
    for name in expected.names where !name.contains("area") {
      let parts = name.split(separator: "/")
      let format = try #require(PixelFormat(rawValue: String(parts[1])))
      let image = try imread("\(Self.data)/\(parts[0])", ReadMode(format))
      let golden = try expected.tensor(named: name)
      #expect(image.shape == golden.shape, "\(name)")
      #expect(try Self.largestDifference(image, golden) <= Self.tolerance(name), "\(name)")
    }
  }

  @Test("gives every format its channels, and opaque pixels where a file has no alpha", arguments: PixelFormat.allCases)
  func formats(format: PixelFormat) throws {
    for name in ["gray.png", "rgb.png", "rgba.png", "gray.jpg", "rgb.jpg", "cmyk.jpg"] {
      let image = try imread("\(Self.data)/\(name)", ReadMode(format))
      #expect(image.shape == [19, 23, format.channelCount])
      let pixels = try image.scalars(as: UInt8.self)
      guard format.channelCount >= 3 else { continue }
      let bgr = try imread("\(Self.data)/\(name)", .color).scalars(as: UInt8.self)
      let order = format == .rgb || format == .rgba ? [2, 1, 0] : [0, 1, 2]
      for pixel in 0..<19 * 23 {
        for channel in 0..<3 { #expect(pixels[pixel * format.channelCount + channel] == bgr[pixel * 3 + order[channel]]) }
        if format.channelCount == 4, name != "rgba.png" { #expect(pixels[pixel * 4 + 3] == 255) }
      }
    }
  }

  @Test("leaves the picture as stored when asked")
  func orientation() throws {
    #expect(try imread("\(Self.data)/orientation6.jpg").shape == [23, 19, 3])
    #expect(try imread("\(Self.data)/orientation6.jpg", ReadMode(.bgr, appliesOrientation: false)).shape == [19, 23, 3])
  }

  @Test("says what is wrong with a file")
  func failures() throws {
    func code(_ body: @autoclosure () throws -> Tensor) -> ImageError.Code? {
      (#expect(throws: ImageError.self) { _ = try body() })?.code
    }
    #expect(code(try imread("/nonexistent.png")) == .fileUnreadable)
    #expect(code(try imread("/tmp")) == .fileUnreadable)
    #expect(code(try imread("\(Self.data)/expected.npz")) == .formatUnknown)
    #expect(code(try imdecode([])) == .formatUnknown)
    #expect(code(try imread("\(Self.data)/rgb.png", pixelLimit: 436)) == .imageTooLarge)
    #expect(code(try imdecode(Array(Self.bytes("rgb.png").prefix(60)))) == .imageDamaged)
    #expect(code(try imdecode(Array(Self.bytes("rgb.jpg").prefix(700)))) == .imageDamaged)
  }

  @Test("refuses a size that the file is too short for")
  func explosion() throws {
    var bytes = try Self.bytes("rgb.png")
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x3f, 0xff, 0, 0, 0x3f, 0xff])
    bytes.replaceSubrange(29..<33, with: Self.checksum(Array(bytes[12..<29])))
    let error = #expect(throws: ImageError.self) { try imdecode(bytes) }
    #expect(error?.code == .imageDamaged)
    #expect(error?.found?.contains("too short") == true)
  }

  /// CRC-32 as PNG writes it.
  static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var sum: UInt32 = 0xffff_ffff
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
    }
    return withUnsafeBytes(of: (~sum).bigEndian) { Array($0) }
  }

  @Test(
    "survives 5,000 damaged files",
    arguments: ["rgb.png", "palette.png", "rgb.jpg", "progressive.jpg", "orientation6.jpg"])
  func mutations(name: String) throws {
    let good = try Self.bytes(name)
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for part in 0..<64 {
      #expect(throws: ImageError.self) { try imdecode(Array(good.prefix(good.count * part / 64))) }
    }
    for _ in 0..<1_000 {
      var bytes = good
      for _ in 0...random(3) { bytes[random(bytes.count)] ^= UInt8(1 << random(8)) }
      if name.hasSuffix(".png"), random(2) == 0 { Self.repairChecksums(&bytes) }
      do throws(ImageError) { _ = try cv.imdecode(bytes, ReadMode(.rgba), pixelLimit: 1 << 20) } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  /// Without this, libpng would refuse nearly every damaged chunk before looking into it.
  static func repairChecksums(_ bytes: inout [UInt8]) {
    var start = 8
    while start + 12 <= bytes.count {
      let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - start - 12 else { return }
      let end = start + 8 + length
      bytes.replaceSubrange(end..<end + 4, with: checksum(Array(bytes[start + 4..<end])))
      start = end + 4
    }
  }
}
