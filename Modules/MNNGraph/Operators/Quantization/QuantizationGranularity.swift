/// How the scales of a quantised tensor belong to its elements.
///
/// One scale for all; a vector along ``axis``; or, with a block size, a tensor of the rank of `x` whose axis has one scale
/// for that many elements.
public struct QuantizationGranularity: Hashable, Sendable, Codable {
  public var axis: Int
  /// 0 for no blocks.
  public var blockSize: Int

  public init(axis: Int = 1, blockSize: Int = 0) {
    self.axis = axis
    self.blockSize = blockSize
  }

  /// Throws if scales of shape `scale` do not fit `x`.
  func check(_ scale: Shape, of x: Shape) throws(GraphError) {
    if scale.rank == 0 || (scale.rank == 1 && scale[0] == 1 && blockSize == 0) { return }
    let axis = try x.axis(axis)
    try requireAttribute(blockSize >= 0, "bad block size", expected: "at least 0", found: "\(blockSize)")
    if blockSize > 0 {
      guard scale.rank == x.rank else {
        throw GraphError(.rankMismatch, "scales do not fit", expected: "rank \(x.rank)", found: "\(scale)")
      }
      for i in 0..<x.rank {
        try requireEqual(
          i == axis ? (x[i] + Dimension(blockSize - 1)) / Dimension(blockSize) : x[i], scale[i], "the number of scales")
      }
    } else {
      guard scale.rank == 1 else {
        throw GraphError(.rankMismatch, "scales do not fit", expected: "a scalar or a vector", found: "\(scale)")
      }
      try requireEqual(x[axis], scale[0], "the number of scales")
    }
  }

  /// For each element of `x`, in order, which scale it has.
  func scaleIndices(_ scale: [Int], of x: [Int]) throws(GraphError) -> [Int] {
    let count = try checkedElementCount(x)
    if scale.isEmpty || (scale == [1] && blockSize == 0) { return [Int](repeating: 0, count: count) }
    let axis = try normalizedAxis(axis, rank: x.count)
    if blockSize == 0 {
      let (_, length, inner) = splitSizes(x, at: axis)
      return (0..<count).map { $0 / inner % length }
    }
    let strides = rowMajorStrides(scale)
    return IndexSequence(x).map { index in
      var index = index
      index[axis] /= blockSize
      return position(index, strides)
    }
  }
}

extension DType {
  /// The numbers that a quantised value of this type can have.
  func quantizedRange() throws(GraphError) -> ClosedRange<Double> {
    switch self {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .int32: -2_147_483_648...2_147_483_647
    default:
      throw GraphError(.dtypeUnsupported, "not a type to quantise to", expected: "8, 16 or 32 bit integers", found: "\(self)")
    }
  }
}
