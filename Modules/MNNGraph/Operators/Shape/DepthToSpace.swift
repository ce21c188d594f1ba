/// Moves channels into blocks of `size × size` pixels.
///
/// - Input: `[n, c * size², h, w]`. Result: `[n, c, h * size, w * size]`.
/// - SeeAlso: ONNX DepthToSpace; `.mnn` operator DepthToSpace.
public struct DepthToSpace: LayoutOperator {
  public enum Order: String, Hashable, Sendable {
    /// The channel's slowest part is the place in the block: ONNX `DCR`, and the order of TensorFlow.
    case blockFirst
    /// The channel's fastest part is the place in the block: ONNX `CRD`, and PyTorch's pixel shuffle.
    case channelFirst
  }

  public var blockSize: Int
  public var order: Order

  public init(blockSize: Int, order: Order = .blockFirst) {
    self.blockSize = blockSize
    self.order = order
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let (square, overflow) = blockSize.multipliedReportingOverflow(by: blockSize)
    guard type.shape.rank == 4, blockSize > 0, !overflow, type.shape[1].value.map({ $0 % square == 0 }) ?? true else {
      throw GraphError(
        .shapeMismatch, "channels do not divide into blocks", expected: "[n, c * \(blockSize)², h, w]", found: "\(type.shape)")
    }
    let block = Dimension(blockSize)
    return [
      TensorType(
        type.dtype,
        [type.shape[0], type.shape[1] / Dimension(square), type.shape[2] * block, type.shape[3] * block])
    ]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    _ = try resultTypes(for: operands)
    let s = try operands.shape(0).concreteSizes()
    let (n, h, w) = (s[0], s[2], s[3])
    let b = blockSize
    let c = s[1] / (b * b)
    let plane = h * w
    // Loops over n, c, h, block row, w, block column.
    let (rowStride, columnStride, channelStride) =
      order == .blockFirst ? (b * c * plane, c * plane, plane) : (b * plane, plane, b * b * plane)
    return [
      [
        Region(
          size: [n, c, h, b, w, b],
          source: View(strides: [s[1] * plane, channelStride, w, rowStride, 1, columnStride]),
          target: View(strides: rowMajorStrides([n, c, h, b, w, b])))
      ]
    ]
  }
}
