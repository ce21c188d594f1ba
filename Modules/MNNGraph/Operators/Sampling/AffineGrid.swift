/// The grid of positions that an affine map samples an image at, for ``GridSample``.
///
/// - Inputs: `theta` `[N, r, r + 1]`, the first rows of the maps; `size`, integers, constant when the graph is planned: the
///   shape `[N, C, d…]` of the image, with `r` spatial axes.
/// - Result: `[N, d…, r]`, positions from -1 to 1, the last axis first.
/// - SeeAlso: ONNX AffineGrid, opset 20.
public struct AffineGrid: CompositeOperator, Codable {
  /// -1 and 1 are the centers of the outermost pixels, not their outer edges.
  public var alignsCorners: Bool

  public init(alignsCorners: Bool = false) { self.alignsCorners = alignsCorners }

  private func spatialSizes(_ theta: TensorType, _ size: [Int]) throws(GraphError) -> [Int] {
    let sizes = Array(size.dropFirst(2))
    guard !sizes.isEmpty, sizes.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(.shapeMismatch, "the size is not that of an image", expected: "N, C, d…", found: "\(size)")
    }
    try requireEqual(Dimension(size[0]), theta.shape[0], "the number of maps")
    try requireEqual(Dimension(sizes.count), theta.shape[1], "the rows of a map")
    try requireEqual(Dimension(sizes.count + 1), theta.shape[2], "the columns of a map")
    return sizes
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let theta = try operands.type(0, rank: 3)
    _ = try operands.floatType(0)
    let sizes = try spatialSizes(theta, operands.integers(1))
    return [TensorType(theta.dtype, Shape([theta.shape[0]] + sizes.map { Dimension($0) } + [Dimension(sizes.count)]))]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let theta = try builder.required(inputs, 0)
    guard let size = builder.graph.constant(try builder.required(inputs, 1)) else {
      throw GraphError(.dependsOnData, "the result's shape depends on the contents of input 1")
    }
    let type = try builder.type(of: theta)
    let sizes = try spatialSizes(type, size.scalars(as: Int64.self).map { Int($0) })
    let rows = try checkedElementCount(sizes)
    let points = try Tensor.computed(type.dtype, [rows, sizes.count + 1]) { points in
      var i = 0
      for index in IndexSequence(sizes) {
        for coordinate in zip(index, sizes).map(coordinate).reversed() + [1] {
          points[i] = coordinate
          i += 1
        }
      }
    }
    let moved = try builder.add(MatMul(transposesB: true), builder.constant(points), theta)
    return [try builder.reshape(moved, [0] + sizes + [sizes.count])]
  }

  private func coordinate(_ index: Int, _ size: Int) -> Double {
    if alignsCorners { return size > 1 ? 2 * Double(index) / Double(size - 1) - 1 : 0 }
    return (2 * Double(index) + 1) / Double(size) - 1
  }
}
