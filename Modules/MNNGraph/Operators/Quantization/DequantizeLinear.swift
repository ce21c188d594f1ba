/// `(x - zeroPoint) * scale + offset`.
///
/// - Inputs: `x`, integers, packed ones too; `scale`, floating point; `zeroPoint`, optional, of the shape of `scale` or one for
///   all; `offset`, optional, likewise. Weights of `.mnn` files have their lowest code as zero point, and as offset the smallest
///   value of each group, so that no bit of either is lost.
/// - Result: the shape of `x`, of type ``dtype``.
/// - SeeAlso: ONNX DequantizeLinear, opset 21; `.mnn` operator Int8ToFloat, and weights of convolutions.
public struct DequantizeLinear: PrimitiveOperator, Codable {
  public var granularity: QuantizationGranularity
  /// nil for the type of `scale`.
  public var dtype: DType?

  public init(granularity: QuantizationGranularity = QuantizationGranularity(), dtype: DType? = nil) {
    self.granularity = granularity
    self.dtype = dtype
  }

  public var readsPackedElements: Bool { true }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.integerType(0)
    let scale = try operands.floatType(1)
    try granularity.check(scale.shape, of: x.shape)
    let dtype = dtype ?? scale.dtype
    try requireAttribute(dtype.isFloatingPoint, "bad type of the result", expected: "floating point", found: "\(dtype)")
    return [TensorType(dtype, x.shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let x = try arguments.tensor(0)
    let groups = try granularity.groups(arguments.tensor(1).shape, of: x.shape)
    let scales = try arguments.scalars(1, as: Double.self)
    func perGroup(_ index: Int, _ what: String) throws(GraphError) -> [Double] {
      guard arguments[optional: index] != nil else { return scales.map { _ in 0 } }
      let values = try arguments.scalars(index, as: Double.self)
      if values.count == 1 { return scales.map { _ in values[0] } }
      guard values.count == scales.count else {
        throw GraphError(.shapeMismatch, "\(what) do not fit", expected: "\(scales.count)", found: "\(values.count)")
      }
      return values
    }
    let (zeros, offsets) = (try perGroup(2, "zero points"), try perGroup(3, "offsets"))
    func result<C: TensorScalar>(_: C.Type) throws(GraphError) -> Tensor {
      let codes = try x.scalars(as: C.self)
      let y = try Tensor(uninitialized: .float32, shape: x.shape)
      let values = y.unsafeMutable(as: Float.self)
      for (run, group) in groups.indices.enumerated() {
        let (scale, zero, offset) = (scales[group], zeros[group], offsets[group])
        let start = run * groups.length
        for i in 0..<groups.length { values[start + i] = Float((codes[start + i].asDouble - zero) * scale + offset) }
      }
      return try y.converted(to: type.dtype)
    }
    // Weights are many: one byte and one float each while they are expanded.
    if x.dtype.byteCount == 1, type.dtype == .float32 { return [try x.dtype == .uint8 ? result(UInt8.self) : result(Int8.self)] }
    let codes = try x.scalars(as: Double.self)
    var values = codes
    for (run, group) in groups.indices.enumerated() {
      let start = run * groups.length
      for i in 0..<groups.length { values[start + i] = (codes[start + i] - zeros[group]) * scales[group] + offsets[group] }
    }
    return [try Tensor(shape: x.shape, scalars: values).converted(to: type.dtype)]
  }
}
