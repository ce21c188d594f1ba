/// The same bits taken as elements of another type of the same width.
///
/// - Input: any shape. Result: same shape.
/// - SeeAlso: ONNX BitCast, opset 26.
public struct BitCast: PrimitiveOperator, Codable {
  public var dtype: DType

  public init(to dtype: DType) { self.dtype = dtype }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    guard x.dtype.byteCount == dtype.byteCount else {
      throw GraphError(
        .dtypeUnsupported, "the element types differ in width", expected: "\(x.dtype.byteCount) bytes",
        found: "\(dtype), \(dtype.byteCount)")
    }
    return [TensorType(dtype, x.shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let x = try arguments.tensor(0)
    let result = try Tensor(uninitialized: dtype, shape: x.shape)
    // A byte that is neither 0 nor 1 is no bool.
    if dtype == .bool { return [try x.converted(to: .bool)] }
    x.withUnsafeBytes { result.mutableBytes.copyMemory(from: $0) }
    return [result]
  }
}
