/// Repeats a tensor as a whole along its axes.
///
/// - Inputs: `x`; `repeats`, one number per axis.
/// - SeeAlso: ONNX Tile; `.mnn` operator Tile.
public struct Tile: LayoutOperator {
  public init() {}

  private func repeats(_ operands: Operands) throws(GraphError) -> [Int] {
    let repeats = try operands.integers(1)
    let rank = try operands.shape(0).rank
    guard repeats.count == rank, repeats.allSatisfy({ $0 >= 0 }) else {
      throw GraphError(
        .attributeInvalid, "bad repeats", expected: "\(rank) numbers of at least 0", found: "\(repeats)")
    }
    return repeats
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    return [TensorType(type.dtype, Shape(zip(type.shape.dimensions, try repeats(operands)).map { $0 * Dimension($1) }))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    let sizes = try operands.shape(0).concreteSizes()
    let repeats = try repeats(operands)
    let shape = try resultTypes(for: operands)[0].shape.concreteSizes()
    let own = rowMajorStrides(sizes)
    let target = rowMajorStrides(shape)
    // One loop over the copies and one over the elements, for each axis.
    return [
      [
        Region(
          size: zip(repeats, sizes).flatMap { [$0, $1] }, source: View(strides: own.flatMap { [0, $0] }),
          target: View(strides: zip(target, sizes).flatMap { [$0 * $1, $0] }))
      ]
    ]
  }
}
