import Foundation
public import MNNExpr
import MNNGraph

extension cv {
  /// The weights of a Gaussian, which add up to 1.
  ///
  /// - Parameters:
  ///   - ksize: odd.
  ///   - sigma: in pixels; 0 or less takes 0.3 ((ksize - 1) / 2 - 1) + 0.8, and for 1 to 9 binomial-like weights.
  /// - Returns: `float64[ksize, 1]`.
  public static func getGaussianKernel(_ ksize: Int, _ sigma: Double) throws(ImageError) -> Variable {
    try checkKernel((ksize, ksize), isOdd: true)
    return try array([ksize, 1], gaussianKernel(ksize, sigma))
  }

  /// The two kernels of a derivative by Sobel, or for `ksize` -1 by Scharr.
  ///
  /// - Parameters:
  ///   - dx, dy: the order of the derivative along each axis.
  ///   - ksize: 1, 3, 5, … or -1.
  ///   - normalize: whether they are divided by what makes them approximate the derivative.
  /// - Returns: `float32[n, 1]` each.
  public static func getDerivKernels(
    _ dx: Int, _ dy: Int, _ ksize: Int, normalize: Bool = false
  ) throws(ImageError) -> (x: Variable, y: Variable) {
    let (x, y) = try derivativeKernels(dx, dy, ksize, isNormalized: normalize)
    return (try array([x.count, 1], x), try array([y.count, 1], y))
  }

  /// A Gabor filter: a wave under a Gaussian.
  ///
  /// - Parameters:
  ///   - ksize: width and height; 0 takes what holds three deviations.
  ///   - sigma, lambd: deviation and wave length, in pixels; `theta` the direction and `psi` the phase, in radians; `gamma`
  ///     the ratio of the Gaussian's axes.
  /// - Returns: `float64[height, width]`.
  public static func getGaborKernel(
    _ ksize: (width: Int, height: Int), sigma: Double, theta: Double, lambd: Double, gamma: Double, psi: Double = .pi / 2
  ) throws(ImageError) -> Variable {
    let (sigmaX, sigmaY) = (sigma, sigma / gamma)
    let (c, s) = (cos(theta), sin(theta))
    func reach(_ size: Int, _ a: Double, _ b: Double) -> Double {
      size > 0 ? Double(size / 2) : max(abs(3 * sigmaX * a), abs(3 * sigmaY * b)).rounded(.toNearestOrEven)
    }
    let (reachX, reachY) = (reach(ksize.width, c, s), reach(ksize.height, s, c))
    guard reachX < 4096, reachY < 4096, ksize.width >= 0, ksize.height >= 0 else {
      throw ImageError(
        .argumentInvalid, "the kernel is too large", expected: "at most 8191 x 8191",
        found: "\(ksize.width) x \(ksize.height), sigma \(sigma), gamma \(gamma)")
    }
    let (xs, ys) = (Int(converting: reachX), Int(converting: reachY))
    var weights: [Double] = []
    for y in stride(from: ys, through: -ys, by: -1) {
      for x in stride(from: xs, through: -xs, by: -1) {
        let (u, v) = (Double(x) * c + Double(y) * s, -Double(x) * s + Double(y) * c)
        weights.append(exp(-0.5 * (u * u / (sigmaX * sigmaX) + v * v / (sigmaY * sigmaY))) * cos(2 * .pi / lambd * u + psi))
      }
    }
    return try array([2 * ys + 1, 2 * xs + 1], weights)
  }

  /// Which neighbors a morphological operation looks at.
  ///
  /// - Returns: `uint8[height, width]` of 0 and 1.
  public static func getStructuringElement(
    _ shape: MorphShape, _ ksize: (width: Int, height: Int)
  ) throws(ImageError) -> Variable {
    try checkKernel(ksize)
    let (width, height) = ksize
    let (c, r) = (width / 2, height / 2)
    var cells = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      var columns: Range<Int>
      switch width == 1 && height == 1 ? .rect : shape {
      case .rect: columns = 0..<width
      case .cross: columns = y == r ? 0..<width : c..<c + 1
      case .ellipse:
        let dy = y - r
        guard abs(dy) <= r else { continue }
        let inverse = r > 0 ? 1 / Double(r * r) : 0
        let dx = Int(converting: (Double(c) * (Double(r * r - dy * dy) * inverse).squareRoot()).rounded(.toNearestOrEven))
        columns = max(c - dx, 0)..<min(c + dx + 1, width)
      }
      for x in columns { cells[y * width + x] = 1 }
    }
    return try array([height, width], cells)
  }
}

