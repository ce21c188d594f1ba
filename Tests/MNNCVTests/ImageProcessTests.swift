import MNNCV
import MNNExpr
import MNNGraph
import Testing

@Suite("ImageProcess and Matrix")
struct ImageProcessTests {
  @Test("maps points as the order of its parts says")
  func matrix() throws {
    var m = Matrix()
    m.setScale(2, 3)
    m.postTranslate(1, -1)
    #expect(m.read() == [2, 0, 1, 0, 3, -1, 0, 0, 1])
    m.preTranslate(10, 0)
    #expect(m.read() == [2, 0, 21, 0, 3, -1, 0, 0, 1])
    m.setRotate(90, 1, 1)
    #expect(zip(m.read(), [0, -1, 2, 1, 0, 0, 0, 0, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
    m.setScale(2, 4, 1, 1)
    try m.invert()
    #expect(zip(m.read(), [0.5, 0, 0.5, 0, 0.25, 0.75, 0, 0, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
    let from: [(x: Double, y: Double)] = [(0, 0), (10, 1), (9, 12), (-1, 8)],
      to: [(x: Double, y: Double)] = [(1, 2), (5, 3), (6, 9), (0, 7)]
    for count in 1...4 {
      try m.setPolyToPoly(Array(from.prefix(count)), Array(to.prefix(count)))
      let e = m.read()
      for (a, b) in zip(from, to).prefix(count) {
        let w = e[6] * a.x + e[7] * a.y + e[8]
        #expect(abs((e[0] * a.x + e[1] * a.y + e[2]) / w - b.x) < 1e-9 && abs((e[3] * a.x + e[4] * a.y + e[5]) / w - b.y) < 1e-9)
      }
    }
    m.setScale(0, 1)
    #expect(throws: ImageError.self) { try m.invert() }
    #expect(throws: ImageError.self) { try m.write([1]) }
    #expect(throws: ImageError.self) { try m.setPolyToPoly([], []) }
  }

  @Test("samples, arranges and normalizes")
  func process() throws {
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0]  // 2 x 2 RGB, rows of 8 bytes
    var process = ImageProcess(sourceFormat: .rgb, destFormat: .bgr, mean: [1, 1, 1], normal: [2, 2, 2])
    #expect(
      try process.convert(bytes, 2, 2, stride: 8, width: 2, height: 2).scalars(as: Float.self) == [
        4, 2, 0, 10, 8, 6, 16, 14, 12, 22, 20, 18,
      ])
    process.filterType = .bilinear
    var matrix = Matrix()
    matrix.setTranslate(0.5, 0)
    process.setMatrix(matrix)
    // 4.5, 3.5 and 2.5 as bytes are 4, 4 and 2.
    #expect(try process.convert(bytes, 2, 2, stride: 8, width: 1, height: 1).scalars(as: Float.self) == [6, 6, 2])
    process.wrap = .zero
    process.setPadding(100)
    matrix.setTranslate(5, 5)
    process.setMatrix(matrix)
    #expect(try process.convert(bytes, 2, 2, stride: 8, width: 1, height: 1).scalars(as: Float.self) == [198, 198, 198])
    #expect(throws: ImageError.self) { try process.convert(bytes, 2, 3, stride: 8, width: 1, height: 1) }
    #expect(throws: ImageError.self) { try process.convert(bytes, 2, 2, stride: 3, width: 1, height: 1) }
    #expect(throws: ImageError.self) { try process.convert(bytes, Int.max, 2, width: 1, height: 1) }
    process.mean = []
    #expect(throws: ImageError.self) { try process.convert(bytes, 2, 2, stride: 8, width: 1, height: 1) }
  }

  @Test("reads a file for a model as its steps do", arguments: [PixelFormat.rgb, .bgr, .gray, .bgra])
  func fused(format: PixelFormat) throws {
    let input = ModelInput(width: 9, height: 7, format: format, mean: [10], norm: [0.5])
    let image = try cv.imread(
      "\(ImreadTests.data)/rgb.png",
      format == .gray ? .grayscale : format == .bgra ? ReadMode(.bgra) : format == .rgb ? .rgb : .color)
    let small = try cv.resize(image, (9, 7)).scalars(as: Float.self)
    let result = try cv.imread("\(ImreadTests.data)/rgb.png", for: input)
    #expect(try result.shape == [1, format.channelCount, 7, 9])
    let planes = try result.scalars(as: Float.self)
    for (i, value) in small.enumerated() {
      #expect(abs(planes[i % format.channelCount * 63 + i / format.channelCount] - (value - 10) * 0.5) < 1e-4)
    }
  }
}
