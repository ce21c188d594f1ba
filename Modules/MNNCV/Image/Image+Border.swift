import CKernels
public import MNNExpr
import MNNGraph

/// Rows of an image with pixels to their left and right.
struct RowPadding {
  private let image: Image
  private let left: [Int32]
  private let right: [Int32]
  private let fill: [UInt8]

  /// - Parameter fill: the bytes of a pixel outside for ``Border/constant``; nil for zeros.
  init(_ image: Image, left: Int, right: Int, _ border: Border, fill: [UInt8]? = nil) {
    self.image = image
    func columns(_ range: Range<Int>) -> [Int32] { range.map { Int32(border.index($0, image.width) ?? -1) } }
    self.left = columns(-left..<0)
    self.right = columns(image.width..<image.width + right)
    self.fill = fill ?? [UInt8](repeating: 0, count: image.channels * image.depth.byteCount)
  }

  /// Writes row `y`, or one outside of the image if that is nil.
  func write(_ y: Int?, into target: UnsafeMutablePointer<UInt8>) {
    let (size, width) = (fill.count, image.width)
    guard let y else {
      let outside = [Int32](repeating: -1, count: left.count + width + right.count)
      return ck_image_border_row(nil, size, outside, fill, target, outside.count)
    }
    image.read(UInt8.self) { source in
      let row = source + y * width * size
      ck_image_border_row(row, size, left, fill, target, left.count)
      (target + left.count * size).update(from: row, count: width * size)
      ck_image_border_row(row, size, right, fill, target + (left.count + width) * size, right.count)
    }
  }
}

extension Image {
  /// The image with pixels around it.
  ///
  /// - Parameter fill: the elements of a pixel outside for ``Border/constant``, of the image's type; nil for zeros.
  func bordered(
    top: Int, left: Int, bottom: Int, right: Int, _ border: Border, fill: [UInt8]? = nil
  ) throws(ImageError) -> Image {
    let result = try like(height: height + top + bottom, width: width + left + right)
    let padding = RowPadding(self, left: left, right: right, border, fill: fill)
    let line = result.stride * depth.byteCount
    for y in 0..<result.height {
      padding.write(border.index(y - top, height), into: result.write(UInt8.self) + y * line)
    }
    return result
  }

  /// The elements of one pixel of the value `x` in every channel.
  func pixel(_ x: Float) -> [UInt8] {
    if depth == .uint8 { return [UInt8](repeating: UInt8(converting: max(0, min(255, x))), count: channels) }
    let bytes = withUnsafeBytes(of: x) { Array($0) }
    return (0..<channels).flatMap { _ in bytes }
  }
}

extension cv {
  /// An image with pixels around it.
  ///
  /// - Parameter value: what ``BORDER_CONSTANT`` puts there, in every channel.
  public static func copyMakeBorder(
    _ src: Variable, top: Int, bottom: Int, left: Int, right: Int, borderType: Border, value: Float = 0
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    guard [top, bottom, left, right].allSatisfy({ 0...(1 << 22) ~= $0 }) else {
      throw ImageError(
        .argumentInvalid, "a border has no such width", expected: "0 to 2^22", found: "\(top), \(bottom), \(left), \(right)")
    }
    return try image.bordered(
      top: top, left: left, bottom: bottom, right: right, borderType, fill: image.pixel(value)
    ).variable
  }
}
