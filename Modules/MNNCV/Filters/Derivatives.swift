// OpenCV's own names, so that its documentation serves.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import MNNExpr
public import MNNGraph

extension cv {
  /// Correlation with a kernel of one's own, whose middle lies on the pixel.
  ///
  /// - Parameters:
  ///   - ddepth: the result's depth, nil for the source's: `uint8`, `int16` or `float32`.
  ///   - kernel: `[rows, columns]`.
  ///   - delta: added to the result.
  public static func filter2D(
    _ src: Variable, _ ddepth: DType?, _ kernel: Variable, delta: Double = 0, borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let (weights, columns) = try kernelWeights(kernel, "kernel")
    return try image.filtered(
      grid: weights, columns, depth: image.resultDepth(ddepth), delta: Float(delta), border: borderType
    ).variable
  }

  /// Correlation with a row `kx`, then a column `ky`.
  public static func sepFilter2D(
    _ src: Variable, _ ddepth: DType?, _ kx: Variable, _ ky: Variable, delta: Double = 0, borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let (x, y) = (try kernelWeights(kx, "kx").weights, try kernelWeights(ky, "ky").weights)
    return try image.filtered(x, y, depth: image.resultDepth(ddepth), delta: Float(delta), border: borderType).variable
  }

  /// A derivative by Sobel: of order `dx` and `dy` along the axes.
  ///
  /// - Parameter ksize: 1, 3, 5, 7, … up to 31.
  public static func Sobel(
    _ src: Variable, _ ddepth: DType?, _ dx: Int, _ dy: Int, ksize: Int = 3, scale: Double = 1, delta: Double = 0,
    borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let (x, y) = try derivativeKernels(dx, dy, ksize)
    return try image.filtered(
      x, y, depth: image.resultDepth(ddepth), scale: Float(scale), delta: Float(delta), border: borderType
    ).variable
  }

  /// A first derivative by Scharr's 3 x 3 kernel.
  public static func Scharr(
    _ src: Variable, _ ddepth: DType?, _ dx: Int, _ dy: Int, scale: Double = 1, delta: Double = 0,
    borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    try Sobel(src, ddepth, dx, dy, ksize: -1, scale: scale, delta: delta, borderType: borderType)
  }

  /// The sum of the second derivatives along both axes.
  ///
  /// - Parameter ksize: 1 for the 3 x 3 kernel of the four neighbors, otherwise Sobel's.
  public static func Laplacian(
    _ src: Variable, _ ddepth: DType?, ksize: Int = 1, scale: Double = 1, delta: Double = 0,
    borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let depth = try image.resultDepth(ddepth)
    let s = Float(scale)
    if ksize == 1 || ksize == 3 {
      let grid: [Float] = ksize == 1 ? [0, 1, 0, 1, -4, 1, 0, 1, 0] : [2, 0, 2, 0, -8, 0, 2, 0, 2]
      return try image.filtered(grid: grid.map { $0 * s }, 3, depth: depth, delta: Float(delta), border: borderType).variable
    }
    let (second, smooth) = try derivativeKernels(2, 0, ksize)
    // One grid of both, as the sum is rounded once.
    let grid = (0..<ksize * ksize).map { i in
      (second[i % ksize] * smooth[i / ksize] + smooth[i % ksize] * second[i / ksize]) * s
    }
    return try image.filtered(grid: grid, ksize, depth: depth, delta: Float(delta), border: borderType).variable
  }

  /// The first derivatives along both axes of a `uint8` image of one channel, as `int16`.
  ///
  /// - Parameter ksize: 3.
  public static func spatialGradient(
    _ src: Variable, ksize: Int = 3, borderType: Border = .reflect101
  ) throws(ImageError) -> (dx: Variable, dy: Variable) {
    let image = try Image(src, depths: [.uint8], channels: 1...1)
    guard ksize == 3, borderType == .reflect101 || borderType == .replicate else {
      throw ImageError(
        .argumentInvalid, "no such gradient", expected: "ksize 3, reflect101 or replicate", found: "\(ksize), \(borderType)")
    }
    return (
      try image.filtered([-1, 0, 1], [1, 2, 1], depth: .int16, border: borderType).variable,
      try image.filtered([1, 2, 1], [-1, 0, 1], depth: .int16, border: borderType).variable
    )
  }
}
