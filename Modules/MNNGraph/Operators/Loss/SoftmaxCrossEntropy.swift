/// The ``NegativeLogLikelihood`` of scores that a softmax over axis 1 makes probabilities.
///
/// - Inputs: `scores` `[N, C, d…]`; `classes` `[N, d…]`, integers; `weight` `[C]`, optional.
/// - Results: the loss; if ``givesLogarithms``, also the logarithms of the probabilities, the type of `scores`.
/// - SeeAlso: ONNX SoftmaxCrossEntropyLoss, opset 13.
public struct SoftmaxCrossEntropy: CompositeOperator, Codable {
  public var loss: NegativeLogLikelihood
  public var givesLogarithms: Bool

  public init(_ loss: NegativeLogLikelihood = NegativeLogLikelihood(), givesLogarithms: Bool = false) {
    self.loss = loss
    self.givesLogarithms = givesLogarithms
  }

  public var resultCount: Int { givesLogarithms ? 2 : 1 }

  public func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    try loss.resultTypes(for: operands) + (givesLogarithms ? [operands.type(0)] : [])
  }

  public func expand(_ inputs: [Value.ID?], in builder: inout GraphBuilder) throws(GraphError) -> [Value.ID] {
    let logarithms = try builder.add(LogSoftmax(axis: 1), builder.required(inputs, 0))
    let result = try builder.add(results: loss, [logarithms] + inputs.dropFirst())
    return result + (givesLogarithms ? [logarithms] : [])
  }
}
