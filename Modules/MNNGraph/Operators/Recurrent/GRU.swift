/// Gated recurrent units along sequences.
///
/// - Inputs: `x` `[steps, batch, width]`; `w` `[directions, 3h, width]`, `r` `[directions, 3h, h]`, rows in the order update,
///   reset, hidden; optionally `bias` `[directions, 6h]` (for `w`, then for `r`), `lengths` `[batch]` of integers, and the
///   initial `h` `[directions, batch, h]`.
/// - Results: all `h` `[steps, directions, batch, h]`, zero beyond a sequence's length; the last `h`.
/// - SeeAlso: ONNX GRU with layout 0; `.mnn` operator RNNSequenceGRU.
public struct GRU: PrimitiveOperator, Codable {
  public var direction: RecurrentDirection
  /// Two per direction: gates, hidden.
  public var activations: [ScalarFunction]
  /// Bounds what goes into the activations.
  public var clip: Float?
  /// The reset gate scales the product with the recurrent weight, not the state that goes into it.
  public var resetsAfterProduct: Bool

  public init(
    direction: RecurrentDirection = .forward, activations: [ScalarFunction]? = nil, clip: Float? = nil,
    resetsAfterProduct: Bool = false
  ) {
    self.direction = direction
    self.activations = activations ?? (0..<direction.count).flatMap { _ in [.sigmoid, .tanh] }
    self.clip = clip
    self.resetsAfterProduct = resetsAfterProduct
  }

  public var resultCount: Int { 2 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let (all, last) = try RecurrentLayer(gates: 3, direction: direction).resultTypes(for: operands)
    try requireAttribute(
      activations.count == 2 * direction.count, "bad activations", expected: "\(2 * direction.count)",
      found: "\(activations.count)")
    return [all, last]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .elements(operands, results, operations: 16)
      + Work(
        operations: operands.size(0, axis: 0).saturatingMultiply(operands.size(0, axis: 1))
          .saturatingMultiply(operands.elementCount(1).saturatingAdd(operands.elementCount(2))))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    return try RecurrentLayer(gates: 3, direction: direction).run(arguments, initial: [arguments[optional: 5]]) {
      step, states in
      let n = step.hidden
      let (f, g) = (activations[step.direction * 2], activations[step.direction * 2 + 1])
      let before = states[0]
      func gate(_ gate: Int) -> [Double] {
        let part = step.fromState(gate, before)
        return (0..<n).map { f(clipped(step.fromInput[gate * n + $0] + part[$0], clip)) }
      }
      let update = gate(0)
      let reset = gate(1)
      let part = step.fromState(2, resetsAfterProduct ? before : zip(reset, before).map { $0 * $1 })
      for unit in 0..<n {
        let fromState = resetsAfterProduct ? reset[unit] * part[unit] : part[unit]
        let hidden = g(clipped(step.fromInput[2 * n + unit] + fromState, clip))
        states[0][unit] = (1 - update[unit]) * hidden + update[unit] * before[unit]
      }
    }
  }
}
