// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// What a picture becomes when it is read.
public struct ReadMode: Sendable, Hashable {
  /// The channels wanted; nil leaves those of the file: gray, gray with alpha, BGR or BGRA.
  public var format: PixelFormat?
  /// Whether a file of 16 bits a channel gives `uint16`; otherwise they are cut to 8.
  public var keepsDepth: Bool
  /// Whether the picture is turned as its EXIF data say.
  public var appliesOrientation: Bool
  /// 1, 2, 4 or 8: the picture is read at this fraction of its width and height. JPEG is decoded that small, which is
  /// several times faster; others are averaged.
  public var reduction: Int

  public init(_ format: PixelFormat?, keepsDepth: Bool = false, appliesOrientation: Bool = true, reduction: Int = 1) {
    self.format = format
    self.keepsDepth = keepsDepth
    self.appliesOrientation = appliesOrientation
    self.reduction = reduction
  }

  /// Blue, green, red: OpenCV's default.
  public static let color = ReadMode(.bgr)
  public static let rgb = ReadMode(.rgb)
  public static let grayscale = ReadMode(.gray)
  public static let unchanged = ReadMode(nil, keepsDepth: true, appliesOrientation: false)
  /// Gray of the file's depth.
  public static let anyDepth = ReadMode(.gray, keepsDepth: true)
}

extension cv {
  public static let IMREAD_COLOR = ReadMode.color
  public static let IMREAD_COLOR_BGR = ReadMode.color
  public static let IMREAD_COLOR_RGB = ReadMode.rgb
  public static let IMREAD_GRAYSCALE = ReadMode.grayscale
  public static let IMREAD_UNCHANGED = ReadMode.unchanged
  public static let IMREAD_ANYDEPTH = ReadMode.anyDepth
  public static let IMREAD_REDUCED_COLOR_2 = ReadMode(.bgr, reduction: 2)
  public static let IMREAD_REDUCED_COLOR_4 = ReadMode(.bgr, reduction: 4)
  public static let IMREAD_REDUCED_COLOR_8 = ReadMode(.bgr, reduction: 8)
  public static let IMREAD_REDUCED_GRAYSCALE_2 = ReadMode(.gray, reduction: 2)
  public static let IMREAD_REDUCED_GRAYSCALE_4 = ReadMode(.gray, reduction: 4)
  public static let IMREAD_REDUCED_GRAYSCALE_8 = ReadMode(.gray, reduction: 8)
}
