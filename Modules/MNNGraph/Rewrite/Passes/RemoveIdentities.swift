extension Rule {
  /// Nodes that change nothing: `f(x) -> x`.
  public static let removeIdentities = Rule("remove-identities") { node, graph throws(GraphError) in
    guard node.results.count == 1, let x = subject(of: node, graph), graph[x].constant == nil else { return nil }
    guard isIdentity(node, graph, of: x) else { return nil }
    // An output that would be an input of the graph needs a node to carry its name.
    if graph.isOutput(node.results[0]), graph.isInput(x) || graph.isOutput(x) { return nil }
    return GraphPatch(replacing: node, with: x)
  }

  /// What the node would be an identity of: of a sum or product with a constant before it, the second operand.
  private static func subject(of node: Node, _ graph: Graph) -> Value.ID? {
    guard let first = node.inputs.first, let first else { return nil }
    guard graph[first].constant != nil, let op = node.op as? Binary, op.function == .add || op.function == .multiply else {
      return first
    }
    return node.inputs[1]
  }

  private static func isIdentity(_ node: Node, _ graph: Graph, of x: Value.ID) -> Bool {
    let type = graph[x].type
    let hasSameType = type != nil && type == graph[node.results[0]].type
    switch node.op {
    case is Identity: return true
    case let op as Cast: return type?.dtype == op.dtype
    case let op as Transpose: return op.permutation == Array(op.permutation.indices)
    case is Concat: return node.inputs.count == 1
    case is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Expand, is Tile: return hasSameType
    case let op as Binary:
      return hasSameType && op.activation == .identity && isNeutral(op, graph.constant(node.inputs[x == node.inputs[0] ? 1 : 0]))
    default: return false
    }
  }

  /// `x + 0`, `x - 0`, `x * 1`, `x / 1`, `x ** 1`; `0 + x`, `1 * x`.
  private static func isNeutral(_ op: Binary, _ other: Tensor?) -> Bool {
    guard let right = other, right.count > 0, right.count <= 4096, let values = try? right.scalars(as: Double.self) else {
      return false
    }
    switch op.function {
    // -0 + 0 is 0: adding is neutral only for the sign of zero that keeps -0.
    case .add: return values.allSatisfy { $0 == 0 && (right.dtype.isFloatingPoint ? $0.sign == .minus : true) }
    case .subtract: return values.allSatisfy { $0 == 0 && $0.sign == .plus }
    case .multiply, .divide, .power: return values.allSatisfy { $0 == 1 }
    default: return false
    }
  }
}
