// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import MNNExpr
import MNNGraph

/// Which pairs of points a fitted map has to agree with.
public enum RobustMethod: Sendable, Hashable, CaseIterable {
  /// All of them, as well as possible.
  case all
  /// The largest set that some map agrees with, found by random sampling. The samples are the same at every call.
  case ransac
}

extension cv {
  public static let RANSAC = RobustMethod.ransac

  /// The projective map that takes points to others with the least squares of distances.
  ///
  /// - Parameters:
  ///   - srcPoints, dstPoints: `[n, 2]` or `[n, 1, 2]`, at least 4.
  ///   - method: ``RobustMethod/all`` (OpenCV's 0) or ``RANSAC``.
  ///   - ransacReprojThreshold: for ``RANSAC``, how many pixels a pair that counts may be off.
  ///   - maxIters, confidence: for ``RANSAC``, at most how many samples are tried, and how sure a good one is to be among them.
  /// - Returns: `float64[3, 3]` whose last element is 1, and which pairs count, `uint8[n, 1]` of 0 and 1.
  /// - Throws: ``ImageError/Code/noSolution`` if the points leave the map open, where OpenCV gives `None`.
  public static func findHomography(
    _ srcPoints: Variable, _ dstPoints: Variable, _ method: RobustMethod = .all, ransacReprojThreshold: Double = 3,
    maxIters: Int = 2000, confidence: Double = 0.995
  ) throws(ImageError) -> (H: Variable, mask: Variable) {
    let (map, mask) = try fit(
      .projective, (srcPoints, "srcPoints"), (dstPoints, "dstPoints"), method, ransacReprojThreshold, maxIters, confidence)
    return (try array([3, 3], map), mask)
  }

  /// The affine map that takes points to others with the least squares of distances.
  ///
  /// - Parameters:
  ///   - from, to: `[n, 2]` or `[n, 1, 2]`, at least 3.
  ///   - method and others: as for ``findHomography(_:_:_:ransacReprojThreshold:maxIters:confidence:)``.
  /// - Returns: `float64[2, 3]`, and which pairs count, `uint8[n, 1]`.
  public static func estimateAffine2D(
    _ from: Variable, _ to: Variable, _ method: RobustMethod = .ransac, ransacReprojThreshold: Double = 3,
    maxIters: Int = 2000, confidence: Double = 0.99
  ) throws(ImageError) -> (M: Variable, inliers: Variable) {
    let (map, mask) = try fit(.affine, (from, "from"), (to, "to"), method, ransacReprojThreshold, maxIters, confidence)
    return (try array([2, 3], Array(map[..<6])), mask)
  }

  /// As ``estimateAffine2D(_:_:_:ransacReprojThreshold:maxIters:confidence:)`` for maps that turn, scale alike in all
  /// directions and move; of at least 2 pairs.
  public static func estimateAffinePartial2D(
    _ from: Variable, _ to: Variable, _ method: RobustMethod = .ransac, ransacReprojThreshold: Double = 3,
    maxIters: Int = 2000, confidence: Double = 0.99
  ) throws(ImageError) -> (M: Variable, inliers: Variable) {
    let (map, mask) = try fit(.similarity, (from, "from"), (to, "to"), method, ransacReprojThreshold, maxIters, confidence)
    return (try array([2, 3], Array(map[..<6])), mask)
  }

  private static func fit(
    _ kind: PlanarMap, _ from: (Variable, String), _ to: (Variable, String), _ method: RobustMethod, _ limit: Double,
    _ tries: Int, _ confidence: Double
  ) throws(ImageError) -> (map: [Double], mask: Variable) {
    let (a, b) = (try finitePoints(from.0, from.1), try finitePoints(to.0, to.1))
    guard a.count == b.count, a.count >= kind.pairCount, a.count <= 1 << 20 else {
      throw ImageError(
        .argumentInvalid, "the points do not pair up", expected: "\(kind.pairCount) to 2^20 of each",
        found: "\(a.count) and \(b.count)")
    }
    guard limit > 0, limit.isFinite, 1...1_000_000 ~= tries, confidence > 0, confidence < 1 else {
      throw ImageError(
        .argumentInvalid, "no sampling of this kind",
        expected: "a positive threshold, 1 to 10^6 tries, confidence within 0 and 1",
        found: "\(limit), \(tries) and \(confidence)")
    }
    if method == .all || a.count == kind.pairCount {
      return (try kind.fitted(a, b), try array([a.count, 1], [UInt8](repeating: 1, count: a.count)))
    }
    let (map, agrees) = try kind.consensus(a, b, limit: limit, tries: tries, confidence: confidence)
    return (map, try array([a.count, 1], agrees.map { UInt8($0 ? 1 : 0) }))
  }
}

/// Points of a tensor, all of them numbers of a size that can be computed with.
func finitePoints(_ variable: Variable, _ name: String) throws(ImageError) -> [Point] {
  let all = try points(variable, name)
  guard all.allSatisfy({ abs($0.x) < 1e15 && abs($0.y) < 1e15 }) else {
    throw ImageError(.argumentInvalid, "\(name) has points that are nowhere", expected: "coordinates below 10^15")
  }
  return all
}
