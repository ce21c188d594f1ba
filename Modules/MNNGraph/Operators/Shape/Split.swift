/// Cuts a tensor into pieces along an axis.
///
/// - Inputs: `x`; `sizes`, a vector with the length of each piece; if absent, equal pieces, the last one shorter if need be.
/// - Results: ``count`` pieces.
/// - SeeAlso: ONNX Split; `.mnn` operator Slice.
public struct Split: LayoutOperator, Codable {
  public var axis: Int
  public var count: Int

  public init(axis: Int, count: Int) {
    self.axis = axis
    self.count = count
  }

  public var resultCount: Int { count }

  private func pieces(_ operands: Operands) throws(GraphError) -> (axis: Int, lengths: [Dimension]) {
    let shape = try operands.shape(0)
    let axis = try shape.axis(axis)
    let total = shape[axis]
    guard operands[optional: 1] != nil else {
      let piece = (total + Dimension(count - 1)) / Dimension(max(count, 1))
      return (axis, (0..<count).map { .max(0, .min(piece, total - Dimension($0) * piece)) })
    }
    let lengths = try operands.integers(1)
    guard lengths.count == count, lengths.allSatisfy({ $0 >= 0 }), let sum = try? lengths.checkedSum(), total.value ?? sum == sum
    else {
      throw GraphError(
        .shapeMismatch, "the pieces do not make up axis \(axis)", expected: "\(count) pieces of together \(total)",
        found: "\(lengths)")
    }
    return (axis, lengths.map { Dimension($0) })
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    let (axis, lengths) = try pieces(operands)
    return lengths.map { length in
      var shape = type.shape
      shape[axis] = length
      return TensorType(type.dtype, shape)
    }
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    let (axis, lengths) = try pieces(operands)
    let (outer, total, inner) = splitSizes(try operands.shape(0).concreteSizes(), at: axis)
    var position = 0
    return try Shape(lengths).concreteSizes().map { length in
      defer { position += length }
      return [
        Region(
          size: [outer, length * inner], source: View(offset: position * inner, strides: [total * inner, 1]),
          target: View(strides: [length * inner, 1]))
      ]
    }
  }
}
