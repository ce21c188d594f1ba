/// OpenCV's functions on images that are tensors: `cv.imread`, `cv.resize`, `cv.cvtColor`, …
///
/// An image is `uint8` or `float32`, `[height, width, channels]` (or `[height, width]` for one channel), in OpenCV's order
/// blue, green, red. Names, defaults and results are OpenCV's; errors are ``ImageError``.
public enum cv {}
