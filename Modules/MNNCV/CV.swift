public import MNNGraph

/// OpenCV's functions on images that are variables: `cv.imread`, `cv.resize`, `cv.cvtColor`, …
///
/// An image is a `Variable` of `uint8` or `float32`, `[height, width, channels]` (or `[height, width]` for one channel), in
/// OpenCV's order blue, green, red. Names, defaults and results are OpenCV's. Functions compute at once, and throw
/// ``ImageError``, also for what went wrong in a variable that they read.
// swift-format-ignore: TypeNamesShouldBeCapitalized
public enum cv {
  /// The format of the variables that images are.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  public static let NHWC = DataFormat.NHWC
}
