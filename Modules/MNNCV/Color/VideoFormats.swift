import CKernels
import MNNGraph

extension Image {
  /// The rows of luma of a picture in planes, which is half as high again.
  func planes(_ code: ColorConversion) throws(ImageError) -> Int {
    guard depth == .uint8, channels == 1, height % 3 == 0, width % 2 == 0, height / 3 * 2 % 2 == 0 else {
      throw ImageError(
        .argumentInvalid, "cannot convert \(code)", expected: "uint8[height x 3/2, width] of even height and width",
        found: "\(tensor.type)")
    }
    return height / 3 * 2
  }

  func fromPlanes(_ code: ColorConversion, _ channels: Int, _ blue: Int32) throws(ImageError) -> Image {
    let luma = try planes(code)
    let result = try Image(uninitialized: .uint8, luma, width, channels, isFlat: false)
    let target = result.write(UInt8.self)
    read(UInt8.self) { y in
      let chroma = y + luma * width
      let quarter = luma * width / 4
      switch code.source {
      case .nv12, .nv21:
        let swap = code.source == .nv21 ? 1 : 0
        ck_image_from_yuv420(y, chroma + swap, chroma + 1 - swap, 2, width, target, Int32(channels), blue, width, luma)
      default:
        let (u, v) = code.source == .i420 ? (chroma, chroma + quarter) : (chroma + quarter, chroma)
        ck_image_from_yuv420(y, u, v, 1, width / 2, target, Int32(channels), blue, width, luma)
      }
    }
    return result
  }

  func fromPairs(_ code: ColorConversion, _ channels: Int, _ blue: Int32) throws(ImageError) -> Image {
    guard depth == .uint8, self.channels == 2, width % 2 == 0 else {
      throw ImageError(
        .argumentInvalid, "cannot convert \(code)", expected: "uint8[height, width, 2] of even width",
        found: "\(tensor.type)")
    }
    let (y, u, v): (Int32, Int32, Int32) =
      code.source == .uyvy ? (1, 0, 2) : code.source == .yuy2 ? (0, 1, 3) : (0, 3, 1)
    let result = try like(channels: channels)
    read(UInt8.self) { ck_image_from_yuv422($0, y, u, v, result.write(UInt8.self), Int32(channels), blue, pixelCount) }
    return result
  }

  func toPlanes(_ code: ColorConversion, _ blue: Int32) throws(ImageError) -> Image {
    guard depth == .uint8, channels >= 3, width % 2 == 0, height % 2 == 0 else {
      throw ImageError(
        .argumentInvalid, "cannot convert \(code)", expected: "uint8[height, width, 3 or 4] of even height and width",
        found: "\(tensor.type)")
    }
    let result = try Image(uninitialized: .uint8, height / 2 * 3, width, 1, isFlat: false)
    let y = result.write(UInt8.self)
    let chroma = y + height * width
    let quarter = height * width / 4
    let (u, v) = code.target == .i420 ? (chroma, chroma + quarter) : (chroma + quarter, chroma)
    read(UInt8.self) { ck_image_to_yuv420($0, Int32(channels), blue, y, u, v, width, height) }
    return result
  }
}
