/// Running products along an axis.
///
/// - Inputs: `x`, numbers; `axis`, one integer. Result: the type and shape of `x`.
/// - SeeAlso: ONNX CumProd, opset 26; `.mnn` operator CumProd.
public struct CumProd: PrimitiveOperator, Codable {
  /// An element is not part of its own product.
  public var isExclusive: Bool
  /// Products run from the end.
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
    return [try scanned(x, axis: axis, isExclusive: isExclusive, isReversed: isReversed, start: 1, *, &*)]
  }
}
