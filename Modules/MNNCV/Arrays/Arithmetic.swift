// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CKernels
public import MNNExpr
public import MNNGraph

extension cv {
  /// `src` where `mask` is not 0, and `dst` (or zeros) elsewhere.
  ///
  /// - Parameter mask: `uint8[height, width]`; nil copies all.
  public static func copyTo(_ src: Variable, mask: Variable? = nil, dst: Variable? = nil) throws(ImageError) -> Variable {
    let image = try Image(src)
    guard let mask else { return image.variable }
    let region = try image.mask(mask)
    let result: Image
    if let dst { result = try image.sameForm(dst, "dst").copy() } else { result = try image.like().zeroed() }
    let size = image.channels * image.depth.byteCount
    image.read(UInt8.self) { source in
      region.read(UInt8.self) { ck_image_copy_masked(source, $0, size, result.write(UInt8.self), image.pixelCount) }
    }
    return result.variable
  }

  /// The bits that both have; where `mask` is 0, those of `dst` or none.
  public static func bitwise_and(
    _ src1: Variable, _ src2: Variable, dst: Variable? = nil, mask: Variable? = nil
  ) throws(ImageError) -> Variable {
    try bitwise(src1, src2, 0, dst, mask)
  }

  /// The bits that one of both has.
  public static func bitwise_or(
    _ src1: Variable, _ src2: Variable, dst: Variable? = nil, mask: Variable? = nil
  ) throws(ImageError) -> Variable {
    try bitwise(src1, src2, 1, dst, mask)
  }

  /// The bits that only one of both has.
  public static func bitwise_xor(
    _ src1: Variable, _ src2: Variable, dst: Variable? = nil, mask: Variable? = nil
  ) throws(ImageError) -> Variable {
    try bitwise(src1, src2, 2, dst, mask)
  }

  private static func bitwise(
    _ src1: Variable, _ src2: Variable, _ operation: Int32, _ dst: Variable?, _ mask: Variable?
  ) throws(ImageError) -> Variable {
    let a = try Image(src1, "src1")
    let b = try a.sameForm(src2, "src2")
    let result = try a.like()
    a.read(UInt8.self) { x in
      b.read(UInt8.self) { kernels.bitwise(x, $0, operation, result.write(UInt8.self), a.tensor.byteCount) }
    }
    return try copyTo(result.variable, mask: mask, dst: dst)
  }

  /// `src1 * alpha + src2 * beta + gamma`.
  public static func addWeighted(
    _ src1: Variable, _ alpha: Double, _ src2: Variable, _ beta: Double, _ gamma: Double
  ) throws(ImageError) -> Variable {
    let a = try Image(src1, "src1")
    let b = try a.sameForm(src2, "src2")
    let result = try a.like()
    let n = a.pixelCount * a.channels
    if a.depth == .uint8 {
      a.read(UInt8.self) { x in
        b.read(UInt8.self) {
          kernels.add_weighted_u8(x, Float(alpha), $0, Float(beta), Float(gamma), result.write(UInt8.self), n)
        }
      }
    } else {
      a.read(Float.self) { x in
        b.read(Float.self) { ck_image_add_weighted_f32(x, alpha, $0, beta, gamma, result.write(Float.self), n) }
      }
    }
    return result.variable
  }

  /// Two images mixed by weights per pixel: `(a wa + b wb) / (wa + wb + 1e-5)`.
  ///
  /// - Parameters:
  ///   - weight1, weight2: `float32[height, width]`.
  public static func blendLinear(
    _ src1: Variable, _ src2: Variable, _ weight1: Variable, _ weight2: Variable
  ) throws(ImageError) -> Variable {
    let a = try Image(src1, "src1")
    let b = try a.sameForm(src2, "src2")
    let (wa, wb) = (
      try Image(weight1, "weight1", depths: [.float32], channels: 1...1),
      try Image(weight2, "weight2", depths: [.float32], channels: 1...1)
    )
    for weight in [wa, wb] where weight.width != a.width || weight.height != a.height {
      throw ImageError(
        .argumentInvalid, "a weight has another size", expected: "\(a.width) x \(a.height)",
        found: "\(weight.width) x \(weight.height)")
    }
    let result = try a.like()
    let (n, channels) = (a.pixelCount, Int32(a.channels))
    wa.read(Float.self) { wa in
      wb.read(Float.self) { wb in
        if a.depth == .uint8 {
          a.read(UInt8.self) { x in b.read(UInt8.self) { ck_image_blend_u8(x, $0, wa, wb, channels, result.write(UInt8.self), n) }
          }
        } else {
          a.read(Float.self) { x in
            b.read(Float.self) { ck_image_blend_f32(x, $0, wa, wb, channels, result.write(Float.self), n) }
          }
        }
      }
    }
    return result.variable
  }

