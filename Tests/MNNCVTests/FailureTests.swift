import Foundation
import MNNCV
import MNNExpr
import MNNGraph
import Testing

@Suite("what cannot be done")
struct FailureTests {
  static let image = Variable([UInt8](repeating: 7, count: 5 * 6 * 3), shape: [5, 6, 3])
  static let flat = Variable([UInt8](repeating: 7, count: 30), shape: [5, 6])
  static let odd = Variable([Int64](repeating: 1, count: 4), shape: [2, 2])
  static let empty = Variable([UInt8](), shape: [0, 4, 3])
  static let failed = Variable([Float](repeating: 0, count: 3), shape: [2, 2])

  static let unit = Variable([1.0, 0, 0, 0, 1, 0], shape: [2, 3])
  static let corners = Variable([0.0, 0, 9, 0, 9, 9, 0, 9, 4, 2], shape: [5, 2])
  static let same = Variable([Double](repeating: 3, count: 10), shape: [5, 2])

  static let calls: [(String, @Sendable () throws -> Void)] = [
    ("a variable with an error", { _ = try cv.blur(failed, (3, 3)) }),
    ("another type", { _ = try cv.flip(Variable([Half(0)], shape: [1, 1]), 0) }),
    ("an integer image", { _ = try cv.blur(odd, (3, 3)) }), ("an empty image", { _ = try cv.cvtColor(empty, cv.COLOR_BGR2GRAY) }),
    ("a vector", { _ = try cv.resize(Variable([Float(1)]), (2, 2)) }), ("a size of 0", { _ = try cv.resize(image, (0, 3)) }),
    ("a huge size", { _ = try cv.resize(image, (1 << 29, 1 << 29)) }), ("no size", { _ = try cv.resize(image, nil) }),
    ("a row of a billion pixels", { _ = try cv.resize(flat, (1 << 30, 1)) }),
    (
      "a border of a billion pixels",
      { _ = try cv.copyMakeBorder(flat, top: 0, bottom: 0, left: 1 << 30, right: 0, borderType: .wrap) }
    ),
    ("a scale that is not a number", { _ = try cv.resize(image, nil, fx: .nan, fy: 1) }),
    ("too few channels", { _ = try cv.cvtColor(flat, cv.COLOR_BGR2HSV) }),
    ("too many", { _ = try cv.cvtColor(image, cv.COLOR_GRAY2BGR) }),
    ("an odd video", { _ = try cv.cvtColor(flat, cv.COLOR_YUV2BGR_NV12) }),
    ("a conversion that is none", { _ = try cv.cvtColor(image, ColorConversion(.hsv, .lab)) }),
    ("dstCn of 5", { _ = try cv.cvtColor(image, cv.COLOR_BGR2RGB, dstCn: 5) }),
    ("an even Gaussian", { _ = try cv.GaussianBlur(image, (4, 4), 1) }),
    ("no Gaussian at all", { _ = try cv.GaussianBlur(image, (0, 0), 0) }),
    ("a negative box", { _ = try cv.blur(image, (-1, 3)) }),
    ("a median of 2", { _ = try cv.medianBlur(image, 2) }),
    ("int16 of floats", { _ = try cv.Sobel(Variable([Float(1)], shape: [1, 1]), .int16, 1, 0) }),
    ("no derivative", { _ = try cv.Sobel(image, nil, 0, 0) }),
    ("a kernel of nothing", { _ = try cv.erode(image, Variable([UInt8(0)], shape: [1, 1])) }),
    ("an empty kernel", { _ = try cv.filter2D(image, nil, Variable([Float](), shape: [0, 3])) }),
    ("a singular map", { _ = try cv.warpAffine(image, Variable([Float](repeating: 0, count: 6), shape: [2, 3]), (4, 4)) }),
    ("a map of another shape", { _ = try cv.warpPerspective(image, Variable([Float(1)], shape: [1, 1]), (4, 4)) }),
    (
      "maps that differ",
      {
        _ = try cv.remap(
          image, Variable([Float](repeating: 0, count: 4), shape: [2, 2]), Variable([Float(0)], shape: [1, 1]), .linear)
      }
    ),
    (
      "points on a line",
      {
        _ = try cv.getAffineTransform(
          Variable([Float(0), 0, 1, 1, 2, 2], shape: [3, 2]), Variable([Float(0), 0, 1, 1, 2, 2], shape: [3, 2]))
      }
    ),
    ("images that differ", { _ = try cv.addWeighted(image, 1, flat, 1, 0) }),
    ("a mask that differs", { _ = try cv.mean(image, Variable([UInt8(1)], shape: [1, 1])) }),
    ("nothing to join", { _ = try cv.hconcat([]) }), ("images that do not join", { _ = try cv.vconcat([image, flat]) }),
    (
      "a singular system",
      { _ = try cv.solve(Variable([Double](repeating: 1, count: 4), shape: [2, 2]), Variable([1.0, 2.0], shape: [2, 1])) }
    ),
    ("no such channel", { _ = try cv.calcHist([image], [3], nil, [4], [0, 256]) }),
    ("a range without end", { _ = try cv.calcHist([image], [0], nil, [4], [-.infinity, .infinity]) }),
    ("too many bins", { _ = try cv.calcHist([image], [0, 1, 2], nil, [65536, 65536, 9], [0, 1, 0, 1, 0, 1]) }),
    ("Otsu of colors", { _ = try cv.threshold(image, 0, 255, .binary, .otsu) }),
    ("an even block", { _ = try cv.adaptiveThreshold(flat, 255, .mean, .binary, 4, 0) }),
    ("contours of colors", { _ = try cv.findContours(image, .list, .none) }),
    ("regions of bytes", { _ = try cv.findContours(flat, .floodfill, .none) }),
    ("a tree of labels", { _ = try cv.findContours(Variable([Int32(1), 2], shape: [1, 2]), .tree, .none) }),
    ("levels of floats", { _ = try cv.findContours(Variable([Float(1), 2], shape: [1, 2]), .ccomp, .none) }),
    ("neighbors of 5", { _ = try cv.connectedComponentsWithStats(flat, connectivity: 5) }),
    ("points that are none", { _ = try cv.contourArea(image) }),
    ("a line of no width", { _ = try cv.line(image, (0, 0), (1, 1), [0], thickness: 0) }),
    ("no such contour", { _ = try cv.drawContours(image, [], 0, [1]) }),
    ("a negative circle", { _ = try cv.circle(image, (0, 0), -1, [1]) }),
    (
      "a pose from two points",
      {
        _ = try cv.solvePnP(
          Variable([Double](repeating: 0, count: 6), shape: [2, 3]), Variable([0.0, 0, 1, 1], shape: [2, 2]),
          Variable([1.0, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3]), nil)
      }
    ),
    ("colors that do not fit the size", { _ = try cv.resize(flat, (2, 2), code: cv.COLOR_BGR2GRAY) }),
    ("two means of three channels", { _ = try cv.resize(image, (2, 2), mean: [1, 2]) }),
    ("norms of the channels before", { _ = try cv.warpAffine(image, unit, (2, 2), code: cv.COLOR_BGR2GRAY, norm: [1, 2, 3]) }),
    ("text of no size", { _ = try cv.putText(image, "a", (0, 0), .simplex, 0, [1]) }),
    ("text of no width", { _ = try cv.getTextSize("a", .simplex, 1, 0) }),
    ("text that is nowhere", { _ = try cv.putText(image, "a", (Int.max, 0), .simplex, 1, [1]) }),
    ("a negative distance", { _ = try cv.approxPolyDP(corners, -1, true) }),
    ("a distance that is not a number", { _ = try cv.approxPolyDP(corners, .nan, true) }),
    ("a curve that is nowhere", { _ = try cv.approxPolyDP(Variable([Float.nan, 1], shape: [1, 2]), 1, true) }),
    ("a point that is nowhere", { _ = try cv.pointPolygonTest(corners, (.infinity, 0), true) }),
    ("three pairs for a projective map", { _ = try cv.findHomography(Variable([0.0, 0, 1, 0, 0, 1], shape: [3, 2]), corners) }),
    ("points that do not pair up", { _ = try cv.estimateAffine2D(corners, Variable([0.0, 0], shape: [1, 2])) }),
    ("a projective map of one point", { _ = try cv.findHomography(same, corners) }),
    ("an affine map of one point", { _ = try cv.estimateAffine2D(same, corners, .all) }),
    ("a turn of one point", { _ = try cv.estimateAffinePartial2D(same, corners) }),
    ("a line through one point", { _ = try cv.fitLine(same, .l2, 0, 0, 0) }),
    ("a line with a negative scale", { _ = try cv.fitLine(corners, .huber, -1, 0, 0) }),
    ("an ellipse of four points", { _ = try cv.fitEllipse(Variable([0.0, 0, 1, 0, 1, 1, 0, 1], shape: [4, 2])) }),
    ("an ellipse of one point", { _ = try cv.fitEllipse(same) }),
    ("an ellipse of a line", { _ = try cv.fitEllipse(Variable([0.0, 0, 1, 1, 2, 2, 3, 3, 4, 4], shape: [5, 2])) }),
    (
      "fixed maps that differ",
      {
        _ = try cv.remap(
          image, Variable([Int16](repeating: 0, count: 8), shape: [2, 2, 2]), Variable([UInt16(0)], shape: [1, 1]), .linear)
      }
    ),
    ("a rotation that is none", { _ = try cv.RodriguesJacobian(Variable([Double](repeating: 0, count: 9), shape: [3, 3])) }),
    ("a threshold of 0", { _ = try cv.findHomography(corners, corners, .ransac, ransacReprojThreshold: 0) }),
    ("certainty", { _ = try cv.findHomography(corners, corners, .ransac, confidence: 1) }),
    ("a rotation of two numbers", { _ = try cv.Rodrigues(Variable([1.0, 2.0])) }),
    ("an unknown extension", { _ = try cv.imencode(".tga", image) }),
    ("a picture of 16 bits as JPEG", { _ = try cv.imencode(".jpg", Variable([UInt16(1)], shape: [1, 1])) }),
    ("a folder that is not there", { try cv.imwrite("/nonexistent/a.png", image) }),
    ("a reduction of 3", { _ = try cv.imdecode(cv.imencode(".jpg", image), ReadMode(.bgr, reduction: 3)) }),
  ]

