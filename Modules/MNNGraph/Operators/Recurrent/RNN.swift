/// A simple recurrent layer along sequences: `h = f(x W' + h R' + bias)`.
///
/// - Inputs: `x` `[steps, batch, width]`; `w` `[directions, h, width]`, `r` `[directions, h, h]`; optionally `bias`
///   `[directions, 2h]` (for `w`, then for `r`), `lengths` `[batch]` of integers, and the initial `h`
///   `[directions, batch, h]`.
/// - Results: all `h` `[steps, directions, batch, h]`, zero beyond a sequence's length; the last `h`.
/// - SeeAlso: ONNX RNN with layout 0; `.mnn` operator RNN.
public struct RNN: PrimitiveOperator, Codable {
  public var direction: RecurrentDirection
  /// One per direction.
  public var activations: [ScalarFunction]
  /// Bounds what goes into the activation.
  public var clip: Float?

  public init(
    direction: RecurrentDirection = .forward, activations: [ScalarFunction]? = nil, clip: Float? = nil
  ) {
    self.direction = direction
    self.activations = activations ?? (0..<direction.count).map { _ in .tanh }
    self.clip = clip
  }

  public var resultCount: Int { 2 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let (all, last) = try RecurrentLayer(gates: 1, direction: direction).resultTypes(for: operands)
    try requireAttribute(
      activations.count == direction.count, "bad activations", expected: "\(direction.count)",
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
    return try RecurrentLayer(gates: 1, direction: direction).run(arguments, initial: [arguments[optional: 5]]) {
      step, states in
      let part = step.fromState(0, states[0])
      for unit in 0..<step.hidden {
        states[0][unit] = activations[step.direction](clipped(step.fromInput[unit] + part[unit], clip))
      }
    }
  }
}
