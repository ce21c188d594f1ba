/// Ones on a diagonal, zeros elsewhere, in the shape of a matrix.
///
/// - Input: `x` `[m, n]`, of which only the type counts. Result: ``dtype``, or the type of `x`.
/// - SeeAlso: ONNX EyeLike.
public struct EyeLike: PrimitiveOperator, Codable {
  /// How far the diagonal lies above the main one.
  public var diagonal: Int
  public var dtype: DType?

  public init(diagonal: Int = 0, dtype: DType? = nil) {
    self.diagonal = diagonal
    self.dtype = dtype
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0, rank: 2)
    return [TensorType(dtype ?? x.dtype, x.shape)]
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let type = try resultTypes(for: arguments.operands)[0]
    let shape = try type.shape.concreteSizes()
    return [
      try Tensor.computed(type.dtype, shape) { y in
        for row in 0..<shape[0] {
          let (column, overflow) = row.addingReportingOverflow(diagonal)
          if !overflow, column >= 0, column < shape[1] { y[row * shape[1] + column] = 1 }
        }
      }
    ]
  }
}
