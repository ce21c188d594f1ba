/// Where along an axis the largest or smallest element is.
///
/// - Input: `x`, numbers, the axis not empty. Result: ``dtype``; the axis has size 1 or is gone. A NaN counts as the extreme.
/// - SeeAlso: ONNX ArgMax, ArgMin; `.mnn` operators ArgMax, ArgMin.
public struct ArgReduce: PrimitiveOperator, Codable {
  public enum Function: String, Hashable, Sendable, CaseIterable, Codable { case maximum, minimum }

  public var function: Function
  public var axis: Int
  public var keepsDimensions: Bool
  /// Of equal elements the last counts, not the first.
  public var selectsLast: Bool
  public var dtype: DType

  public init(
    _ function: Function, axis: Int = 0, keepsDimensions: Bool = true, selectsLast: Bool = false, dtype: DType = .int64
  ) {
    self.function = function
    self.axis = axis
    self.keepsDimensions = keepsDimensions
    self.selectsLast = selectsLast
    self.dtype = dtype
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var shape = try operands.shape(0)
    let axis = try shape.axis(axis)
    guard shape[axis] != 0 else {
      throw GraphError(.shapeMismatch, "an empty axis has no extreme", expected: "size of at least 1", found: "\(shape)")
    }
    if keepsDimensions { shape[axis] = 1 } else { shape.dimensions.remove(at: axis) }
    return [TensorType(dtype, shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let shape = try resultTypes(for: arguments.operands)[0].shape.concreteSizes()
    let x = try arguments.tensor(0)
    let (outer, count, inner) = splitSizes(x.shape, at: try normalizedAxis(axis, rank: x.rank))
    let values = try x.scalars(as: Double.self)
    let sign: Double = function == .maximum ? 1 : -1
    var result: [Int64] = []
    for o in 0..<outer {
      for i in 0..<inner {
        var best = 0
        for k in 1..<max(count, 1) {
          let (a, b) = (sign * values[(o * count + k) * inner + i], sign * values[(o * count + best) * inner + i])
          if a > b || (a.isNaN && !b.isNaN) || (selectsLast && a == b) { best = k }
        }
        result.append(Int64(best))
      }
    }
    return [try Tensor(shape: shape, scalars: result).converted(to: dtype)]
  }
}
