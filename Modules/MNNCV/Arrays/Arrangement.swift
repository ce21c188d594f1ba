// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CKernels
public import MNNExpr
import MNNGraph

/// By how much ``cv/rotate(_:_:)`` turns.
public enum RotateCode: Sendable, Hashable, CaseIterable {
  case clockwise90, by180, counterclockwise90
}

extension cv {
  public static let ROTATE_90_CLOCKWISE = RotateCode.clockwise90
  public static let ROTATE_180 = RotateCode.by180
  public static let ROTATE_90_COUNTERCLOCKWISE = RotateCode.counterclockwise90

  private static let anyDepth: [DType] = [.uint8, .float32, .int8, .int16, .uint16, .int32, .float64]

  /// Images side by side: of one height, depth and number of channels.
  public static func hconcat(_ src: [Variable]) throws(ImageError) -> Variable {
    let images = try src.map { (src) throws(ImageError) in try Image(src, depths: anyDepth) }
    guard let first = images.first,
      images.allSatisfy({ $0.height == first.height && $0.depth == first.depth && $0.channels == first.channels })
    else { throw misfit("images do not fit side by side", src) }
    let result = try first.like(width: images.reduce(0) { $0 + $1.width })
    let size = first.channels * first.depth.byteCount
    var left = 0
    for image in images {
      image.read(UInt8.self) {
        for y in 0..<image.height {
          (result.write(UInt8.self) + (y * result.width + left) * size).update(
            from: $0 + y * image.width * size, count: image.width * size)
        }
      }
      left += image.width
    }
    return result.variable
  }

  /// Images one below the other: of one width, depth and number of channels.
  public static func vconcat(_ src: [Variable]) throws(ImageError) -> Variable {
    let images = try src.map { (src) throws(ImageError) in try Image(src, depths: anyDepth) }
    guard let first = images.first,
      images.allSatisfy({ $0.width == first.width && $0.depth == first.depth && $0.channels == first.channels })
    else { throw misfit("images do not fit below each other", src) }
    let result = try first.like(height: images.reduce(0) { $0 + $1.height })
    var target = result.write(UInt8.self)
    for image in images {
      image.read(UInt8.self) { target.update(from: $0, count: image.tensor.byteCount) }
      target += image.tensor.byteCount
    }
    return result.variable
  }

  private static func misfit(_ what: String, _ src: [Variable]) -> ImageError {
    ImageError(
      .argumentInvalid, what, expected: "at least one image, all of one size across, depth and channels",
      found: "\(src.count) of other forms")
  }

  /// Mirrors: 0 upside down, above 0 left to right, below 0 both.
  public static func flip(_ src: Variable, _ flipCode: Int) throws(ImageError) -> Variable {
    let image = try Image(src, depths: anyDepth)
    return try image.reordered(flipCode == 0 ? .flipped : flipCode > 0 ? .mirrored : .upsideDown)
  }

  /// Turns by a multiple of 90 degrees.
  public static func rotate(_ src: Variable, _ rotateCode: RotateCode) throws(ImageError) -> Variable {
    let image = try Image(src, depths: anyDepth)
    switch rotateCode {
    case .clockwise90: return try image.reordered(.turnedRight)
    case .by180: return try image.reordered(.upsideDown)
    case .counterclockwise90: return try image.reordered(.turnedLeft)
    }
  }

  /// One image of the channels of several, in their order.
  public static func merge(_ mv: [Variable]) throws(ImageError) -> Variable {
    let images = try mv.map { (src) throws(ImageError) in try Image(src, depths: anyDepth) }
    let channels = images.reduce(0) { $0 + $1.channels }
    guard let first = images.first, channels <= 512,
      images.allSatisfy({ $0.width == first.width && $0.height == first.height && $0.depth == first.depth })
    else { throw misfit("channels do not fit", mv) }
    let result = try Image(uninitialized: first.depth, first.height, first.width, channels, isFlat: first.isFlat)
    var to: Int32 = 0
    for image in images {
      for from in 0..<image.channels {
        image.read(UInt8.self) {
          ck_image_copy_channel(
            $0, Int32(image.channels), Int32(from), result.write(UInt8.self), Int32(channels), to, image.depth.byteCount,
            image.pixelCount)
        }
        to += 1
      }
    }
    return result.variable
  }

  /// The channels of an image, each `[height, width]`.
  public static func split(_ m: Variable) throws(ImageError) -> [Variable] {
    let image = try Image(m, "m", depths: anyDepth, channels: 1...512)
    return try (0..<image.channels).map { (channel) throws(ImageError) in
      let result = try Image(uninitialized: image.depth, image.height, image.width, 1, isFlat: true)
      image.read(UInt8.self) {
        ck_image_copy_channel(
          $0, Int32(image.channels), Int32(channel), result.write(UInt8.self), 1, 0, image.depth.byteCount, image.pixelCount)
      }
      return result.variable
    }
  }
}

extension Image {
  fileprivate func reordered(_ orientation: Orientation) throws(ImageError) -> Variable {
    let turned = try inMemory { () throws(GraphError) in
      let solid = try tensor.reshaped([height, width, channels]).turned(orientation)
      return isFlat ? try solid.reshaped([solid.shape[0], solid.shape[1]]) : solid
    }
    return Variable(turned, format: .NHWC)
  }
}
