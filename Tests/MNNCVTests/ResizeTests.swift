import MNNCV
import MNNGraph
import Testing

@Suite("resize")
struct ResizeTests {
  @Test("averages areas as OpenCV does", arguments: [7, 11, 19])
  func golden(height: Int) throws {
    let image = try imread("\(ImreadTests.data)/rgb.png")
    let expected = try NPZArchive(contentsOf: "\(ImreadTests.data)/expected.npz").tensor(named: "rgb.png/area\(height)")
    let result = try resize(image, width: height + 2, height: height)
    #expect(result.shape == expected.shape)
    // Means of equal weight are summed in another order.
    #expect(try ImreadTests.largestDifference(result, expected) <= 1)
  }

  @Test("refuses sizes it cannot give")
  func refuses() throws {
    let image = try imread("\(ImreadTests.data)/rgb.png")
    for (width, height) in [(0, 1), (1, 0), (-1, 3), (24, 19), (Int.max, 1)] {
      let error = #expect(throws: ImageError.self) { try resize(image, width: width, height: height) }
      #expect(error?.code == .argumentInvalid)
    }
    #expect(throws: ImageError.self) { try resize(Tensor([Float(1)]), width: 1, height: 1) }
  }
}
