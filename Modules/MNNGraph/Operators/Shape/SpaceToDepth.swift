/// Moves blocks of `size × size` pixels into channels: the inverse of ``DepthToSpace``.
///
/// - Input: `[n, c, h * size, w * size]`. Result: `[n, c * size², h, w]`.
/// - SeeAlso: ONNX SpaceToDepth; `.mnn` operator SpaceToDepth.
public struct SpaceToDepth: LayoutOperator {
  public var blockSize: Int
  public var order: DepthToSpace.Order

  public init(blockSize: Int, order: DepthToSpace.Order = .blockFirst) {
    self.blockSize = blockSize
    self.order = order
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let (square, overflow) = blockSize.multipliedReportingOverflow(by: blockSize)
    guard type.shape.rank == 4, blockSize > 0, !overflow,
      [2, 3].allSatisfy({ type.shape[$0].value.map { $0 % blockSize == 0 } ?? true })
    else {
      throw GraphError(
        .shapeMismatch, "the image does not divide into blocks", expected: "[n, c, h * \(blockSize), w * \(blockSize)]",
        found: "\(type.shape)")
    }
    let block = Dimension(blockSize)
    return [
      TensorType(
        type.dtype,
        [type.shape[0], type.shape[1] * Dimension(square), type.shape[2] / block, type.shape[3] / block])
    ]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    _ = try resultTypes(for: operands)
    let s = try operands.shape(0).concreteSizes()
    let b = blockSize
    let (n, c, h, w) = (s[0], s[1], s[2] / b, s[3] / b)
    let plane = h * w
    let (rowStride, columnStride, channelStride) =
      order == .blockFirst ? (b * c * plane, c * plane, plane) : (b * plane, plane, b * b * plane)
    // Loops over n, block row, block column, c, h, w.
    return [
      [
        Region(
          size: [n, b, b, c, h, w],
          source: View(strides: [c * s[2] * s[3], s[3], 1, s[2] * s[3], b * s[3], b]),
          target: View(strides: [c * s[2] * s[3], rowStride, columnStride, channelStride, w, 1]))
      ]
    ]
  }
}
