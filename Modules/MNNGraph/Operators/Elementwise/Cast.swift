/// The same numbers in another element type.
///
/// - Input: any shape. Result: same shape. Floating point to integer truncates and saturates; integer to narrower
///   integer keeps the low bits; anything but zero is true.
/// - SeeAlso: ONNX Cast; `.mnn` operator Cast.
public struct Cast: PrimitiveOperator {
  public var dtype: DType

  public init(to dtype: DType) { self.dtype = dtype }

  public var readsPackedElements: Bool { true }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    [TensorType(dtype, try operands.shape(0))]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let x = try arguments.tensor(0)
    return [try x.dtype.isInteger && dtype.isInteger ? x.wrapped(to: dtype) : x.converted(to: dtype)]
  }
}
