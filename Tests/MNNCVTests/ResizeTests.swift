import MNNCV
import MNNExpr
import MNNGraph
import Testing

@Suite("resize")
struct ResizeTests {
  @Test("averages areas as OpenCV does", arguments: [7, 11, 19])
  func golden(height: Int) throws {
    let image = try cv.imread("\(ImreadTests.data)/rgb.png")
    let expected = try NPZArchive(contentsOf: "\(ImreadTests.data)/expected.npz").tensor(named: "rgb.png/area\(height)")
    let result = try cv.resize(image, (height + 2, height), interpolation: .area).tensor()
    #expect(result.shape == expected.shape)
    // Means of equal weight are summed in another order.
    #expect(try ImreadTests.largestDifference(result, expected) <= 1)
  }

  @Test("refuses sizes it cannot give")
  func refuses() throws {
    let image = try cv.imread("\(ImreadTests.data)/rgb.png")
    for (width, height) in [(0, 1), (1, 0), (-1, 3), (Int.max, 1), (1 << 30, 1 << 30)] {
      let error = #expect(throws: ImageError.self) { try cv.resize(image, (width, height)) }
      #expect(error?.code == .argumentInvalid || error?.code == .outOfMemory)
    }
    #expect(throws: ImageError.self) { try cv.resize(Variable([Float(1)]), (1, 1)) }
  }
}
