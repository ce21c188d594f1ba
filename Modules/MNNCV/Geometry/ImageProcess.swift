import CKernels
import Foundation
public import MNNExpr
public import MNNGraph

/// A projective map of the plane, 3 x 3 in rows, as MNN's `CVMatrix`.
public struct Matrix: Sendable, Hashable {
  /// Nine numbers: scale x, skew x, translation x; skew y, scale y, translation y; perspective.
  public private(set) var elements: [Double]

  public init() { elements = [1, 0, 0, 0, 1, 0, 0, 0, 1] }

  /// The nine numbers, in rows.
  public func read() -> [Double] { elements }

  /// Takes nine numbers over; fewer or more are refused.
  public mutating func write(_ value: [Double]) throws(ImageError) {
    guard value.count == 9 else {
      throw ImageError(.argumentInvalid, "a matrix has other numbers", expected: "9", found: "\(value.count)")
    }
    elements = value
  }

  private static func scale(_ sx: Double, _ sy: Double, _ px: Double, _ py: Double) -> [Double] {
    [sx, 0, px - sx * px, 0, sy, py - sy * py, 0, 0, 1]
  }
  private static func rotation(_ degrees: Double, _ px: Double, _ py: Double) -> [Double] {
    let (s, c) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
    return [c, -s, s * py + (1 - c) * px, s, c, -s * px + (1 - c) * py, 0, 0, 1]
  }
  private static func translation(_ dx: Double, _ dy: Double) -> [Double] { [1, 0, dx, 0, 1, dy, 0, 0, 1] }

  /// `elements * other` and `other * elements`: `other` acts before or after.
  private mutating func pre(_ other: [Double]) { elements = Self.product(elements, other) }
  private mutating func post(_ other: [Double]) { elements = Self.product(other, elements) }
  static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: 9)
    for i in 0..<3 { for j in 0..<3 { for k in 0..<3 { result[3 * i + j] += a[3 * i + k] * b[3 * k + j] } } }
    return result
  }

  /// A scale about the point `px`, `py`; replacing the map, before it, after it.
  public mutating func setScale(_ sx: Double, _ sy: Double, _ px: Double = 0, _ py: Double = 0) {
    elements = Self.scale(sx, sy, px, py)
  }
  public mutating func preScale(_ sx: Double, _ sy: Double, _ px: Double = 0, _ py: Double = 0) {
    pre(Self.scale(sx, sy, px, py))
  }
  public mutating func postScale(_ sx: Double, _ sy: Double, _ px: Double = 0, _ py: Double = 0) {
    post(Self.scale(sx, sy, px, py))
  }

  /// A rotation in degrees, clockwise on the screen, about the point `px`, `py`; replacing the map, before it, after it.
  public mutating func setRotate(_ degrees: Double, _ px: Double = 0, _ py: Double = 0) {
    elements = Self.rotation(degrees, px, py)
  }
  public mutating func preRotate(_ degrees: Double, _ px: Double = 0, _ py: Double = 0) { pre(Self.rotation(degrees, px, py)) }
  public mutating func postRotate(_ degrees: Double, _ px: Double = 0, _ py: Double = 0) { post(Self.rotation(degrees, px, py)) }

  /// A translation; replacing the map, before it, after it.
  public mutating func setTranslate(_ dx: Double, _ dy: Double) { elements = Self.translation(dx, dy) }
  public mutating func preTranslate(_ dx: Double, _ dy: Double) { pre(Self.translation(dx, dy)) }
  public mutating func postTranslate(_ dx: Double, _ dy: Double) { post(Self.translation(dx, dy)) }

  /// The map that takes 1 to 4 points to others: a translation, a similarity, an affine or a projective map.
  public mutating func setPolyToPoly(_ src: [(x: Double, y: Double)], _ dst: [(x: Double, y: Double)]) throws(ImageError) {
    guard src.count == dst.count, 1...4 ~= src.count else {
      throw ImageError(
        .argumentInvalid, "no map between these points", expected: "1 to 4 of each", found: "\(src.count) and \(dst.count)")
    }
    var (rows, values): ([[Double]], [Double]) = ([], [])
    for (a, b) in zip(src, dst) {
      values += [b.x, b.y]
      switch src.count {
      case 1: return setTranslate(b.x - a.x, b.y - a.y)
      case 2: rows += [[a.x, -a.y, 1, 0], [a.y, a.x, 0, 1]]
      case 3: rows += [[a.x, a.y, 1, 0, 0, 0], [0, 0, 0, a.x, a.y, 1]]
      default:
        rows += [[a.x, a.y, 1, 0, 0, 0, -a.x * b.x, -a.y * b.x], [0, 0, 0, a.x, a.y, 1, -a.x * b.y, -a.y * b.y]]
      }
    }
    let s = try solved(rows, values)
    elements = src.count == 2 ? [s[0], -s[1], s[2], s[1], s[0], s[3], 0, 0, 1] : s + (src.count == 3 ? [0, 0, 1] : [1])
  }

  /// Replaces the map by its inverse.
  public mutating func invert() throws(ImageError) { elements = try invertedProjective(elements) }
}

/// Turns bytes of a picture into a model's numbers in one pass: mapped, sampled, its channels arranged, normalized; as the
/// original's `CVImageProcess`.
public struct ImageProcess: Sendable, Hashable {
  /// How values between pixels are found.
  public enum Filter: Sendable, Hashable, CaseIterable {
    case nearest, bilinear, bicubic
  }
  /// What lies outside of the picture: the nearest pixel, a value, the other side.
  public enum Wrap: Sendable, Hashable, CaseIterable {
    case clampToEdge, zero, `repeat`
  }

