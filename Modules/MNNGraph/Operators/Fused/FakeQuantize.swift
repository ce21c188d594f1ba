/// What is left of floats that were quantized with one scale and dequantized again: `Dequantize(Quantize(x))`.
///
/// - Input: `x`, floating point. Result: its type.
public struct FakeQuantize: CompositeOperator {
  /// Above 0.
  public var scale: Float
  public var zeroPoint: Int
  /// The codes' type, and bounds within it.
  public var dtype: DType
  public var range: ClosedRange<Int>

  public init(scale: Float, zeroPoint: Int = 0, dtype: DType = .int8, range: ClosedRange<Int>? = nil) {
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.dtype = dtype
    self.range = range ?? dtype.byteRange
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] { [try operands.floatType(0)] }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let x = try builder.required(inputs, 0)
    let scale = try builder.constant(Double(scale), as: .float32)
    let zero = try builder.constant(Double(zeroPoint), as: dtype)
    let codes = try builder.add(QuantizeLinear(dtype: dtype, range: range), x, scale, zero)
    return [try builder.add(DequantizeLinear(dtype: builder.type(of: x).dtype), codes, scale, zero)]
  }
}

extension DType {
  /// True for the two integers of eight bits.
  package var isByteInteger: Bool { self == .int8 || self == .uint8 }
  /// What an integer of eight bits holds.
  package var byteRange: ClosedRange<Int> { self == .int8 ? -128...127 : 0...255 }
}
