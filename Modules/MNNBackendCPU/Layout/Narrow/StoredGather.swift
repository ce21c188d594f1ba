import MNNGraph

/// Rows of a table that stays in few bits: `Gather(Dequantize(codes), indices)` along axis 0.
///
/// - Inputs: `codes` `[rows, columns]`, `indices`, scale, zero point and offset as for `DequantizeLinear`, the last two optional.
/// - Result: float32.
struct StoredGather: PrimitiveOperator {
  var granularity: QuantizationGranularity

  var readsPackedElements: Bool { true }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let table = TensorType(.float32, try operands.shape(0))
    return try Gather(axis: 0).resultTypes(for: Operands([Operand(table), try operands.required(1)]))
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let parameters = (2...4).map { arguments[optional: $0] }
    let table = try DequantizeLinear(granularity: granularity).evaluate(Arguments([try arguments.tensor(0)] + parameters))
    return try Interpreter().evaluate(Gather(axis: 0), Arguments([table[0], try arguments.tensor(1)]))
  }
}
