/// `x / √(mean(x²) + epsilon) * gamma`, the mean over the axes from ``axis`` on.
///
/// - Inputs: `x`, floating point; `gamma`, optional, of the type of `x`, which broadcasts to its shape.
/// - Result: the shape and type of `x`.
/// - SeeAlso: ONNX RMSNormalization; `.mnn` operator LayerNorm with `useRMSNorm`.
public struct RMSNorm: PrimitiveOperator, Codable {
  public var axis: Int
  public var epsilon: Float

  public init(axis: Int = -1, epsilon: Float = 1e-5) {
    self.axis = axis
    self.epsilon = epsilon
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    _ = try x.shape.axis(axis)
    try requireAffine(operands, of: x, inputs: 1...1)
    return [x]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let axis = try normalizedAxis(axis, rank: x.rank)
    let rows = x.shape[..<axis].reduce(1, *)
    let count = x.shape[axis...].reduce(1, *)
    let values = try x.scalars(as: Double.self)
    let affine = try AffineParameters(Arguments([x, arguments[optional: 1]]), shape: x.shape)
    return [
      try Tensor.computed(x.dtype, x.shape) { y in
        for r in 0..<rows {
          let row = (r * count)..<((r + 1) * count)
          let square = row.reduce(0) { $0 + values[$1] * values[$1] } / Double(count)
          let scale = 1 / (square + Double(epsilon)).squareRoot()
          for i in row { y[i] = affine(values[i] * scale, at: i) }
        }
      }
    ]
  }
}
