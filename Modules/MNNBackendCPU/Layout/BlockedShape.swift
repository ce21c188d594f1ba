import MNNGraph

/// Blocked tensors: an image tensor `[N, C, H, W]` as the plain array `[N, ceil(C/c), H, W, c]`, so that a vector register holds
/// the channels of one pixel. Lanes past `C` in the last block hold anything, and never reach another lane.
///
/// Tensors of rank 3, `[N, C, W]`, are blocked as images of height 1, those of rank 2 as single pixels.
enum BlockedShape {
  static func canBlock(rank: Int) -> Bool { (2...4).contains(rank) }

  /// The blocked shape of a tensor `[N, C, …]`.
  static func blocked(_ plain: Shape, block: Int) throws(GraphError) -> Shape {
    guard canBlock(rank: plain.rank) else {
      throw GraphError(.rankMismatch, "only images can be blocked", expected: "rank 2 to 4", found: "\(plain)")
    }
    let image = Array(plain.dimensions.dropFirst(2))
    let channels = (plain[1] + Dimension(block - 1)) / Dimension(block)
    return Shape([plain[0], channels] + [Dimension](repeating: 1, count: 2 - image.count) + image + [Dimension(block)])
  }

  /// The plain shape of rank `rank` that has this blocked shape and so many channels.
  static func plain(_ blocked: Shape, channels: Int, rank: Int) throws(GraphError) -> Shape {
    guard blocked.rank == 5, canBlock(rank: rank) else {
      throw GraphError(.rankMismatch, "not a blocked tensor", expected: "rank 5", found: "\(blocked)")
    }
    let image = [blocked[2], blocked[3]].suffix(rank - 2)
    return Shape([blocked[0], Dimension(channels)] + image)
  }
}
