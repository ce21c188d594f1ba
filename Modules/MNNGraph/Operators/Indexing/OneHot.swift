/// A new axis along which one element, named by an index, differs from the others.
///
/// - Inputs: `indices`, numbers; `depth`, one number, constant when the graph is planned; `values`, `[off, on]`.
/// - Result: the type of `values`; the shape of `indices` with an axis of length `depth` put in at ``axis``. Negative
///   indices count from the end; one out of range gives only `off`.
/// - SeeAlso: ONNX OneHot; `.mnn` operator OneHot.
public struct OneHot: PrimitiveOperator, Codable {
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var shape = try operands.shape(0)
    let axis = try normalizedAxis(axis, rank: shape.rank + 1)
    let depth = try operands.integer(1)
    try requireAttribute(depth >= 0, "bad depth", expected: "at least 0", found: "\(depth)")
    let values = try operands.type(2)
    if let count = values.shape.sizes, count != [2] {
      throw GraphError(.shapeMismatch, "values must be off and on", expected: "[2]", found: "\(values.shape)")
    }
    shape.dimensions.insert(Dimension(depth), at: axis)
    return [TensorType(values.dtype, shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let (outer, depth, inner) = splitSizes(shape, at: try normalizedAxis(axis, rank: shape.count))
    let indices = try arguments.scalars(0, as: Int64.self)
    return try withScratch(repeating: 0, count: checkedElementCount(shape)) { positions throws(GraphError) in
      for o in 0..<outer {
        for i in 0..<inner {
          let index = indices[o * inner + i]
          let at = index < 0 ? index &+ Int64(depth) : index
          if at >= 0, at < Int64(depth) { positions[(o * depth + Int(at)) * inner + i] = 1 }
        }
      }
      return [try arguments.tensor(2).elements(at: positions, shape: shape)]
    }
  }
}
