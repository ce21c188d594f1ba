// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CKernels
import Foundation
public import MNNExpr
public import MNNGraph

extension cv {
  /// The mean of the `ksize` pixels around each.
  public static func blur(
    _ src: Variable, _ ksize: (width: Int, height: Int), borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    try boxFilter(src, nil, ksize, borderType: borderType)
  }

  /// The mean or, unless `normalize`, the sum of the `ksize` pixels around each.
  ///
  /// - Parameter ddepth: the result's depth, nil for the source's.
  public static func boxFilter(
    _ src: Variable, _ ddepth: DType?, _ ksize: (width: Int, height: Int), normalize: Bool = true,
    borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let depth = try image.resultDepth(ddepth)
    guard depth != .int16 else {
      throw ImageError(.argumentInvalid, "ddepth does not fit", expected: "uint8 or float32", found: "int16")
    }
    return try image.boxed(ksize, isMean: normalize, isSquared: false, depth: depth, border: borderType).variable
  }

  /// The mean or sum of the squares of the `ksize` pixels around each, as `float32`.
  public static func sqrBoxFilter(
    _ src: Variable, _ ddepth: DType? = nil, _ ksize: (width: Int, height: Int), normalize: Bool = true,
    borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    guard ddepth ?? .float32 == .float32 else {
      throw ImageError(.argumentInvalid, "ddepth does not fit", expected: "float32", found: "\(ddepth ?? .float32)")
    }
    return try Image(src).boxed(ksize, isMean: normalize, isSquared: true, depth: .float32, border: borderType).variable
  }

  /// Smoothing by a Gaussian.
  ///
  /// - Parameters:
  ///   - ksize: odd; 0 takes what the deviations need.
  ///   - sigmaX, sigmaY: deviations in pixels; `sigmaY` 0 is `sigmaX`; both 0 come from `ksize`.
  public static func GaussianBlur(
    _ src: Variable, _ ksize: (width: Int, height: Int), _ sigmaX: Double, sigmaY: Double = 0,
    borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    try Image(src).smoothed(ksize, sigmaX, sigmaY, borderType).variable
  }

  /// The median of the `ksize` x `ksize` pixels around each; outside is the nearest pixel.
  ///
  /// - Parameter ksize: odd, up to 255 for `uint8` and 5 for `float32`.
  public static func medianBlur(_ src: Variable, _ ksize: Int) throws(ImageError) -> Variable {
    let image = try Image(src)
    guard ksize % 2 == 1, 1...(image.depth == .uint8 ? 255 : 5) ~= ksize else {
      throw ImageError(
        .argumentInvalid, "a median has no such size", expected: "odd, at most \(image.depth == .uint8 ? 255 : 5)",
        found: "\(ksize)")
    }
    let half = ksize / 2
    let padded = try image.bordered(top: half, left: half, bottom: half, right: half, .replicate)
    let result = try image.like()
    let (n, size) = (Int32(image.channels), Int32(ksize))
    if image.depth == .uint8, ksize == 3 || ksize == 5 {
      padded.read(UInt8.self) { source in
        for y in 0..<image.height {
          let rows = (0..<ksize).map { source + (y + $0) * padded.stride }
          kernels.median_u8(rows, image.channels, size, result.write(UInt8.self) + y * image.stride, image.stride)
        }
      }
    } else if image.depth == .uint8 {
      padded.read(UInt8.self) {
        ck_image_median_u8($0, padded.stride, n, size, result.write(UInt8.self), image.width, image.height)
      }
    } else {
      try Scratch<Float>(ksize * ksize).use { scratch in
        padded.read(Float.self) {
          ck_image_median_f32($0, padded.stride, n, size, scratch, result.write(Float.self), image.width, image.height)
        }
      }
    }
    return result.variable
  }

