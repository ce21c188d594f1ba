/// The upper or lower triangle of matrices; the rest is zero.
///
/// - Inputs: `x` `[…, m, n]`; `k`, one integer, optional: how far the diagonal lies above the main one.
/// - SeeAlso: ONNX Trilu.
public struct Trilu: PrimitiveOperator, Codable {
  public var isUpper: Bool

  public init(isUpper: Bool = true) { self.isUpper = isUpper }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [try operands.type(0, rankAtLeast: 2)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    _ = try resultTypes(for: arguments.operands)
    let k = arguments[optional: 1] == nil ? 0 : try arguments.operands.integer(1)
    let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let positions = (0..<x.count).map { i in
      let distance = i % columns - i / columns % rows
      return (isUpper ? distance >= k : distance <= k) ? i : -1
    }
    return [try x.elements(at: positions, shape: x.shape)]
  }
}
