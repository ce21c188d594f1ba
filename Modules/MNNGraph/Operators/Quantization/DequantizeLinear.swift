/// `(x - zeroPoint) * scale`.
///
/// - Inputs: `x`, integers; `scale`, floating point; `zeroPoint`, optional, of the shape of `scale`.
/// - Result: the shape of `x`, the type of `scale`.
/// - SeeAlso: ONNX DequantizeLinear, opset 21; `.mnn` operator Int8ToFloat.
public struct DequantizeLinear: PrimitiveOperator, Codable {
  public var granularity: QuantizationGranularity

  public init(granularity: QuantizationGranularity = QuantizationGranularity()) { self.granularity = granularity }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.integerType(0)
    let scale = try operands.floatType(1)
    try granularity.check(scale.shape, of: x.shape)
    return [TensorType(scale.dtype, x.shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let x = try arguments.tensor(0)
    let at = try granularity.scaleIndices(arguments.tensor(1).shape, of: x.shape)
    let values = try x.scalars(as: Double.self)
    let scales = try arguments.scalars(1, as: Double.self)
    let zeros = arguments[optional: 2] == nil ? scales.map { _ in 0 } : try arguments.scalars(2, as: Double.self)
    guard zeros.count == scales.count else {
      throw GraphError(.shapeMismatch, "zero points do not fit", expected: "\(scales.count)", found: "\(zeros.count)")
    }
    let result = values.indices.map { (values[$0] - zeros[at[$0]]) * scales[at[$0]] }
    return [try Tensor(shape: x.shape, scalars: result).converted(to: type.dtype)]
  }
}
