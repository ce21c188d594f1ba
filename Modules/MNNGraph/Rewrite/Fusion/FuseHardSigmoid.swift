extension Rule {
  /// A line that is cut off at 0 and 1: `Clip(x * a + b; 0, 1) -> hardSigmoid(x; a, b)`.
  public static let fuseHardSigmoid = Rule("fuse-hard-sigmoid", on: Unary.self) { op, node, graph throws(GraphError) in
    guard op.function == .clip(minimum: 0, maximum: 1), graph[node.results[0]].type?.dtype.isFloatingPoint ?? false,
      let (sum, beta) = try operand(of: node.inputs[0], .add, in: graph),
      let (x, alpha) = try operand(of: sum, .multiply, in: graph), graph[x].type == graph[node.results[0]].type
    else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in
      [try builder.add(Unary(.hardSigmoid(alpha: alpha, beta: beta)), x)]
    }
  }

  /// What a number is added to, or multiplied with, to give `id`, which nothing else uses.
  private static func operand(
    of id: Value.ID?, _ function: Binary.Function, in graph: Graph
  ) throws(GraphError) -> (x: Value.ID, number: Float)? {
    guard let (op, node) = graph.soleProducer(of: id, as: Binary.self), op.function == function, op.activation == .identity,
      node.inputs.count == 2
    else { return nil }
    for (x, constant) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
      guard let x, let tensor = graph.constant(constant), tensor.count == 1, let number = try tensor.scalars(as: Float.self).first
      else { continue }
      return (x, number)
    }
    return nil
  }
}
