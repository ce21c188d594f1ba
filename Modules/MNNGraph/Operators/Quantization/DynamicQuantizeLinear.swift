/// Quantizes to uint8 with a scale and a zero point that fit the range of `x`.
///
/// - Input: `x`, float32. Results: uint8 of the shape of `x`; the scale, float32 scalar; the zero point, uint8 scalar.
/// - SeeAlso: ONNX DynamicQuantizeLinear.
public struct DynamicQuantizeLinear: PrimitiveOperator, Codable {
  public init() {}

  public var resultCount: Int { 3 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.floatType(0)
    return [TensorType(.uint8, x.shape), TensorType(.float32, []), TensorType(.uint8, [])]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    let values = try x.scalars(as: Float.self)
    let low = min(values.min() ?? 0, 0)
    let high = max(values.max() ?? 0, 0)
    let range = (high - low) / 255
    let scale = range == 0 ? 1 : range
    let zero = min(max((-low / scale).rounded(.toNearestOrEven), 0), 255)
    let result = values.map { UInt8(converting: Double(($0 / scale).rounded(.toNearestOrEven) + zero)) }
    return [try Tensor(shape: x.shape, scalars: result), try Tensor(scale), try Tensor(UInt8(converting: Double(zero)))]
  }
}
