public import MNNGraph

/// How pixels between pixels are found, under OpenCV's names.
public enum Interpolation: String, Sendable, Hashable, CaseIterable {
  /// `INTER_AREA`: the mean over the area that a pixel of the result covers. For shrinking.
  case area
}

/// An image of another size.
///
/// - Parameters:
///   - image: `uint8[height, width, channels]`.
///   - width, height: of the result, at least 1; with ``Interpolation/area`` not above the image's.
/// - Returns: `uint8[height, width, channels]`, rounded to nearest.
/// - Throws: ``ImageError/Code/argumentInvalid``.
public func resize(
  _ image: Tensor, width: Int, height: Int, interpolation: Interpolation = .area
) throws(ImageError) -> Tensor {
  guard image.rank == 3, image.dtype == .uint8 else {
    throw ImageError(
      .argumentInvalid, "not an image", expected: "uint8[height, width, channels]", found: "\(image.type)")
  }
  guard 1...max(1, image.shape[1]) ~= width, 1...max(1, image.shape[0]) ~= height, !image.shape.contains(0) else {
    throw ImageError(
      .argumentInvalid, "averaging over areas only shrinks", expected: "at most \(image.shape[1]) x \(image.shape[0])",
      found: "\(width) x \(height)")
  }
  let channels = image.shape[2]
  let columns = coverage(of: image.shape[1], by: width)
  let rows = coverage(of: image.shape[0], by: height)
  let stride = image.shape[1] * channels
  do throws(GraphError) {
    let result = try Tensor(uninitialized: .uint8, shape: [height, width, channels])
    let target = result.mutableBytes
    image.withUnsafeBytes { source in
      for (y, row) in rows.enumerated() {
        for (x, column) in columns.enumerated() {
          for channel in 0..<channels {
            var sum: Float = 0
            for (fromY, weightY) in row {
              for (fromX, weightX) in column {
                sum += weightY * weightX * Float(source[fromY * stride + fromX * channels + channel])
              }
            }
            target[(y * width + x) * channels + channel] = UInt8(max(0, min(255, sum.rounded(.toNearestOrEven))))
          }
        }
      }
    }
    return result
  } catch { throw ImageError(.outOfMemory, error.what) }
}

/// For every one of `count` equal parts of `0..<length`: the positions it covers and the share of it that each has.
private func coverage(of length: Int, by count: Int) -> [[(position: Int, weight: Float)]] {
  let scale = Double(length) / Double(count)
  return (0..<count).map { part in
    let (start, end) = (Double(part) * scale, Double(part + 1) * scale)
    return (Int(start)..<min(length, Int(end.rounded(.up)))).compactMap { position in
      let share = min(end, Double(position + 1)) - max(start, Double(position))
      return share > 0 ? (position, Float(share / scale)) : nil
    }
  }
}
