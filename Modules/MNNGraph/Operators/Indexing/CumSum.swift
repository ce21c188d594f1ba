/// Running sums along an axis.
///
/// - Inputs: `x`, numbers; `axis`, one integer. Result: the type and shape of `x`.
/// - SeeAlso: ONNX CumSum; `.mnn` operator CumSum.
public struct CumSum: PrimitiveOperator {
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
    if x.dtype.isFloatingPoint {
      return [try sums(x, axis, x.scalars(as: Double.self), +).converted(to: x.dtype)]
    }
    return [try sums(x, axis, x.scalars(as: Int64.self), &+).wrapped(to: x.dtype)]
  }

  private func sums<T: TensorScalar & AdditiveArithmetic>(
    _ x: Tensor, _ axis: Int, _ values: [T], _ add: (T, T) -> T
  ) throws(GraphError) -> Tensor {
    let (outer, count, inner) = splitSizes(x.shape, at: axis)
    var result = values
    for o in 0..<outer {
      for i in 0..<inner {
        var sum = T.zero
        for step in 0..<count {
          let p = (o * count + (isReversed ? count - 1 - step : step)) * inner + i
          let next = add(sum, values[p])
          result[p] = isExclusive ? sum : next
          sum = next
        }
      }
    }
    return try Tensor(shape: x.shape, scalars: result)
  }
}
