/// Keeps numbers within fixed bounds: `min(max(x, minimum), maximum)`. NaN stays NaN.
///
/// - Input: any shape and number type. Result: same.
/// - SeeAlso: ONNX Clip with constant bounds; `.mnn` operator ReLU6.
public struct Clip: PrimitiveOperator {
  public var minimum: Float
  public var maximum: Float

  public init(minimum: Float = -.infinity, maximum: Float = .infinity) {
    self.minimum = minimum
    self.maximum = maximum
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] { [try operands.type(0)] }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let low = Double(minimum)
    let high = Double(maximum)
    return [
      try Tensor(
        shape: x.shape,
        scalars: x.scalars(as: Double.self).map { $0.isNaN ? $0 : Swift.min(Swift.max($0, low), high) }
      ).converted(to: x.dtype)
    ]
  }
}
