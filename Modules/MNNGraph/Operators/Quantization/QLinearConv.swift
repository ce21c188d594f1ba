/// The convolution of quantized images, quantized: dequantize, convolve, quantize.
///
/// - Inputs: `x`, its scale and zero point; `weight`, its scale and zero point (one, or one per result channel); the result's
///   scale and zero point; `bias`, int32 with the product of the scales of `x` and `weight`, optional.
/// - SeeAlso: ONNX QLinearConv.
public struct QLinearConv: CompositeOperator, Codable {
  public var convolution: Convolution

  public init(_ convolution: Convolution) { self.convolution = convolution }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = TensorType(.float32, try operands.integerType(0).shape)
    let weight = TensorType(.float32, try operands.integerType(3).shape)
    return [TensorType(try operands.dtype(7), try convolution.resultTypes(for: Operands(x, weight))[0].shape)]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    var parts: [Value.ID] = []
    for i in 0..<8 { parts.append(try builder.required(inputs, i)) }
    let x = try builder.add(DequantizeLinear(), parts[0], parts[1], parts[2])
    let weight = try builder.add(DequantizeLinear(granularity: .init(axis: 0)), parts[3], parts[4], parts[5])
    var bias: Value.ID?
    if let sum = builder.optional(inputs, 8) {
      let scale = try builder.add(Binary(.multiply), parts[1], parts[4])
      bias = try builder.add(Binary(.multiply), builder.cast(sum, to: .float32), scale)
    }
    let y = try builder.add(convolution, x, weight, bias)
    return [try builder.add(QuantizeLinear(), y, parts[6], parts[7])]
  }
}
