// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// OpenCV's names of ways to find values between and outside of pixels.
extension cv {
  public static let INTER_NEAREST = Interpolation.nearest
  public static let INTER_LINEAR = Interpolation.linear
  public static let INTER_CUBIC = Interpolation.cubic
  public static let INTER_AREA = Interpolation.area
  public static let INTER_LANCZOS4 = Interpolation.lanczos4
  public static let INTER_LINEAR_EXACT = Interpolation.linearExact
  public static let INTER_NEAREST_EXACT = Interpolation.nearestExact

  public static let BORDER_CONSTANT = Border.constant
  public static let BORDER_REPLICATE = Border.replicate
  public static let BORDER_REFLECT = Border.reflect
  public static let BORDER_WRAP = Border.wrap
  public static let BORDER_REFLECT_101 = Border.reflect101
  public static let BORDER_REFLECT101 = Border.reflect101
  public static let BORDER_DEFAULT = Border.reflect101
}
