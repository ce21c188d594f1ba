import MNNGraph

/// A product with one packed matrix whose result, an image with channels last, is blocked.
///
/// - Inputs: as for ``FusedMatMul``; the residual has the result's blocked type.
struct BlockedProduct: PrimitiveOperator {
  /// Without permutations.
  var product: FusedMatMul
  var block: Int

  var readsPackedElements: Bool { product.readsPackedElements }

  private var blocking: ToBlocked { ToBlocked(block: block, channelsLast: true) }

  /// The product without what comes after blocking.
  private var plain: FusedMatMul {
    var plain = product
    plain.activation = .identity
    return plain
  }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let type = try plain.resultTypes(for: Operands(withoutResidual(operands.list)))[0]
    let result = try blocking.resultTypes(for: Operands(type))
    if let residual = operands[optional: FusedMatMul.residual]?.type, residual != result[0] {
      throw GraphError(.shapeMismatch, "the residual does not fit", expected: "\(result[0])", found: "\(residual)")
    }
    return result
  }

  private func withoutResidual<T>(_ inputs: [T?]) -> [T?] {
    inputs.enumerated().map { $0 == FusedMatMul.residual ? nil : $1 }
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let inputs = withoutResidual((0..<arguments.count).map { arguments[optional: $0] })
    var y = try blocking.evaluate(Arguments(Interpreter().evaluate(plain, Arguments(inputs))))[0]
    let residual = arguments[optional: FusedMatMul.residual]
    if let residual, !product.addsResidualLast { y = try Binary(.add).evaluate(Arguments([y, residual]))[0] }
    y = try product.activation.applied(to: y)
    if let residual, product.addsResidualLast { y = try Binary(.add).evaluate(Arguments([y, residual]))[0] }
    return [y]
  }
}

extension Arguments {
  /// Input 1 as numbers: as it is, or dequantized.
  ///
  /// - Parameter first: the index of the scale, which zero point and offset follow.
  func factor(_ quantization: QuantizationGranularity?, parameters first: Int) throws(GraphError) -> Tensor {
    let factor = try tensor(1)
    guard let quantization else { return factor }
    let parameters = (0..<3).map { self[optional: first + $0] }
    return try DequantizeLinear(granularity: quantization).evaluate(Arguments([factor] + parameters))[0]
  }
}
