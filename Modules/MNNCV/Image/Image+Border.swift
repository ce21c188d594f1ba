import CImageKernels
public import MNNExpr
import MNNGraph

extension Image {
  /// The image with pixels around it.
  ///
  /// - Parameter fill: the elements of a pixel outside for ``Border/constant``, of the image's type; nil for zeros.
  func bordered(
    top: Int, left: Int, bottom: Int, right: Int, _ border: Border, fill: [UInt8]? = nil
  ) throws(ImageError) -> Image {
    let result = try like(height: height + top + bottom, width: width + left + right)
    let size = channels * depth.byteCount
    let columns = (-left..<width + right).map { Int32(border.index($0, width) ?? -1) }
    let outside = [Int32](repeating: -1, count: columns.count)
    let fill = fill ?? [UInt8](repeating: 0, count: size)
    let line = result.width * size
    read(UInt8.self) { source in
      for y in 0..<result.height {
        let target = result.write(UInt8.self) + y * line
        if let row = border.index(y - top, height) {
          ik_border_row(source + row * width * size, size, columns, fill, target, result.width)
        } else {
          ik_border_row(nil, size, outside, fill, target, result.width)
        }
      }
    }
    return result
  }

  /// The elements of one pixel of the value `x` in every channel.
  func pixel(_ x: Float) -> [UInt8] {
    if depth == .uint8 { return [UInt8](repeating: UInt8(max(0, min(255, x))), count: channels) }
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
    guard [top, bottom, left, right].allSatisfy({ 0..<(1 << 28) ~= $0 }) else {
      throw ImageError(
        .argumentInvalid, "a border has no such width", expected: "0 to 2^28", found: "\(top), \(bottom), \(left), \(right)")
    }
    return try image.bordered(
      top: top, left: left, bottom: bottom, right: right, borderType, fill: image.pixel(value)
    ).variable
  }
}
