/// Rows of a table that stays in few bits: `Gather(Dequantize(codes), indices)` along axis 0.
///
/// - Inputs: `codes` `[rows, columns]`, `indices`, scale, zero point and offset as for ``DequantizeLinear``, the last two optional.
/// - Result: `indices` with an axis of columns added, of type ``dtype``.
public struct StoredGather: CompositeOperator {
  public var granularity: QuantizationGranularity
  /// Of the result; that of the scale if nil.
  public var dtype: DType?

  public init(granularity: QuantizationGranularity = QuantizationGranularity(), dtype: DType? = nil) {
    self.granularity = granularity
    self.dtype = dtype
  }

  public var readsPackedElements: Bool { true }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let table = try DequantizeLinear(granularity: granularity, dtype: dtype).resultTypes(
      for: Operands([try operands.required(0), try operands.required(2), operands[optional: 3], operands[optional: 4]]))
    return try Gather(axis: 0).resultTypes(for: Operands([Operand(table[0]), try operands.required(1)]))
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let table = try builder.add(
      results: DequantizeLinear(granularity: granularity, dtype: dtype), [try builder.required(inputs, 0)] + inputs.dropFirst(2))
    return [try builder.add(Gather(axis: 0), table[0], builder.required(inputs, 1))]
  }
}
