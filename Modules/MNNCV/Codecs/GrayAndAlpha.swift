import MNNGraph

extension Tensor {
  /// Of an image `[height, width, 4]` whose colors are equal, one of them and alpha: `[height, width, 2]`.
  func grayAndAlpha() throws(GraphError) -> Tensor {
    let width = dtype.byteCount
    let result = try Tensor(uninitialized: dtype, shape: [shape[0], shape[1], 2])
    let target = result.mutableBytes
    withUnsafeBytes { source in
      for pixel in 0..<count / 4 {
        for byte in 0..<width {
          target[2 * pixel * width + byte] = source[4 * pixel * width + byte]
          target[(2 * pixel + 1) * width + byte] = source[(4 * pixel + 3) * width + byte]
        }
      }
    }
    return result
  }
}