/// The shape of a structuring element.
public enum MorphShape: Sendable, Hashable, CaseIterable {
  case rect, cross, ellipse
}

func gaussianKernel(_ size: Int, _ sigma: Double) -> [Double] {
  if sigma <= 0 {
    switch size {
    case 1: return [1]
    case 3: return [0.25, 0.5, 0.25]
    case 5: return [0.0625, 0.25, 0.375, 0.25, 0.0625]
    case 7: return [0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125]
    case 9: return [4, 13, 30, 51, 60, 51, 30, 13, 4].map { $0 / 256 }
    default: break
    }
  }
  let sigma = sigma > 0 ? sigma : (Double(size - 1) * 0.5 - 1) * 0.3 + 0.8
  let raw = (0..<size).map { i in
    let x = Double(i) - Double(size - 1) * 0.5
    return exp(-0.5 * x * x / (sigma * sigma))
  }
  let sum = raw.reduce(0, +)
  return raw.map { $0 / sum }
}

/// A symmetric kernel in units of 1/256 whose sum is 1: what is lost at one weight is made good at the next.
func gaussianKernelInBytes(_ kernel: [Double]) -> [UInt16] {
  var result = [UInt16](repeating: 0, count: kernel.count)
  var (error, sum) = (0.0, 0)
  let half = kernel.count / 2
  for i in 0..<half {
    let wanted = kernel[i] * 256 + error
    let given = max(0, min(Double(256 - sum) / 2, wanted)).rounded(.toNearestOrEven)
    error = wanted - given
    result[i] = UInt16(converting: given)
    result[kernel.count - 1 - i] = result[i]
    sum += 2 * Int(converting: given)
  }
  result[half] = UInt16(max(0, 256 - sum))
  return result
}

func derivativeKernels(
  _ dx: Int, _ dy: Int, _ ksize: Int, isNormalized: Bool = false
) throws(ImageError) -> (x: [Float], y: [Float]) {
  let isScharr = ksize <= 0
  guard 0...31 ~= dx, 0...31 ~= dy, dx + dy > 0, isScharr ? dx + dy == 1 : ksize % 2 == 1 && ksize <= 31,
    isScharr || max(dx, dy) < max(ksize, 3)
  else {
    throw ImageError(
      .argumentInvalid, "no such derivative",
      expected: isScharr ? "dx + dy = 1" : "an odd ksize up to 31 above dx and dy, which are not both 0",
      found: "dx \(dx), dy \(dy), ksize \(ksize)")
  }
  if isScharr {
    let smooth: [Float] = isNormalized ? [3 / 32, 10 / 32, 3 / 32] : [3, 10, 3]
    let slope: [Float] = [-1, 0, 1]
    return dx == 1 ? (slope, smooth) : (smooth, slope)
  }
  func kernel(_ order: Int) -> [Float] {
    let size = ksize == 1 && order > 0 ? 3 : ksize
    // (1 + z)^(size - 1 - order) (z - 1)^order.
    var coefficients: [Float] = [1]
    for step in 0..<(size - 1) {
      let sign: Float = step < size - 1 - order ? 1 : -1
      var next = [Float](repeating: 0, count: coefficients.count + 1)
      for (i, c) in coefficients.enumerated() {
        next[i] += sign * c
        next[i + 1] += c
      }
      coefficients = next
    }
    let scale: Float = isNormalized ? 1 / Float(1 << (size - order - 1)) : 1
    return coefficients.map { $0 * scale }
  }
  return (kernel(dx), kernel(dy))
}
