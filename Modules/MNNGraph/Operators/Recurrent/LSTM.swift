/// Long short-term memory along sequences.
///
/// - Inputs: `x` `[steps, batch, width]`; `w` `[directions, 4h, width]`, `r` `[directions, 4h, h]`, rows in the order input,
///   output, forget, cell; optionally `bias` `[directions, 8h]` (for `w`, then for `r`), `lengths` `[batch]` of integers,
///   initial `h` and `c` `[directions, batch, h]`, and `peepholes` `[directions, 3h]` (input, output, forget).
/// - Results: all `h` `[steps, directions, batch, h]`, zero beyond a sequence's length; the last `h`; the last `c`.
/// - SeeAlso: ONNX LSTM with layout 0; `.mnn` operator LSTM.
public struct LSTM: PrimitiveOperator, Codable {
  public var direction: RecurrentDirection
  /// Three per direction: gates, cell, hidden.
  public var activations: [ScalarFunction]
  /// Bounds what goes into the activations.
  public var clip: Float?
  /// The forget gate is one minus the input gate.
  public var couplesInputForget: Bool

  public init(
    direction: RecurrentDirection = .forward, activations: [ScalarFunction]? = nil, clip: Float? = nil,
    couplesInputForget: Bool = false
  ) {
    self.direction = direction
    self.activations = activations ?? (0..<direction.count).flatMap { _ in [.sigmoid, .tanh, .tanh] }
    self.clip = clip
    self.couplesInputForget = couplesInputForget
  }

  public var resultCount: Int { 3 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let layer = RecurrentLayer(gates: 4, direction: direction)
    let (all, last) = try layer.resultTypes(for: operands)
    try requireAttribute(
      activations.count == 3 * direction.count, "bad activations", expected: "\(3 * direction.count)",
      found: "\(activations.count)")
    if operands[optional: 6] != nil { try layer.requireState(operands.type(6, rank: 3).shape, last.shape) }
    if operands[optional: 7] != nil {
      try requireEqual(last.shape[2] * 3, operands.type(7, rank: 2).shape[1], "the number of peepholes")
      try requireEqual(last.shape[0], operands.type(7, rank: 2).shape[0], "the peepholes' number of directions")
    }
    return [all, last, last]
  }

  public func work(for operands: Operands, results: [TensorType]) -> Work {
    .elements(operands, results, operations: 16)
      + Work(
        operations: operands.size(0, axis: 0).saturatingMultiply(operands.size(0, axis: 1))
          .saturatingMultiply(operands.elementCount(1).saturatingAdd(operands.elementCount(2))))
  }

  public func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    _ = try resultTypes(for: arguments.operands)
    let peepholes = try arguments[optional: 7]?.scalars(as: Double.self)
    return try RecurrentLayer(gates: 4, direction: direction).run(
      arguments, initial: [arguments[optional: 5], arguments[optional: 6]]
    ) { step, states in
      let n = step.hidden
      let (f, g, h) = (
        activations[step.direction * 3], activations[step.direction * 3 + 1], activations[step.direction * 3 + 2]
      )
      let parts = (0..<4).map { step.fromState($0, states[0]) }
      func peephole(_ gate: Int, _ unit: Int) -> Double { peepholes?[(step.direction * 3 + gate) * n + unit] ?? 0 }
      func gate(_ gate: Int, _ unit: Int) -> Double { step.fromInput[gate * n + unit] + parts[gate][unit] }
      for unit in 0..<n {
        let before = states[1][unit]
        let input = f(clipped(gate(0, unit) + peephole(0, unit) * before, clip))
        let forget = couplesInputForget ? 1 - input : f(clipped(gate(2, unit) + peephole(2, unit) * before, clip))
        let cell = forget * before + input * g(clipped(gate(3, unit), clip))
        let output = f(clipped(gate(1, unit) + peephole(1, unit) * cell, clip))
        states[1][unit] = cell
        states[0][unit] = output * h(cell)
      }
    }
  }
}
