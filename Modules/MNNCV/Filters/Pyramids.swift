public import MNNExpr
import MNNGraph

extension cv {
  /// Half the size after smoothing by 1 4 6 4 1.
  ///
  /// - Parameter dstsize: within a pixel of half the source's size; nil is half, rounded up.
  public static func pyrDown(
    _ src: Variable, dstsize: (width: Int, height: Int)? = nil, borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let (width, height) = dstsize ?? ((image.width + 1) / 2, (image.height + 1) / 2)
    guard borderType != .constant, 1...image.width + 1 ~= width, 1...image.height + 1 ~= height,
      abs(2 * width - image.width) <= 2,
      abs(2 * height - image.height) <= 2
    else {
      throw ImageError(
        .argumentInvalid, "not half the size",
        expected: "\((image.width + 1) / 2) x \((image.height + 1) / 2), no constant border",
        found: "\(width) x \(height), \(borderType)")
    }
    func table(_ count: Int, _ size: Int) -> Resampling {
      var table = Resampling(taps: 5, indices: [], weights: [])
      for i in 0..<size {
        for (k, weight) in [1, 4, 6, 4, 1].enumerated() {
          table.indices.append(Int32(borderType.index(2 * i + k - 2, count) ?? 0))
          table.weights.append(Float(weight) / 16)
        }
      }
      return table
    }
    return try image.resampled(table(image.width, width), table(image.height, height), width, height).variable
  }

  /// Twice the size: zeros between the pixels, then smoothing by 1 4 6 4 1.
  ///
  /// - Parameter dstsize: twice the source's size, which nil takes.
  public static func pyrUp(
    _ src: Variable, dstsize: (width: Int, height: Int)? = nil, borderType: Border = .reflect101
  ) throws(ImageError) -> Variable {
    let image = try Image(src)
    let (width, height) = dstsize ?? (2 * image.width, 2 * image.height)
    guard borderType == .reflect101, width == 2 * image.width, height == 2 * image.height else {
      throw ImageError(
        .argumentInvalid, "not twice the size", expected: "\(2 * image.width) x \(2 * image.height), reflect101",
        found: "\(width) x \(height), \(borderType)")
    }
    func table(_ count: Int) -> Resampling {
      var table = Resampling(taps: 3, indices: [], weights: [])
      for i in 0..<count {
        let (before, after) = (i > 0 ? i - 1 : min(1, count - 1), min(i + 1, count - 1))
        table.indices += [before, i, after, i, after, after].map { Int32($0) }
        table.weights += [1, 6, 1, 4, 4, 0].map { $0 / 8 }
      }
      return table
    }
    return try image.resampled(table(image.width), table(image.height), width, height).variable
  }
}

extension Image {
  /// Resampled by tables of weights with few bits; halves are rounded up.
  fileprivate func resampled(
    _ columns: Resampling, _ rows: Resampling, _ width: Int, _ height: Int
  ) throws(ImageError) -> Image {
    let result = try RowSink(self, height: height, width: width)
    try resample(columns, rows, result, exactly: true, tiesUp: true)
    return result.result
  }
}
