/// The Fourier transforms of windows that slide over a signal.
///
/// - Inputs: `signal` `[N, length, 1 or 2]`, floating point; `step`, one integer; then, each optional, `window` `[frame]`,
///   a factor, and `frame`, one integer (default: the window's or the signal's length). Integers must be constant when
///   the graph is planned.
/// - Result: `[N, frames, frame or frame / 2 + 1, 2]`.
/// - SeeAlso: ONNX STFT, opset 17; `.mnn` operator Stft.
public struct STFT: CompositeOperator, Codable {
  /// Gives the first `frame / 2 + 1` frequencies only, which those of a real signal follow from.
  public var isOneSided: Bool

  public init(isOneSided: Bool = true) { self.isOneSided = isOneSided }

  private func frames(_ operands: Operands) throws(GraphError) -> (count: Dimension, step: Int, length: Int) {
    let signal = try operands.type(0, rank: 3)
    let step = try operands.integer(1)
    var length = signal.shape[1]
    if operands[optional: 2] != nil { length = try operands.type(2, rank: 1).shape[0] }
    if operands[optional: 3] != nil {
      let stated = Dimension(try operands.integer(3))
      if operands[optional: 2] != nil { try requireEqual(stated, length, "the window's length") }
      length = stated
    }
    guard let length = length.value else { throw GraphError(.dependsOnData, "the length of a frame is not known") }
    try requireAttribute(
      step > 0 && step < 1 << 40 && length > 0 && length < 1 << 40, "bad step or frame", expected: "above 0",
      found: "\(step), \(length)")
    if let whole = signal.shape[1].value, whole < length {
      throw GraphError(.shapeMismatch, "the signal is shorter than a frame", expected: "at least \(length)", found: "\(whole)")
    }
    return ((signal.shape[1] - Dimension(length)) / Dimension(step) + 1, step, length)
  }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let signal = try operands.floatType(0)
    let (count, _, length) = try frames(operands)
    return [TensorType(signal.dtype, [signal.shape[0], count, Dimension(isOneSided ? length / 2 + 1 : length), 2])]
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let signal = try builder.required(inputs, 0)
    let (count, step, length) = try frames(Operands(inputs.map { $0.flatMap { builder.graph.operand($0) } }))
    let frames = try Shape([count]).concreteSizes()[0]
    let at = try Tensor.generated([frames, length]) { Int64($0 / length * step + $0 % length) }
    var x = try builder.add(Gather(axis: 1), signal, builder.constant(at))
    if let window = builder.optional(inputs, 2) {
      x = try builder.add(Binary(.multiply), x, builder.reshape(window, [length, 1]))
    }
    return [try builder.add(DFT(isOneSided: isOneSided), x)]
  }
}
