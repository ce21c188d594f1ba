// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CKernels
public import MNNExpr
import MNNGraph

/// What a threshold does.
public enum ThresholdType: Int, Sendable, Hashable, CaseIterable {
  /// `maxval` above the threshold, 0 elsewhere, and the opposite.
  case binary, binaryInv
  /// The threshold above it, the value elsewhere.
  case trunc
  /// The value above the threshold, 0 elsewhere, and the opposite.
  case toZero, toZeroInv
}

/// How a threshold is found from the histogram of a `uint8` image.
public enum ThresholdSearch: Sendable, Hashable, CaseIterable {
  /// The largest variance between the classes.
  case otsu
  /// The farthest point from the line between the histogram's peak and its end.
  case triangle
}

/// How the local mean of ``cv/adaptiveThreshold(_:_:_:_:_:_:)`` is weighted.
public enum AdaptiveMethod: Sendable, Hashable, CaseIterable {
  case mean, gaussian
}

extension cv {
  public static let THRESH_BINARY = ThresholdType.binary
  public static let THRESH_BINARY_INV = ThresholdType.binaryInv
  public static let THRESH_TRUNC = ThresholdType.trunc
  public static let THRESH_TOZERO = ThresholdType.toZero
  public static let THRESH_TOZERO_INV = ThresholdType.toZeroInv
  /// The bits of OpenCV's numbers that are a ``ThresholdType``, whose raw values these are; how a threshold is searched for is an
  /// argument of its own here.
  public static let THRESH_MASK = 7
  public static let THRESH_OTSU = ThresholdSearch.otsu
  public static let THRESH_TRIANGLE = ThresholdSearch.triangle
  public static let ADAPTIVE_THRESH_MEAN_C = AdaptiveMethod.mean
  public static let ADAPTIVE_THRESH_GAUSSIAN_C = AdaptiveMethod.gaussian

  /// Every element compared with a threshold.
  ///
  /// - Parameters:
  ///   - type: what becomes of it.
  ///   - search: how the threshold is found, instead of `thresh`; for `uint8` of one channel.
  /// - Returns: the threshold that was used, and the image.
  public static func threshold(
    _ src: Variable, _ thresh: Double, _ maxval: Double, _ type: ThresholdType, _ search: ThresholdSearch? = nil
  ) throws(ImageError) -> (threshold: Double, image: Variable) {
    let image = try Image(src)
    var thresh = thresh
    if let search {
      guard image.depth == .uint8, image.channels == 1 else {
        throw ImageError(.argumentInvalid, "no threshold is found here", expected: "uint8 of one channel", found: "\(image.type)")
      }
      let counts = image.histogram()
      thresh = Double(search == .otsu ? otsuThreshold(counts) : triangleThreshold(counts))
    }
    let result = try image.like()
    let count = image.pixelCount * image.channels
    guard image.depth == .uint8 else {
      image.read(Float.self) {
        kernels.threshold_f32($0, Float(thresh), Float(maxval), Int32(type.rawValue), result.write(Float.self), count)
      }
      return (thresh, result.variable)
    }
    // Bytes are compared with a whole number.
    let limit = thresh.isNaN ? 0 : max(-1, min(256, thresh.rounded(.down)))
    let max = Swift.max(0, min(255, maxval.isNaN ? 0 : maxval.rounded(.toNearestOrEven)))
    image.read(UInt8.self) {
      kernels.threshold_u8(
        $0, Int32(converting: limit), Int32(converting: max), Int32(type.rawValue), result.write(UInt8.self), count)
    }
    if type == .trunc, limit < 0 { result.write(UInt8.self).update(repeating: 0, count: count) }
    return (search == nil && limit == thresh.rounded(.down) ? limit : thresh, result.variable)
  }

  /// Every byte compared with the mean around it less `C`.
  ///
  /// - Parameters:
  ///   - src: `uint8` of one channel.
  ///   - adaptiveMethod: how the mean is weighted.
  ///   - thresholdType: ``THRESH_BINARY`` or ``THRESH_BINARY_INV``.
  ///   - blockSize: odd, at least 3.
  public static func adaptiveThreshold(
    _ src: Variable, _ maxValue: Double, _ adaptiveMethod: AdaptiveMethod, _ thresholdType: ThresholdType,
    _ blockSize: Int, _ C: Double
  ) throws(ImageError) -> Variable {
    let image = try Image(src, depths: [.uint8], channels: 1...1)
    guard thresholdType == .binary || thresholdType == .binaryInv, blockSize % 2 == 1, 3...8191 ~= blockSize,
      abs(C) < 1e6
    else {
      throw ImageError(
        .argumentInvalid, "no such threshold", expected: "binary or binaryInv, an odd blockSize from 3",
        found: "\(thresholdType), \(blockSize), C \(C)")
    }
    let mean: Image
    if adaptiveMethod == .mean {
      mean = try Image(boxFilter(src, .uint8, (blockSize, blockSize), borderType: .replicate))
    } else {
      mean = try image.converted(to: .float32).smoothed((blockSize, blockSize), 0, 0, .replicate).converted(to: .uint8)
    }
    let value = UInt8(converting: max(0, min(255, maxValue.rounded(.toNearestOrEven))))
    let isBinary = thresholdType == .binary
    let delta = Int32(converting: C.rounded(isBinary ? .up : .down))
    let result = try image.like()
    image.read(UInt8.self) { source in
      mean.read(UInt8.self) {
        ck_image_threshold_local(
          source, $0, delta, isBinary ? value : 0, isBinary ? 0 : value, result.write(UInt8.self), image.pixelCount)
      }
    }
    return result.variable
  }
}

extension Image {
  /// How often each byte occurs, of one channel.
  func histogram() -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: 256)
    read(UInt8.self) { ck_image_count_u8($0, channels, nil, &counts, pixelCount) }
    return counts
  }
}

private func otsuThreshold(_ counts: [UInt64]) -> Int {
  let total = Double(counts.reduce(0, +))
  let mean = counts.indices.reduce(0.0) { $0 + Double($1) * Double(counts[$1]) } / total
  var (below, share, best, result) = (0.0, 0.0, 0.0, 0)
  for value in counts.indices {
    let p = Double(counts[value]) / total
    below *= share
    share += p
    let rest = 1 - share
    guard min(share, rest) >= 1.1920929e-07, max(share, rest) <= 1 - 1.1920929e-07 else { continue }
    below = (below + Double(value) * p) / share
    let above = (mean - share * below) / rest
    let between = share * rest * (below - above) * (below - above)
    if between > best { (best, result) = (between, value) }
  }
  return result
}

private func triangleThreshold(_ counts: [UInt64]) -> Int {
  var counts = counts.map { Double($0) }
  guard var left = counts.firstIndex(where: { $0 > 0 }), var right = counts.lastIndex(where: { $0 > 0 }) else { return 0 }
  if left > 0 { left -= 1 }
  if right < 255 { right += 1 }
  var peak = 0
  for value in counts.indices where counts[value] > counts[peak] { peak = value }
  let isFlipped = peak - left < right - peak
  if isFlipped {
    counts.reverse()
    (left, peak) = (255 - right, 255 - peak)
  }
  let (a, b) = (counts[peak], Double(left - peak))
  var (result, farthest) = (left, 0.0)
  for value in stride(from: left + 1, through: peak, by: 1) {
    let distance = a * Double(value) + b * counts[value]
    if distance > farthest { (farthest, result) = (distance, value) }
  }
  result -= 1
  return isFlipped ? 255 - result : result
}
