/// The same elements in the same order under another shape.
///
/// - Inputs: `x`; `shape`, a vector of integers that is constant when the graph is planned: -1 once for "what is left",
///   0 for "as in `x`" unless ``allowsZero``.
/// - SeeAlso: ONNX Reshape, opset 14; `.mnn` operator Reshape.
public struct Reshape: LayoutOperator, Codable {
  /// A 0 in `shape` is a size of 0, not a copy of the input's.
  public var allowsZero: Bool

  public init(allowsZero: Bool = false) { self.allowsZero = allowsZero }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try operands.type(0)
    guard let target = try operands.required(1).constant else {
      throw GraphError(.dependsOnData, "the target shape is computed from data")
    }
    let wanted = try target.scalars(as: Int64.self).map { Int($0) }
    var sizes: [Dimension] = []
    var inferred: Int?
    for (i, size) in wanted.enumerated() {
      switch size {
      case -1 where inferred == nil:
        inferred = i
        sizes.append(1)
      case 0 where !allowsZero:
        guard i < type.shape.rank else {
          throw GraphError(
            .shapeMismatch, "size 0 at axis \(i) copies an axis the input does not have", found: "\(type.shape)")
        }
        sizes.append(type.shape[i])
      case 0...: sizes.append(Dimension(size))
      default:
        throw GraphError(.attributeInvalid, "bad target shape", expected: "sizes, and -1 at most once", found: "\(wanted)")
      }
    }
    let total = type.shape.dimensions.reduce(1, *)
    let known = sizes.reduce(1, *)
    if let inferred {
      if let total = total.value, let known = known.value {
        guard known != 0 ? total % known == 0 : total == 0 else { throw mismatch(type.shape, wanted) }
        sizes[inferred] = Dimension(known == 0 ? 0 : total / known)
      } else {
        sizes[inferred] = total / known
      }
    } else if let total = total.value, let known = known.value, total != known {
      throw mismatch(type.shape, wanted)
    }
    return [TensorType(type.dtype, Shape(sizes))]
  }

  private func mismatch(_ shape: Shape, _ wanted: [Int]) -> GraphError {
    GraphError(.shapeMismatch, "cannot reshape", expected: "as many elements as in \(shape)", found: "\(wanted)")
  }

  public func regions(for operands: Operands) throws(GraphError) -> [[Region]] {
    [[.whole(count: try checkedElementCount(operands.shape(0).concreteSizes()))]]
  }
}
