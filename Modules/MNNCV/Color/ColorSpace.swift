/// What the channels of a pixel mean.
public enum ColorSpace: String, Sendable, Hashable, CaseIterable {
  case bgr, rgb, bgra, rgba, gray
  /// Linear light, where the others are gamma-coded as in sRGB.
  case linearBGR, linearRGB
  /// 16 bits a pixel: two bytes, the lower first. 555 keeps alpha in the highest bit.
  case bgr565, bgr555
  /// Hue of bytes is 0..<180; of the full variants 0...255. Floats have degrees.
  case hsv, hsvFull, hls, hlsFull
  case lab, luv, xyz, yCrCb, yuv
  /// Planes of a video picture, as rows of one channel: height x 3/2. U before V in ``i420``, after it in ``yv12``.
  case i420, yv12
  /// A plane of luma, and one of interleaved chroma: U first in ``nv12``.
  case nv12, nv21
  /// Two bytes a pixel, chroma shared by two.
  case uyvy, yuy2, yvyu
  /// RGBA whose colors are multiplied by alpha.
  case premultipliedRGBA

  /// For the arrangements of red, green and blue: the number of channels and the index of blue.
  var arrangement: (channels: Int, blue: Int32)? {
    switch self {
    case .bgr, .linearBGR: (3, 0)
    case .rgb, .linearRGB: (3, 2)
    case .bgra: (4, 0)
    case .rgba: (4, 2)
    default: nil
    }
  }

  var isLinear: Bool { self == .linearBGR || self == .linearRGB }
  /// Bits of green in a pixel of 16.
  var greenBits: Int32? { self == .bgr565 ? 6 : self == .bgr555 ? 5 : nil }
}

/// From which colors to which: what OpenCV's `COLOR_…` constants name.
public struct ColorConversion: Sendable, Hashable, CustomStringConvertible {
  public var source: ColorSpace
  public var target: ColorSpace

  public init(_ source: ColorSpace, _ target: ColorSpace) {
    self.source = source
    self.target = target
  }

  public var description: String { "\(source) to \(target)" }
}
