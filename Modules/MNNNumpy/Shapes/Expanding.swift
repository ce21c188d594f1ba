import MNNGraph
import MNNKernels

enum Expanding {
  /// The array repeated along axes of size 1 and new leading axes to `shape`.
  static func broadcast(_ x: Tensor, to shape: [Int]) throws(GraphError) -> Tensor {
    _ = try checkedElementCount(shape)
    guard shape.count >= x.rank, try broadcastSizes(x.shape, shape) == shape else {
      throw GraphError(.shapeMismatch, "cannot broadcast", expected: "\(shape)", found: "\(x.shape)")
    }
    return try Strided(x, shape: shape, strides: broadcastStrides(x.shape, to: shape)).tensor()
  }

  /// At least `rank` axes, as numpy's `atleast_nd` adds them.
  static func atLeast(_ rank: Int, _ x: Tensor) throws(GraphError) -> Tensor {
    switch (rank, x.rank) {
    case (1, 0), (2, 0), (3, 0): try x.reshaped([Int](repeating: 1, count: rank))
    case (2, 1): try x.reshaped([1] + x.shape)
    case (3, 1): try x.reshaped([1] + x.shape + [1])
    case (3, 2): try x.reshaped(x.shape + [1])
    default: x
    }
  }
}