  @Test("is an error with words", arguments: calls.map(\.0))
  func failure(name: String) throws {
    let call = try #require(Self.calls.first { $0.0 == name })
    let error = #expect(throws: ImageError.self) { try call.1() }
    #expect(error.map { !$0.what.isEmpty && $0.description.contains("MNN-V") } == true)
  }

  @Test("survives far coordinates and values that are not numbers")
  func extremes() throws {
    let floats = Variable([Float.nan, .infinity, -.infinity, 1e38, -1e38, 0], shape: [2, 3])
    let map = Variable([Float.nan, 1e30, -1e30, .infinity, 0.5, 1e9], shape: [2, 3])
    for interpolation in [Interpolation.nearest, .linear, .cubic, .lanczos4] {
      for border in Border.allCases {
        _ = try cv.remap(Self.image, map, map, interpolation, borderMode: border)
        _ = try cv.remap(floats, map, map, interpolation, borderMode: border)
        _ = try cv.warpAffine(
          Self.image, Variable([1e300, 0, 1e300, 0, 1e-300, 1e20], shape: [2, 3]), (4, 4), flag: interpolation, isInverse: true,
          borderMode: border)
      }
    }
    for _ in 0..<2 {
      _ = try cv.cvtColor(Variable([Float.nan, .infinity, -1, 2, 1e38, 0], shape: [1, 2, 3]), cv.COLOR_HSV2BGR)
      _ = try cv.cvtColor(Variable([Float.nan, .infinity, -1, 2, 1e38, 0], shape: [1, 2, 3]), cv.COLOR_BGR2Lab)
    }
    _ = try cv.bilateralFilter(floats, 3, 1, 1)
    _ = try cv.normalize(floats, alpha: 0, beta: 255, normType: .minMax, dtype: .uint8)
    _ = try cv.boundingRect(Variable([Float.nan, 1, 2, .infinity], shape: [2, 2]))
    _ = try cv.minAreaRect(Variable([Float.nan, 1, 2, .infinity, 3, 4], shape: [3, 2]))
    _ = try cv.line(Self.image, (Int(Int32.min), 0), (Int(Int32.max), 4), [1, 2, 3], thickness: 3)
    _ = try cv.line(Self.image, (-1_000_000_000, -5), (1_000_000_000, 9), [1, 2, 3])
    _ = try cv.fillPoly(Self.image, [Variable([Int32.min, 0, Int32.max, 0, 0, Int32.max], shape: [3, 2])], [9, 9, 9])
    _ = try cv.calcHist([floats], [0], nil, [4], [-1, 1])
    _ = try cv.threshold(floats, .nan, .nan, .trunc)
  }

  @Test("5,000 damaged files of the other formats", arguments: [".webp", ".bmp"])
  func mutations(ext: String) throws {
    let image = Variable((0..<20 * 17 * 3).map { UInt8($0 % 251) }, shape: [20, 17, 3])
    let good = try cv.imencode(ext, image)
    #expect(try cv.imdecode(good).scalars(as: UInt8.self) == image.scalars(as: UInt8.self))
    var state: UInt64 = 5
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<2_500 {
      var bytes = good
      for _ in 0...random(3) { bytes[random(min(bytes.count, random(2) == 0 ? 80 : bytes.count))] ^= UInt8(1 << random(8)) }
      if random(5) == 0 { bytes.removeLast(random(bytes.count)) }
      do throws(ImageError) { _ = try cv.imdecode(bytes, ReadMode(.bgra), pixelLimit: 1 << 20) } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}
