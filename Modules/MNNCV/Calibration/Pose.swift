// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
public import MNNExpr
import MNNGraph

/// How ``cv/solvePnP(_:_:_:_:flags:)`` finds a pose.
public enum PoseMethod: Sendable, Hashable, CaseIterable {
  /// The least squares of distances in the picture.
  case iterative
  /// The least squares of distances to the rays in space, weighted by depth (SQPnP).
  case sqpnp
}

extension cv {
  public static let SOLVEPNP_ITERATIVE = PoseMethod.iterative
  public static let SOLVEPNP_SQPNP = PoseMethod.sqpnp

  /// Where an object is, from points of it and where they appear in a picture.
  ///
  /// - Parameters:
  ///   - objectPoints: `[n, 3]`, at least 4 (3 for ``SOLVEPNP_SQPNP``); to be told apart they must not lie on a line.
  ///   - imagePoints: `[n, 2]`, pixels.
  ///   - cameraMatrix: `[3, 3]`.
  ///   - distCoeffs: k1, k2, p1, p2 and then k3, k4, k5, k6; nil or none for an undistorted picture.
  /// - Returns: the rotation as a vector and the translation that take the object to the camera, `float64[3, 1]`.
  /// - Throws: ``ImageError/Code/noSolution`` if no pose has the points before the camera.
  public static func solvePnP(
    _ objectPoints: Variable, _ imagePoints: Variable, _ cameraMatrix: Variable, _ distCoeffs: Variable?,
    flags: PoseMethod = .iterative
  ) throws(ImageError) -> (rvec: Variable, tvec: Variable) {
    let object = try contents(objectPoints, "objectPoints")
    let pixels = try points(imagePoints, "imagePoints")
    let least = flags == .sqpnp ? 3 : 4
    guard object.count == 3 * pixels.count, object.shape.last == 3, pixels.count >= least, pixels.count <= 1 << 20 else {
      throw ImageError(
        .argumentInvalid, "object and picture do not fit", expected: "at least \(least) points of each, [n, 3] and [n, 2]",
        found: "\(object.type) and \(pixels.count) points")
    }
    let coordinates = try inMemory { () throws(GraphError) in try object.scalars(as: Double.self) }
    let camera = try Camera(matrix(cameraMatrix, "cameraMatrix", 3, 3), distCoeffs)
    let problem = PoseProblem(
      object: (0..<pixels.count).map { Array(coordinates[3 * $0..<3 * $0 + 3]) }, pixels: pixels,
      rays: pixels.map(camera.ray), camera: camera)
    let pose = try problem.solved(flags)
    return (try array([3, 1], pose.rotation.vector), try array([3, 1], pose.translation))
  }
}

/// A pinhole with radial and tangential distortion.
struct Camera {
  let fx, fy, cx, cy: Double
  let k: [Double]

  init(_ matrix: [Double], _ distortion: Variable?) throws(ImageError) {
    (fx, fy, cx, cy) = (matrix[0], matrix[4], matrix[2], matrix[5])
    var values: [Double] = []
    if let distortion {
      let tensor = try contents(distortion, "distCoeffs")
      values = try inMemory { () throws(GraphError) in try tensor.scalars(as: Double.self) }
    }
    guard [0, 4, 5, 8].contains(values.count), fx != 0, fy != 0, (matrix + values).allSatisfy(\.isFinite) else {
      throw ImageError(
        .argumentInvalid, "not a camera", expected: "focal lengths other than 0, and 0, 4, 5 or 8 distortion coefficients",
        found: "\(fx), \(fy) and \(values.count)")
    }
    k = values + [Double](repeating: 0, count: 8 - values.count)
  }

  /// Where a direction (x, y, 1) appears.
  func pixel(_ x: Double, _ y: Double) -> Point {
    let r2 = x * x + y * y
    let radial = (1 + r2 * (k[0] + r2 * (k[1] + r2 * k[4]))) / (1 + r2 * (k[5] + r2 * (k[6] + r2 * k[7])))
    return Point(
      x: fx * (x * radial + 2 * k[2] * x * y + k[3] * (r2 + 2 * x * x)) + cx,
      y: fy * (y * radial + k[2] * (r2 + 2 * y * y) + 2 * k[3] * x * y) + cy)
  }