  /// The mean of each channel, four numbers as OpenCV's scalars have; of the pixels where `mask` is not 0.
  public static func mean(_ src: Variable, _ mask: Variable? = nil) throws(ImageError) -> [Double] {
    let image = try Image(src)
    let region = try mask.map { (mask) throws(ImageError) in try image.mask(mask) }
    var sums = [Double](repeating: 0, count: 4)
    let count = image.masked(region) { mask in
      image.depth == .uint8
        ? image.read(UInt8.self) { ck_image_sum_u8($0, mask, Int32(image.channels), &sums, image.pixelCount) }
        : image.read(Float.self) { ck_image_sum_f32($0, mask, Int32(image.channels), &sums, image.pixelCount) }
    }
    return sums.map { count == 0 ? 0 : $0 / Double(count) }
  }

  /// An image scaled so that its norm is `alpha`, or for ``NormType/minMax`` so that its elements lie in `alpha` to `beta`.
  ///
  /// - Parameters:
  ///   - dtype: the result's depth, nil for the source's.
  ///   - mask: where it is 0, the result is 0.
  public static func normalize(
    _ src: Variable, alpha: Double = 1, beta: Double = 0, normType: NormType = .l2, dtype: DType? = nil, mask: Variable? = nil
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let region = try mask.map { (mask) throws(ImageError) in try image.mask(mask) }
    var (scale, shift) = (alpha, 0.0)
    let (least, greatest) = image.masked(region) { image.range(mask: $0) }
    switch normType {
    case .minMax:
      let span = Double(greatest) - Double(least)
      let (low, high) = (min(alpha, beta), max(alpha, beta))
      scale = (high - low) * (span > 2.220446049250313e-16 ? 1 / span : 0)
      shift = low - Double(least) * scale
    case .inf: scale = alpha / nonzero(Double(max(abs(least), abs(greatest))))
    case .l1, .l2:
      let values = try inMemory { () throws(GraphError) in try image.tensor.scalars(as: Double.self) }
      var sum = 0.0
      image.masked(region) { mask in
        for (i, x) in values.enumerated() where mask == nil || mask?[i / image.channels] != 0 {
          sum += normType == .l1 ? abs(x) : x * x
        }
      }
      scale = alpha / nonzero(normType == .l1 ? sum : sum.squareRoot())
    }
    let depth = dtype ?? image.depth
    guard depth == .uint8 || depth == .float32 else {
      throw ImageError(.argumentInvalid, "dtype does not fit", expected: "uint8 or float32", found: "\(depth)")
    }
    let result = try image.like(depth: depth)
    let (s, o, n) = (Float(scale), Float(shift), image.pixelCount * image.channels)
    switch (image.depth, depth) {
    case (.uint8, .uint8): image.read(UInt8.self) { kernels.scale_u8($0, s, o, result.write(UInt8.self), n) }
    case (.uint8, _): image.read(UInt8.self) { kernels.scale_u8_f32($0, s, o, result.write(Float.self), n) }
    case (_, .uint8): image.read(Float.self) { kernels.scale_f32_u8($0, s, o, result.write(UInt8.self), n) }
    default: image.read(Float.self) { kernels.scale_f32($0, s, o, result.write(Float.self), n) }
    }
    return mask == nil ? result.variable : try copyTo(result.variable, mask: mask)
  }

  private static func nonzero(_ x: Double) -> Double { x > 2.220446049250313e-16 ? x : .infinity }

  /// How often each value occurs.
  ///
  /// - Parameters:
  ///   - imgs: images of one size; `channels` counts through those of all of them.
  ///   - mask: `uint8[height, width]`; nil counts all.
  ///   - histSize, ranges: for every channel the number of bins, and where the first begins and the last ends.
  /// - Returns: `float32` of the shape `histSize`.
  public static func calcHist(
    _ imgs: [Variable], _ channels: [Int], _ mask: Variable?, _ histSize: [Int], _ ranges: [Float]
  ) throws(ImageError) -> Variable {
    let images = try imgs.map { (img) throws(ImageError) in try Image(img, "imgs") }
    guard let first = images.first, !channels.isEmpty, channels.count == histSize.count, ranges.count == 2 * channels.count,
      ranges.allSatisfy(\.isFinite),
      histSize.allSatisfy({ 1...65536 ~= $0 }), histSize.count <= 4,
      images.allSatisfy({ $0.width == first.width && $0.height == first.height && $0.depth == first.depth })
    else {
      throw ImageError(
        .argumentInvalid, "no histogram of this",
        expected: "images of one size and depth, a size and two finite ends of a range per channel",
        found: "\(imgs.count) images, channels \(channels), sizes \(histSize), ranges \(ranges)")
    }
    let planes = images.flatMap { image in (0..<image.channels).map { (image, $0) } }
    guard channels.allSatisfy(planes.indices.contains) else {
      throw ImageError(.argumentInvalid, "no such channel", expected: "below \(planes.count)", found: "\(channels)")
    }
    let region = try mask.map { (mask) throws(ImageError) in try first.mask(mask) }
    var total = 1
    for size in histSize {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow, product <= 1 << 28 else {
        throw ImageError(.imageTooLarge, "the histogram is too large", expected: "2^28 bins", found: "\(histSize)")
      }
      total = product
    }
    let histogram = try inMemory { () throws(GraphError) in try Tensor.zeros(.float32, histSize) }
    let bins = histogram.unsafeMutable(as: Float.self)
    func bin(_ x: Double, _ axis: Int) -> Int? {
      let (low, high) = (Double(ranges[2 * axis]), Double(ranges[2 * axis + 1]))
      guard x >= low, x < high else { return nil }
      let scale = Double(histSize[axis]) / (high - low)
      return max(0, min(Int(converting: (x * scale - scale * low).rounded(.down)), histSize[axis] - 1))
    }
    if first.depth == .uint8 {
      count(channels.map { planes[$0] }, histSize, bin, region, into: bins)
      return Variable(histogram)
    }
    let values = try channels.map { (channel) throws(ImageError) in
      let (image, index) = planes[channel]
      let all = try inMemory { () throws(GraphError) in try image.tensor.scalars(as: Float.self) }
      return (all, image.channels, index)
    }
    first.masked(region) { mask in
      pixels: for pixel in 0..<first.pixelCount where mask == nil || mask?[pixel] != 0 {
        var place = 0
        for (axis, value) in values.enumerated() {
          guard let bin = bin(Double(value.0[pixel * value.1 + value.2]), axis) else { continue pixels }
          place = place * histSize[axis] + bin
        }
        bins[place] += 1
      }
    }
    return Variable(histogram)
  }

