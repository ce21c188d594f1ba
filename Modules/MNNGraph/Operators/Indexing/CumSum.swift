/// Running sums along an axis.
///
/// - Inputs: `x`, numbers; `axis`, one integer. Result: the type and shape of `x`.
/// - SeeAlso: ONNX CumSum; `.mnn` operator CumSum.
public struct CumSum: PrimitiveOperator, Codable {
  /// An element is not part of its own sum.
  public var isExclusive: Bool
  /// Sums run from the end.
  public var isReversed: Bool

  public init(isExclusive: Bool = false, isReversed: Bool = false) {
    self.isExclusive = isExclusive
    self.isReversed = isReversed
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rankAtLeast: 1)
    _ = try operands.integerType(1)
    if operands[optional: 1]?.constant != nil { _ = try x.shape.axis(operands.integer(1)) }
    return [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let axis = try normalizedAxis(arguments.operands.integer(1), rank: x.rank)
    return [try scanned(x, axis: axis, isExclusive: isExclusive, isReversed: isReversed, start: 0, +, &+)]
  }
}

/// Every element combined with all before it along an axis, in the widest number of its kind.
func scanned(
  _ x: Tensor, axis: Int, isExclusive: Bool, isReversed: Bool, start: Int64, _ float: (Double, Double) -> Double,
  _ integer: (Int64, Int64) -> Int64
) throws(GraphError) -> Tensor {
  func scan<T: TensorScalar>(_ values: [T], start: T, _ combine: (T, T) -> T) throws(GraphError) -> Tensor {
    let (outer, count, inner) = splitSizes(x.shape, at: axis)
    var result = values
    for o in 0..<outer {
      for i in 0..<inner {
        var sum = start
        for step in 0..<count {
          let p = (o * count + (isReversed ? count - 1 - step : step)) * inner + i
          let next = combine(sum, values[p])
          result[p] = isExclusive ? sum : next
          sum = next
        }
      }
    }
    return try Tensor(shape: x.shape, scalars: result)
  }
  if x.dtype.isFloatingPoint {
    return try scan(x.scalars(as: Double.self), start: Double(start), float).converted(to: x.dtype)
  }
  return try scan(x.scalars(as: Int64.self), start: start, integer).wrapped(to: x.dtype)
}