  /// Smoothing that keeps edges: neighbors count less the farther and the more different they are.
  ///
  /// - Parameters:
  ///   - src: 1 or 3 channels.
  ///   - d: the diameter of the neighborhood; 0 or less takes 3 `sigmaSpace`.
  ///   - sigmaColor, sigmaSpace: deviations, in values and in pixels.
  public static func bilateralFilter(
    _ src: Variable, _ d: Int, _ sigmaColor: Double, _ sigmaSpace: Double, borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let sigmaColor = sigmaColor > 0 ? sigmaColor : 1
    let sigmaSpace = sigmaSpace > 0 ? sigmaSpace : 1
    let radius = max(1, d > 0 ? d / 2 : Int(converting: min(4096, (sigmaSpace * 1.5).rounded(.toNearestOrEven))))
    guard image.channels == 1 || image.channels == 3, radius <= 2048 else {
      throw ImageError(
        .argumentInvalid, "the filter does not take this", expected: "1 or 3 channels, a diameter up to 4097",
        found: "\(image.type), diameter \(d)")
    }
    let padded = try image.bordered(top: radius, left: radius, bottom: radius, right: radius, borderType)
    var offsets: [Int] = []
    var space: [Float] = []
    for y in -radius...radius {
      for x in -radius...radius {
        let distance = Double(x * x + y * y).squareRoot()
        guard distance <= Double(radius) else { continue }
        offsets.append(y * padded.stride + x * image.channels)
        space.append(Float(exp(distance * distance * -0.5 / (sigmaSpace * sigmaSpace))))
      }
    }
    let result = try image.like()
    let n = Int32(image.channels)
    if image.depth == .uint8 {
      let color = (0..<256 * image.channels).map { Float(exp(Double($0 * $0) * -0.5 / (sigmaColor * sigmaColor))) }
      for y in 0..<image.height {
        padded.read(UInt8.self) {
          ck_image_bilateral_u8(
            $0 + (y + radius) * padded.stride + radius * image.channels, n, offsets, space, offsets.count, color,
            result.write(UInt8.self) + y * image.stride, image.width)
        }
      }
      return result.variable
    }
    let (least, greatest) = image.range()
    guard greatest > least, (greatest - least).isFinite else { return image.variable }
    let bins = 4096 * image.channels
    let scale = Float(bins) / ((greatest - least) * Float(image.channels))
    let color = (0..<bins + 2).map { bin in
      let value = Double(bin) / Double(scale)
      return Float(exp(value * value * -0.5 / (sigmaColor * sigmaColor)))
    }
    for y in 0..<image.height {
      padded.read(Float.self) {
        ck_image_bilateral_f32(
          $0 + (y + radius) * padded.stride + radius * image.channels, n, offsets, space, offsets.count, color, scale,
          Float(bins), result.write(Float.self) + y * image.stride, image.width)
      }
    }
    return result.variable
  }
}

extension Image {
  /// The least and greatest element, where `mask` is not 0.
  func range(mask: UnsafePointer<UInt8>? = nil) -> (least: Float, greatest: Float) {
    var (least, greatest): (Float, Float) = (0, 0)
    if depth == .uint8 {
      read(UInt8.self) { ck_image_range_u8($0, mask, Int32(channels), &least, &greatest, pixelCount) }
    } else {
      read(Float.self) { ck_image_range_f32($0, mask, Int32(channels), &least, &greatest, pixelCount) }
    }
    return (least, greatest)
  }

  func smoothed(
    _ size: (width: Int, height: Int), _ sigmaX: Double, _ sigmaY: Double = 0, _ border: Border
  ) throws(ImageError) -> Image {
    let sigmaY = sigmaY > 0 ? sigmaY : sigmaX
    func fitting(_ size: Int, _ sigma: Double) -> Int {
      guard size <= 0, sigma > 0 else { return size }
      return Int(converting: min(9000, (sigma * (depth == .uint8 ? 3 : 4) * 2 + 1).rounded(.toNearestOrEven))) | 1
    }
    let (width, height) = (fitting(size.width, sigmaX), fitting(size.height, sigmaY))
    try checkKernel((width, height), isOdd: true)
    let (x, y) = (gaussianKernel(width, sigmaX), gaussianKernel(height, sigmaY))
    if depth == .uint8 {
      return try smoothed(gaussianKernelInBytes(x), gaussianKernelInBytes(y), border: border)
    }
    return try filtered(x.map { Float($0) }, y.map { Float($0) }, depth: .float32, border: border)
  }

  fileprivate func boxed(
    _ size: (width: Int, height: Int), isMean: Bool, isSquared: Bool, depth: DType, border: Border
  ) throws(ImageError) -> Image {
    try checkKernel(size)
    if self.depth == .uint8, depth == .uint8, isMean, !isSquared, size.width * size.height <= 256 {
      return try meansOfBytes(size, border)
    }
    let (left, top) = (size.width / 2, size.height / 2)
    let padded = try bordered(
      top: top, left: left, bottom: size.height - 1 - top, right: size.width - 1 - left, border)
    let result = try like(depth: depth)
    let line = stride
    let scale = isMean ? 1 / (Double(size.width) * Double(size.height)) : 1
    // The sums of the rows inside, as a ring, and their running sum.
    let scratch = try Scratch<Double>((size.height + 2) * line)
    scratch.use { scratch in
      let (sums, row, ring) = (scratch, scratch + line, scratch + 2 * line)
      sums.update(repeating: 0, count: line)
      for y in 0..<padded.height {
        if self.depth == .uint8 {
          padded.read(UInt8.self) {
            ck_image_box_row_u8($0 + y * padded.stride, channels, Int32(size.width), isSquared ? 1 : 0, row, line)
          }
        } else {
          padded.read(Float.self) {
            ck_image_box_row_f32($0 + y * padded.stride, channels, Int32(size.width), isSquared ? 1 : 0, row, line)
          }
        }
        let slot = ring + y % size.height * line
        kernels.box_columns(row, y >= size.height ? UnsafePointer(slot) : nil, sums, line)
        slot.update(from: row, count: line)
        let target = y - size.height + 1
        guard target >= 0 else { continue }
        if depth == .uint8 {
          ck_image_box_store_u8(sums, scale, result.write(UInt8.self) + target * line, line)
        } else {
          ck_image_box_store_f32(sums, scale, result.write(Float.self) + target * line, line)
        }
      }
    }
    return result
  }
}
