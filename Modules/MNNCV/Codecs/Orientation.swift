package import MNNGraph

/// How a camera was held: what must be done to the stored pixels. The numbers are EXIF's.
package enum Orientation: Int, CaseIterable, Sendable {
  case upright = 1
  case mirrored, upsideDown, flipped, transposed, turnedRight, transverse, turnedLeft

  /// Whether rows of the result are columns of the source.
  var swapsAxes: Bool { rawValue >= 5 }
  /// Whether the source is walked from its last row, from its last column.
  var startsAtBottom: Bool { [.upsideDown, .flipped, .turnedRight, .transverse].contains(self) }
  var startsAtRight: Bool { [.mirrored, .upsideDown, .transverse, .turnedLeft].contains(self) }
}

extension Tensor {
  /// The image `[height, width, channels]` as it should be seen.
  package func turned(_ orientation: Orientation) throws(GraphError) -> Tensor {
    guard orientation != .upright, rank == 3 else { return self }
    let (height, width, channels) = (shape[0], shape[1], shape[2] * dtype.byteCount)
    let (rows, columns) = orientation.swapsAxes ? (width, height) : (height, width)
    let result = try Tensor(uninitialized: dtype, shape: [rows, columns, shape[2]])
    let target = result.mutableBytes
    let down = (orientation.startsAtBottom ? -1 : 1) * width * channels
    let right = (orientation.startsAtRight ? -1 : 1) * channels
    let start = (orientation.startsAtBottom ? (height - 1) * width : 0) + (orientation.startsAtRight ? width - 1 : 0)
    let (rowStep, columnStep) = orientation.swapsAxes ? (right, down) : (down, right)
    withUnsafeBytes { source in
      var to = 0
      for y in 0..<rows {
        var from = start * channels + y * rowStep
        for _ in 0..<columns {
          for channel in 0..<channels { target[to + channel] = source[from + channel] }
          to += channels
          from += columnStep
        }
      }
    }
    return result
  }
}