  /// Counts bytes, whose bins are found once for each value.
  private static func count(
    _ planes: [(image: Image, channel: Int)], _ sizes: [Int], _ bin: (Double, Int) -> Int?, _ mask: Image?,
    into counts: UnsafeMutableBufferPointer<Float>
  ) {
    guard let first = planes.first?.image, let target = counts.baseAddress else { return }
    first.masked(mask) { mask in
      if planes.count == 1 {
        var values = [UInt64](repeating: 0, count: 256)
        first.read(UInt8.self) { ck_image_count_u8($0 + planes[0].channel, first.channels, mask, &values, first.pixelCount) }
        var totals = [UInt64](repeating: 0, count: counts.count)
        for (value, count) in values.enumerated() { if let bin = bin(Double(value), 0) { totals[bin] += count } }
        for (bin, total) in totals.enumerated() { target[bin] = Float(total) }
        return
      }
      // The last axis lies closest.
      var (strides, stride) = ([Int](repeating: 1, count: sizes.count), 1)
      for axis in sizes.indices.reversed() { (strides[axis], stride) = (stride, stride * sizes[axis]) }
      let bins = sizes.indices.flatMap { axis in
        (0..<256).map { bin(Double($0), axis).map { Int32($0 * strides[axis]) } ?? -1 }
      }
      // The images stay alive in `planes`.
      let sources: [UnsafePointer<UInt8>?] = planes.map { plane in plane.image.read(UInt8.self) { $0 + plane.channel } }
      ck_image_histogram_u8(sources, planes.map(\.image.channels), bins, Int32(planes.count), mask, target, first.pixelCount)
    }
    withExtendedLifetime(planes) {}
  }
}

/// By which measure an image is normalized.
public enum NormType: Sendable, Hashable, CaseIterable {
  /// The largest absolute value; the sum of them; the root of the sum of squares.
  case inf, l1, l2
  /// Not a norm: the range of values.
  case minMax
}

extension cv {
  public static let NORM_INF = NormType.inf
  public static let NORM_L1 = NormType.l1
  public static let NORM_L2 = NormType.l2
  public static let NORM_MINMAX = NormType.minMax
}

extension Image {
  /// Checks that a tensor is an image of this one's size, channels and depth.
  func sameForm(_ variable: Variable, _ name: String) throws(ImageError) -> Image {
    let image = try Image(variable, name)
    guard image.width == width, image.height == height, image.channels == channels, image.depth == depth else {
      throw ImageError(
        .argumentInvalid, "\(name) differs from the first image", expected: "\(self.tensor.type)", found: "\(image.tensor.type)")
    }
    return image
  }

  /// Checks that a tensor is a mask of this image.
  func mask(_ variable: Variable) throws(ImageError) -> Image {
    let mask = try Image(variable, "mask", depths: [.uint8], channels: 1...1)
    guard mask.width == width, mask.height == height else {
      throw ImageError(
        .argumentInvalid, "the mask has another size", expected: "\(width) x \(height)", found: "\(mask.width) x \(mask.height)")
    }
    return mask
  }

  /// Gives the bytes of a mask, if there is one.
  func masked<R>(_ mask: Image?, _ body: (UnsafePointer<UInt8>?) -> R) -> R {
    guard let mask else { return body(nil) }
    return mask.read(UInt8.self) { body($0) }
  }

  func copy() throws(ImageError) -> Image {
    let result = try like()
    read(UInt8.self) { result.write(UInt8.self).update(from: $0, count: tensor.byteCount) }
    return result
  }

  /// A new image with zeros written.
  func zeroed() -> Image {
    write(UInt8.self).update(repeating: 0, count: tensor.byteCount)
    return self
  }
}
