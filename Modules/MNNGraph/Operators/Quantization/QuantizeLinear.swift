/// `saturate(round(x / scale) + zeroPoint)`, rounded half to even.
///
/// - Inputs: `x`, floating point or int32; `scale`; `zeroPoint`, optional, of the shape of `scale` and the type of the result.
/// - Result: the shape of `x`; the type of `zeroPoint`, or ``dtype``.
/// - SeeAlso: ONNX QuantizeLinear, opset 21; `.mnn` operator FloatToInt8.
public struct QuantizeLinear: PrimitiveOperator, Codable {
  public var granularity: QuantizationGranularity
  /// The type of the result if there is no zero point.
  public var dtype: DType
  /// Results are kept within these bounds, for types of fewer bits; nil for those of the type.
  public var range: ClosedRange<Int>?

  public init(
    granularity: QuantizationGranularity = QuantizationGranularity(), dtype: DType = .uint8, range: ClosedRange<Int>? = nil
  ) {
    self.granularity = granularity
    self.dtype = dtype
    self.range = range
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    let scale = try operands.type(1)
    try granularity.check(scale.shape, of: x.shape)
    let dtype = operands[optional: 2]?.type.dtype ?? dtype
    _ = try dtype.quantizedRange()
    return [TensorType(dtype, x.shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let x = try arguments.tensor(0)
    var bounds = try type.dtype.quantizedRange()
    if let range { bounds = Double(range.lowerBound)...Double(range.upperBound) }
    let at = try granularity.scaleIndices(arguments.tensor(1).shape, of: x.shape)
    let values = try x.scalars(as: Float.self)
    let scales = try arguments.scalars(1, as: Float.self)
    let zeros = arguments[optional: 2] == nil ? scales.map { _ in 0 } : try arguments.scalars(2, as: Double.self)
    guard zeros.count == scales.count else {
      throw GraphError(.shapeMismatch, "zero points do not fit", expected: "\(scales.count)", found: "\(zeros.count)")
    }
    let result = values.indices.map { i in
      // The quotient is rounded to float32, as every implementation has it; else ties would differ.
      let q = Double((values[i] / scales[at[i]]).rounded(.toNearestOrEven)) + zeros[at[i]]
      return min(max(q, bounds.lowerBound), bounds.upperBound)
    }
    return [try Tensor(shape: x.shape, scalars: result).converted(to: type.dtype)]
  }
}
