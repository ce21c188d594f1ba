import Foundation
import MNNCV
import MNNExpr
import Testing

@Suite("fits")
struct FitTests {
  static let kinds: [DistanceType] = [.l1, .l12, .fair, .welsch, .huber]

  /// What a line that heeds outliers less makes least.
  func loss(_ d: Double, _ kind: DistanceType) -> Double {
    switch kind {
    case .l2: d * d / 2
    case .l1: d
    case .l12: 2 * ((1 + d * d / 2).squareRoot() - 1)
    case .fair: 1.3998 * 1.3998 * (d / 1.3998 - log(1 + d / 1.3998))
    case .welsch: 2.9846 * 2.9846 / 2 * (1 - exp(-d * d / (2.9846 * 2.9846)))
    case .huber: d < 1.345 ? d * d / 2 : 1.345 * (d - 1.345 / 2)
    }
  }

  @Test("lines have the least loss nearby, and lie by the points in spite of outliers", arguments: kinds)
  func lines(kind: DistanceType) throws {
    var points: [(x: Double, y: Double)] = (0..<40).map { i in
      let t = Double(i) * 2 - 40
      return (10 + 0.8 * t - 0.6 * sin(Double(i * i)) * 0.3, 5 + 0.6 * t + 0.8 * sin(Double(i * i)) * 0.3)
    }
    for i in stride(from: 3, to: 40, by: 9) { points[i].y += 8 }
    let line = try cv.fitLine(Variable(points.flatMap { [$0.x, $0.y] }, shape: [40, 2]), kind, 0, 1e-6, 1e-6)
    let v = try line.scalars(as: Float.self).map { Double($0) }
    func total(_ turn: Double, _ shift: Double) -> Double {
      let (c, s) = (v[0] * cos(turn) - v[1] * sin(turn), v[0] * sin(turn) + v[1] * cos(turn))
      return points.reduce(0) { $0 + loss(abs(($1.x - v[2]) * s - ($1.y - v[3]) * c - shift), kind) }
    }
    let least = total(0, 0)
    for (turn, shift) in [(0.004, 0.0), (-0.004, 0), (0, 0.08), (0, -0.08), (0.003, 0.06), (-0.003, -0.06)] {
      #expect(total(turn, shift) > least, "\(turn) \(shift)")
    }
    #expect(abs(v[0] * 0.6 - v[1] * 0.8) < 0.03)
  }

  @Test("maps of exact pairs among outliers are found, and the outliers told")
  func outliers() throws {
    var (from, to): ([Double], [Double]) = ([], [])
    for i in 0..<50 {
      let (x, y) = (Double(i * 37 % 100), Double(i * 61 % 90))
      from += [x, y]
      to += i % 5 == 0 ? [x + 40 + Double(i), y - 30] : [0.9 * x - 0.2 * y + 3, 0.2 * x + 0.9 * y - 7]
    }
    let (a, b) = (Variable(from, shape: [50, 2]), Variable(to, shape: [50, 2]))
    let expected = (0..<50).map { UInt8($0 % 5 == 0 ? 0 : 1) }
    let turn = [0.9, -0.2, 3, 0.2, 0.9, -7]
    for (map, mask) in [
      try cv.estimateAffinePartial2D(a, b), try cv.estimateAffine2D(a, b), try cv.findHomography(a, b, .ransac),
    ] {
      #expect(try mask.scalars(as: UInt8.self) == expected)
      #expect(zip(try map.scalars(as: Double.self), turn).allSatisfy { abs($0 - $1) < 1e-6 })
    }
    let again = try cv.findHomography(a, b, .ransac).H.scalars(as: Double.self)
    #expect(try cv.findHomography(a, b, .ransac).H.scalars(as: Double.self) == again)
  }
}