  /// The direction (x, y, 1) that appears at a pixel.
  func ray(_ pixel: Point) -> Point {
    let target = Point(x: (pixel.x - cx) / fx, y: (pixel.y - cy) / fy)
    var ray = target
    for _ in 0..<(k.allSatisfy { $0 == 0 } ? 0 : 50) {
      let seen = self.pixel(ray.x, ray.y)
      ray = Point(x: ray.x + target.x - (seen.x - cx) / fx, y: ray.y + target.y - (seen.y - cy) / fy)
    }
    return ray
  }
}

private struct Pose {
  var rotation: Rotation
  var translation: [Double]
}

private struct PoseProblem {
  let object: [[Double]]
  let pixels: [Point]
  let rays: [Point]
  let camera: Camera

  /// From many rotations by the error in space, which has few minima; then, if asked for, by that in the picture.
  func solved(_ method: PoseMethod) throws(ImageError) -> Pose {
    var best: (cost: Double, pose: Pose)?
    for turn in 0..<24 {
      let quarter = Double(turn % 4) * .pi / 2
      let tilt: [[Double]] = [[0, 0, 0], [.pi / 2, 0, 0], [.pi, 0, 0], [-.pi / 2, 0, 0], [0, .pi / 2, 0], [0, -.pi / 2, 0]]
      let start = Rotation(vector: tilt[turn / 4]).turned([0, 0, quarter + 0.1])
      guard let translation = try? translation(for: start) else { continue }
      guard let pose = refined(Pose(rotation: start, translation: translation), steps: 10, residuals: inSpace) else { continue }
      let cost = inSpace(pose).reduce(0) { $0 + $1 * $1 }
      if cost.isFinite, isAhead(pose), best.map({ cost < $0.cost }) ?? true { best = (cost, pose) }
    }
    guard let start = best?.pose, let pose = refined(start, residuals: inSpace),
      let result = method == .sqpnp ? pose : refined(pose, residuals: inPicture)
    else {
      throw ImageError(.noSolution, "no pose has the points before the camera", advice: "check the order of the points")
    }
    return result
  }

  private func isAhead(_ pose: Pose) -> Bool {
    let depths = object.map { pose.rotation.times($0)[2] + pose.translation[2] }
    return depths.reduce(0, +) > 0
  }

  /// The translation of least error in space for a rotation.
  private func translation(for rotation: Rotation) throws(ImageError) -> [Double] {
    var (a, b) = ([[Double]](repeating: [0, 0, 0], count: 3), [0.0, 0.0, 0.0])
    for (point, ray) in zip(object, rays) {
      let p = rotation.times(point)
      for (row, value) in [([1, 0, -ray.x], ray.x * p[2] - p[0]), ([0, 1, -ray.y], ray.y * p[2] - p[1])] {
        for i in 0..<3 {
          for j in 0..<3 { a[i][j] += row[i] * row[j] }
          b[i] += row[i] * value
        }
      }
    }
    return try MNNCV.solved(a, b)
  }

  private func inSpace(_ pose: Pose) -> [Double] {
    residuals(pose) { x, y, z, i in (x - rays[i].x * z, y - rays[i].y * z) }
  }

  private func inPicture(_ pose: Pose) -> [Double] {
    residuals(pose) { x, y, z, i in
      let seen = camera.pixel(x / z, y / z)
      return (seen.x - pixels[i].x, seen.y - pixels[i].y)
    }
  }

  /// Two numbers for every point, from its coordinates before the camera.
  private func residuals(_ pose: Pose, _ body: (Double, Double, Double, Int) -> (Double, Double)) -> [Double] {
    let (r, t) = (pose.rotation.elements, pose.translation)
    var result: [Double] = []
    result.reserveCapacity(2 * object.count)
    for i in object.indices {
      let (a, b, c) = (object[i][0], object[i][1], object[i][2])
      let x = r[0] * a + r[1] * b + r[2] * c + t[0]
      let y = r[3] * a + r[4] * b + r[5] * c + t[1]
      let z = r[6] * a + r[7] * b + r[8] * c + t[2]
      let (u, v) = body(x, y, z, i)
      result.append(u)
      result.append(v)
    }
    return result
  }

  private func refined(_ start: Pose, steps: Int = 100, residuals: (Pose) -> [Double]) -> Pose? {
    leastSquares(from: start, steps: steps) { pose, step in
      Pose(rotation: pose.rotation.turned(Array(step[0..<3])), translation: (0..<3).map { pose.translation[$0] + step[3 + $0] })
    } scales: { pose in
      let scale = max(1e-3, pose.translation.map(abs).max() ?? 1)
      return [1, 1, 1, scale, scale, scale]
    } residuals: {
      residuals($0)
    }
  }
}
