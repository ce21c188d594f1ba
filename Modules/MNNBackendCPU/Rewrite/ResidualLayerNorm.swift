import MNNGraph

/// The layer normalization of a sum: `LayerNorm(x + residual)`.
///
/// - Inputs: `x`, `residual` of one type; `gamma`, `beta`, optional.
/// - Results: the normalized tensor; if ``givesSum``, also the sum.
struct ResidualLayerNorm: PrimitiveOperator {
  var axis: Int
  var epsilon: Float
  var givesSum: Bool

  var resultCount: Int { givesSum ? 2 : 1 }

  func resultTypes(for operands: Operands) throws(GraphError) -> [TensorType] {
    let x = try operands.type(0)
    guard try operands.type(1) == x else {
      throw GraphError(.shapeMismatch, "the residual does not fit", expected: "\(x)", found: "\(try operands.type(1))")
    }
    return givesSum ? [x, x] : [x]
  }

  func evaluate(_ arguments: Arguments) throws(GraphError) -> [Tensor] {
    let sum = try Binary(.add).evaluate(Arguments([try arguments.tensor(0), try arguments.tensor(1)]))[0]
    let y = try LayerNorm(axis: axis, epsilon: epsilon).evaluate(
      Arguments([sum, arguments[optional: 2], arguments[optional: 3]]))
    return givesSum ? [y[0], sum] : [y[0]]
  }
}

extension Rule {
  /// `LayerNorm(x + y) -> ResidualLayerNorm(x, y)`, which also gives the sum if others use it.
  static let fuseResidualIntoLayerNorm = Rule("cpu-fuse-residual-layer-norm", on: LayerNorm.self) {
    op, node, graph throws(GraphError) in
    guard !op.givesStatistics, let (binary, producer) = graph.producer(of: node.inputs[0], as: Binary.self),
      binary.function == .add, let sum = node.inputs[0], let type = graph[sum].type, type.dtype == .float32,
      graph[producer.inputs[0]]?.type == type, graph[producer.inputs[1]]?.type == type, graph.hasSoleUse(sum)
    else { return nil }
    let parameters = node.inputs.dropFirst()
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      let fused = ResidualLayerNorm(axis: op.axis, epsilon: op.epsilon, givesSum: false)
      return try builder.add(results: fused, [producer.inputs[0], producer.inputs[1]] + parameters, name: node.name)
    }
  }
}
