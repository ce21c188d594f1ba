/// How the scales of a quantized tensor belong to its elements.
///
/// One scale for all; a vector along ``axis``; or, with a block size, a tensor of the rank of `x` whose axis has one scale
/// for that many elements; its other axes are those of `x`, or 1 where one scale serves the whole axis.
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
      for i in 0..<x.rank where i == axis || scale[i] != 1 {
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
    let groups = try groups(scale, of: x)
    return groups.indices.flatMap { [Int](repeating: $0, count: groups.length) }
  }

  /// `x` in runs of `length` elements that have one scale, and which scale each run has.
  package func groups(_ scale: [Int], of x: [Int]) throws(GraphError) -> (indices: [Int], length: Int) {
    let count = try checkedElementCount(x)
    guard count > 0 else { return ([], 0) }
    if scale.isEmpty || (scale == [1] && blockSize == 0) { return ([0], count) }
    let axis = try normalizedAxis(axis, rank: x.count)
    if blockSize == 0 {
      let (outer, length, inner) = splitSizes(x, at: axis)
      return ((0..<outer * length).map { $0 % length }, inner)
    }
    guard let last = scale.lastIndex(where: { $0 > 1 }) else { return ([0], count) }
    // A whole block is a run where the blocks are of equal length.
    let step = last == axis && x[axis] % blockSize == 0 ? blockSize : 1
    let strides = zip(scale, rowMajorStrides(scale)).map { $0 == 1 ? 0 : $1 }
    var sizes = Array(x[...last])
    sizes[last] /= step
    let indices = IndexSequence(sizes).map { index in
      var place = 0
      for i in index.indices {
        place += (i == axis ? index[i] / (i == last ? blockSize / step : blockSize) : index[i]) * strides[i]
      }
      return place
    }
    return (indices, count / indices.count)
  }
}

extension QuantizationGranularity {
  /// That of `groups` runs of equal length, one after the other in row-major order, and the shape of their scales; nil if that is
  /// not whole slices of an axis.
  package init?(groups: Int, of x: [Int], scale: inout [Int]) {
    let count = x.reduce(1, *)
    guard groups > 0, count > 0, count % groups == 0 else { return nil }
    let length = count / groups
    var inner = count
    for axis in x.indices {
      inner /= x[axis]
      guard inner <= length else { continue }
      let block = length / inner
      guard length % inner == 0, x[axis] % block == 0 else { return nil }
      if axis == 0, block == 1 {
        self.init(axis: 0)
        scale = [x[0]]
      } else {
        self.init(axis: axis, blockSize: block)
        scale = x
        scale[axis] /= block
        for i in x.indices where i > axis { scale[i] = 1 }
      }
      return
    }
    return nil
  }
}

extension DType {
  /// The numbers that a quantized value of this type can have.
  func quantizedRange() throws(GraphError) -> ClosedRange<Double> {
    switch self {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .int32: -2_147_483_648...2_147_483_647
    default:
      throw GraphError(.dtypeUnsupported, "not a type to quantize to", expected: "8, 16 or 32 bit integers", found: "\(self)")
    }
  }
}
