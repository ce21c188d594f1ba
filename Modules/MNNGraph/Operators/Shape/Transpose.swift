/// Reorders the axes: axis `i` of the result is axis `permutation[i]` of `x`.
///
/// - Input: `x`, any type. Result: the same elements, sizes permuted.
/// - SeeAlso: ONNX Transpose (whose empty `perm` reverses); `.mnn` operators Permute and Transpose.
public struct Transpose: LayoutOperator {
  public var permutation: [Int]

  public init(permutation: [Int]) { self.permutation = permutation }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    guard permutation.sorted() == Array(0..<type.shape.rank) else {
      throw GraphError(
        .attributeInvalid, "not a permutation of the axes", expected: "each of 0..<\(type.shape.rank) once",
        found: "\(permutation)")
    }
    return [TensorType(type.dtype, Shape(permutation.map { type.shape[$0] }))]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    _ = try resultTypes(for: operands)
    let sizes = try operands.shape(0).concreteSizes()
    let strides = rowMajorStrides(sizes)
    let resultSizes = permutation.map { sizes[$0] }
    return [
      [
        Region(
          size: resultSizes, source: View(strides: permutation.map { strides[$0] }),
          target: View(strides: rowMajorStrides(resultSizes)))
      ]
    ]
  }
}
