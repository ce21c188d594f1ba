/// Joins tensors along an axis.
///
/// - Inputs: one or more, of one type, equal in all sizes but that of the axis.
/// - SeeAlso: ONNX Concat; `.mnn` operator Concat.
public struct Concat: LayoutOperator {
  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let first = try operands.type(0)
    let axis = try first.shape.axis(axis)
    var shape = first.shape
    for operand in try operands.all().dropFirst() {
      guard operand.type.dtype == first.dtype else {
        throw GraphError(
          .dtypeUnsupported, "inputs of Concat differ in type", expected: "\(first.dtype)", found: "\(operand.type.dtype)")
      }
      let other = operand.type.shape
      guard other.rank == shape.rank else {
        throw GraphError(.rankMismatch, "inputs of Concat differ in rank", expected: "\(shape.rank)", found: "\(other.rank)")
      }
      for i in 0..<shape.rank where i != axis {
        if let x = shape[i].value, let y = other[i].value, x != y {
          throw GraphError(
            .shapeMismatch, "inputs of Concat differ beside axis \(axis)", expected: "\(first.shape)", found: "\(other)")
        }
        if shape[i].value == nil { shape[i] = other[i] }
      }
      shape[axis] = shape[axis] + other[axis]
    }
    return [TensorType(first.dtype, shape)]
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    let shape = try resultTypes(for: operands)[0].shape.concreteSizes()
    let axis = try normalizedAxis(axis, rank: shape.count)
    let (outer, length, inner) = splitSizes(shape, at: axis)
    var regions: [Region] = []
    var position = 0
    for (i, operand) in try operands.all().enumerated() {
      let own = try operand.type.shape.concreteSizes()[axis]
      regions.append(
        Region(
          input: i, size: [outer, own * inner], source: View(strides: [own * inner, 1]),
          target: View(offset: position * inner, strides: [length * inner, 1])))
      position += own
    }
    return [regions]
  }
}
