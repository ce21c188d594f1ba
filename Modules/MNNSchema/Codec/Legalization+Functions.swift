import MNNGraph

extension Legalization {
  /// Functions of one number that the format has no operator for, in terms of those it has.
  static let functionsOfNumbers = Rule("write-functions") { node, graph throws(GraphError) in
    guard node.inputs.count == 1, let x = node.inputs[0], let dtype = graph[x].type?.dtype, dtype.isFloatingPoint else {
      return nil
    }
    if let op = node.op as? Unary, op.function == .mish {
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let gate = try builder.add(Unary(.tanh), builder.add(Unary(.softplus), x))
        return [try builder.add(Binary(.multiply), x, gate)]
      }
    }
    switch (node.op as? Activation)?.function {
    case .hardSigmoid(let alpha, let beta):
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let line = try builder.add(Binary(.multiply), x, builder.constant(Double(alpha), as: dtype))
        let shifted = try builder.add(Binary(.add), line, builder.constant(Double(beta), as: dtype))
        return [try builder.add(Clip(minimum: 0, maximum: 1), shifted)]
      }
    case .swish(let alpha):
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let line = try builder.add(Binary(.multiply), x, builder.constant(Double(alpha), as: dtype))
        return [try builder.add(Binary(.multiply), x, builder.add(Unary(.sigmoid), line))]
      }
    default: return nil
    }
  }
}