  public var sourceFormat: PixelFormat
  public var destFormat: PixelFormat
  public var filterType: Filter
  public var wrap: Wrap
  /// A value of the result is `(byte - mean) * normal`, per channel of the result.
  public var mean: [Float]
  public var normal: [Float]
  /// From the result's pixels to the source's.
  public var matrix = Matrix()
  /// The value outside for ``Wrap/zero``.
  public var padding: UInt8 = 0

  public init(
    sourceFormat: PixelFormat = .rgba, destFormat: PixelFormat = .rgba, filterType: Filter = .nearest,
    wrap: Wrap = .clampToEdge, mean: [Float] = [0, 0, 0, 0], normal: [Float] = [1, 1, 1, 1]
  ) {
    self.sourceFormat = sourceFormat
    self.destFormat = destFormat
    self.filterType = filterType
    self.wrap = wrap
    self.mean = mean
    self.normal = normal
  }

  public mutating func setMatrix(_ matrix: Matrix) { self.matrix = matrix }
  public mutating func setPadding(_ value: UInt8) { padding = value }

  /// Bytes of a picture as numbers.
  ///
  /// - Parameters:
  ///   - src: rows of pixels in ``sourceFormat``.
  ///   - iw, ih: pixels of a row, and rows.
  ///   - stride: bytes from row to row; 0 for rows without gaps.
  ///   - width, height: of the result.
  /// - Returns: `float32[1, height, width, channels]`.
  public func convert(
    _ src: [UInt8], _ iw: Int, _ ih: Int, stride: Int = 0, width: Int, height: Int
  ) throws(ImageError) -> Variable {
    let line = iw.multipliedReportingOverflow(by: sourceFormat.channelCount)
    let step = stride == 0 ? line.partialValue : stride
    let needed = step.multipliedReportingOverflow(by: max(ih - 1, 0))
    guard iw > 0, ih > 0, !line.overflow, step >= line.partialValue, !needed.overflow,
      src.count - line.partialValue >= needed.partialValue
    else {
      throw ImageError(
        .argumentInvalid, "the bytes do not fill the picture",
        expected: "\(iw) x \(ih) pixels of \(sourceFormat), stride \(stride)",
        found: "\(src.count) bytes")
    }
    let image = try Image(uninitialized: .uint8, ih, iw, sourceFormat.channelCount, isFlat: false)
    src.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      for y in 0..<ih { (image.write(UInt8.self) + y * image.stride).update(from: base + y * step, count: image.stride) }
    }
    return try converted(image, width, height)
  }

  /// An image `uint8[height, width, channels]` of ``sourceFormat`` as numbers.
  public func convert(_ src: Variable, width: Int, height: Int) throws(ImageError) -> Variable {
    let channels = sourceFormat.channelCount
    return try converted(try Image(src, depths: [.uint8], channels: channels...channels), width, height)
  }

  private func converted(_ source: Image, _ width: Int, _ height: Int) throws(ImageError) -> Variable {
    let channels = destFormat.channelCount
    guard mean.count >= channels, normal.count >= channels else {
      throw ImageError(
        .argumentInvalid, "mean and normal do not fit", expected: "\(channels) numbers each",
        found: "\(mean.count) and \(normal.count)")
    }
    let border: Border = wrap == .clampToEdge ? .replicate : wrap == .zero ? .constant : .wrap
    let interpolation: Interpolation = filterType == .nearest ? .nearest : filterType == .bilinear ? .linear : .cubic
    let map = matrix.elements
    let finish = Finish(
      code: sourceFormat == destFormat ? nil : ColorConversion(sourceFormat.space, destFormat.space),
      mean: Array(mean.prefix(channels)), norm: Array(normal.prefix(channels)))
    let result = try source.warped(
      (width, height), interpolation, border, [Double](repeating: Double(padding), count: 4), finish: finish
    ) { y, sx, sy, n in
      ck_image_projective_row(map, y, sx, sy, n)
    } fixed: { y, bits, sx, sy, n in
      ck_image_projective_row_fixed(map, y, bits, sx, sy, n)
    }
    let batch = try inMemory { () throws(GraphError) in try result.tensor.reshaped([1, height, width, channels]) }
    return Variable(batch, format: .NHWC)
  }

  /// A tensor of one picture, of zeros or of given numbers, `[1, channels, height, width]`.
  public static func createImageTensor(
    _ dtype: DType, _ width: Int, _ height: Int, _ channel: Int, _ data: [Double]? = nil
  ) throws(ImageError) -> Variable {
    let shape = [1, channel, height, width]
    do throws(GraphError) {
      guard let data else { return Variable(try Tensor.zeros(dtype, shape), format: .NCHW) }
      return Variable(try Tensor(shape: shape, scalars: data).converted(to: dtype), format: .NCHW)
    } catch {
      throw ImageError(.argumentInvalid, error.what, expected: error.expected, found: error.found)
    }
  }
}

extension PixelFormat {
  fileprivate var space: ColorSpace {
    switch self {
    case .gray: .gray
    case .rgb: .rgb
    case .rgba: .rgba
    case .bgr: .bgr
    case .bgra: .bgra
    }
  }
}
