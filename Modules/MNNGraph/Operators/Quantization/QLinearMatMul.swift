/// The product of quantized matrices, quantized: dequantize, multiply, quantize.
///
/// - Inputs: `a`, its scale and zero point; `b`, its scale and zero point; the result's scale and zero point.
/// - SeeAlso: ONNX QLinearMatMul.
public struct QLinearMatMul: CompositeOperator, Codable {
  public init() {}

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = TensorType(.float32, try operands.integerType(0).shape)
    let b = TensorType(.float32, try operands.integerType(3).shape)
    return [TensorType(try operands.dtype(7), try MatMul().resultTypes(for: Operands(a, b))[0].shape)]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    var parts: [Value.ID] = []
    for i in 0..<8 { parts.append(try builder.required(inputs, i)) }
    let a = try builder.add(DequantizeLinear(granularity: .init(axis: -2)), parts[0], parts[1], parts[2])
    let b = try builder.add(DequantizeLinear(granularity: .init(axis: -1)), parts[3], parts[4], parts[5])
    let product = try builder.add(MatMul(), a, b)
    return [try builder.add(QuantizeLinear(granularity: .init(axis: -1)), product, parts[6], parts[7])]
  }
}
