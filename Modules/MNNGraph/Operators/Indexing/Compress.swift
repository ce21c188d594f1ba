/// The slices of `x` along an axis, or the elements of `x` in order, whose condition holds.
///
/// - Inputs: `x`; `condition`, a vector of bool no longer than the axis (what it does not reach is dropped).
/// - SeeAlso: ONNX Compress.
public struct Compress: PrimitiveOperator, Codable {
  /// nil to take `x` as a vector of all its elements.
  public var axis: Int?

  public init(axis: Int? = nil) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 1)
    _ = try operands.type(1, rank: 1)
    let condition = try operands.constant(1).scalars(as: Bool.self)
    var shape = x.shape
    let axis = try axis.map { axis throws(GraphError) in try shape.axis(axis) }
    let length = axis.map { shape[$0] } ?? shape.dimensions.reduce(1, *)
    if let length = length.value, condition.count > length {
      throw GraphError(
        .shapeMismatch, "the condition is too long", expected: "at most \(length)", found: "\(condition.count)")
    }
    let count = Dimension(condition.count { $0 })
    if let axis { shape[axis] = count } else { shape = [count] }
    return [TensorType(x.dtype, shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let x = try arguments.tensor(0)
    let condition = try arguments.scalars(1, as: Bool.self)
    let (outer, count, inner) =
      try axis.map { axis throws(GraphError) in splitSizes(x.shape, at: try normalizedAxis(axis, rank: x.rank)) }
      ?? (1, x.count, 1)
    var positions: [Int] = []
    for o in 0..<outer {
      for (k, holds) in condition.enumerated() where holds {
        positions += ((o * count + k) * inner)..<((o * count + k + 1) * inner)
      }
    }
    return [try x.elements(at: positions, shape: shape)]
  }
}
