import MNNGraph

/// A pointwise, a depthwise and another pointwise convolution on blocked tensors, computed a few rows at a time: the inverted
/// residual of mobile networks, and its parts.
///
/// - Inputs: `x`; weight and bias of the expansion, of the depthwise convolution and of the projection; a residual. All but `x` and
///   the depthwise weight may be absent.
/// - Results: the last step's; if ``givesMeans``, also the depthwise result's mean over all pixels, `[N, C/c, 1, 1, c]`.
struct Bottleneck: PrimitiveOperator {
  var expansion: BlockedConvolution?
  var depthwise: BlockedConvolution
  var projection: BlockedConvolution?
  var givesMeans = false

  static let inputCount = 8
  static let residual = 7

  /// The steps in order, each with the index of its weight.
  var steps: [(op: BlockedConvolution, weight: Int)] {
    [(expansion, 1), (depthwise, 3), (projection, 5)].compactMap { step in step.0.map { ($0, step.1) } }
  }

  var resultCount: Int { givesMeans ? 2 : 1 }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    var type = try operands.type(0)
    var means: TensorType?
    for (op, weight) in steps {
      let isLast = weight == steps[steps.count - 1].weight
      type = try op.resultTypes(
        for: Operands([
          Operand(type), operands[optional: weight], operands[optional: weight + 1],
          isLast ? operands[optional: Bottleneck.residual] : nil,
        ]))[0]
      if op.isDepthwise, givesMeans { means = try BlockedGlobalPool(function: .mean).resultTypes(for: Operands(type))[0] }
    }
    return [type] + (means.map { [$0] } ?? [])
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    var y = try arguments.tensor(0)
    var means: [Tensor] = []
    for (op, weight) in steps {
      let isLast = weight == steps[steps.count - 1].weight
      y = try op.evaluate(
        Arguments([
          y, arguments[optional: weight], arguments[optional: weight + 1],
          isLast ? arguments[optional: Bottleneck.residual] : nil,
        ]))[0]
      if op.isDepthwise, givesMeans { means = try BlockedGlobalPool(function: .mean).evaluate(Arguments([y])) }
    }
    return [y] + means
  }
}
