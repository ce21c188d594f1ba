import MNNGraph
import MNNKernels

/// What the rewriting makes of a matrix product and its neighbors: operands read through a permutation of their axes, the
/// result written through one, and `activation(scale * a b + bias + residual)`.
///
/// - Inputs: `a`, `b` as for `MatMul` once permuted; `bias` and `residual`, optional, which broadcast to the product; the residual
///   of a blocked product has its shape. With a ``quantization``, `b` are codes, and scale, zero point and offset follow.
struct FusedMatMul: PrimitiveOperator {
  var product: MatMul
  /// Axis `i` of the factor is axis `aAxes[i]` of input 0; nil for no change.
  var aAxes: [Int]?
  var bAxes: [Int]?
  /// Axis `i` of the result is axis `resultAxes[i]` of the product; nil for no change.
  var resultAxes: [Int]?
  var scale: Float = 1
  var activation = ScalarFunction.identity
  /// The residual is added after the activation.
  var addsResidualLast = false
  /// The result, an image with channels last, is blocked by so many.
  var resultBlock: Int?
  /// How `b` was quantized, if it stays in few bits.
  var quantization: QuantizationGranularity?

  init(_ product: MatMul) { self.product = product }

  var readsPackedElements: Bool { quantization != nil }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let a = try permuted(operands.type(0), aAxes)
    var factor = try operands.type(1)
    if quantization != nil { factor = TensorType(try operands.type(0).dtype, factor.shape) }
    let b = try permuted(factor, bAxes)
    let type = try product.resultTypes(for: Operands(a, b))[0]
    if let bias = operands[optional: 2] { _ = try broadcastShape(type.shape, bias.type.shape) }
    let result =
      if let resultBlock {
        try ToBlocked(block: resultBlock, channelsLast: true).resultTypes(for: Operands(type))[0]
      } else {
        try permuted(type, resultAxes)
      }
    if let residual = operands[optional: 3] {
      _ = try broadcastShape(resultBlock == nil ? type.shape : result.shape, residual.type.shape)
    }
    return [result]
  }

  private func permuted(_ type: TensorType, _ axes: [Int]?) throws(GraphError) -> TensorType {
    guard let axes else { return type }
    return try Transpose(permutation: axes).resultTypes(for: Operands(type))[0]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let interpreter = Interpreter()
    func permuted(_ tensor: Tensor, _ axes: [Int]?) throws(GraphError) -> Tensor {
      guard let axes else { return tensor }
      return try interpreter.evaluate(Transpose(permutation: axes), Arguments([tensor]))[0]
    }
    let a = try permuted(arguments.tensor(0), aAxes)
    let b = try permuted(arguments.factor(quantization, parameters: 4), bAxes)
    var y = try product.evaluate(Arguments([a, b]))[0]
    if scale != 1 { y = try Binary(.multiply).evaluate(Arguments([y, try Tensor(scale)]))[0] }
    if let bias = arguments[optional: 2] { y = try Binary(.add).evaluate(Arguments([y, bias]))[0] }
    if let resultBlock { y = try ToBlocked(block: resultBlock, channelsLast: true).evaluate(Arguments([y]))[0] }
    let residual = arguments[optional: 3]
    if let residual, !addsResidualLast { y = try Binary(.add).evaluate(Arguments([y, residual]))[0] }
    y = try activation.applied(to: y)
    if let residual, addsResidualLast { y = try Binary(.add).evaluate(Arguments([y, residual]))[0] }
    return [try permuted(y, resultAxes)]
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
