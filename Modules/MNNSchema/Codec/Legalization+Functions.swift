import MNNGraph

extension Legalization {
  /// Functions of one number that the format has no operator for, in terms of those it has.
  static let functionsOfNumbers = Rule("write-functions") { node, graph throws(GraphError) in
    guard node.inputs.count == 1, let x = node.inputs[0], let dtype = graph[x].type?.dtype, dtype.isFloatingPoint else {
      return nil
    }
    guard let function = (node.op as? Unary)?.function else { return nil }
    let (a, b) = (Double(function.a), Double(function.b))
    switch function.kind {
    case .mish:
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let gate = try builder.add(Unary(.tanh), builder.add(Unary(.softplus), x))
        return [try builder.add(Binary(.multiply), x, gate)]
      }
    case .hardSigmoid:
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let line = try builder.add(Binary(.multiply), x, builder.constant(a, as: dtype))
        let shifted = try builder.add(Binary(.add), line, builder.constant(b, as: dtype))
        return [try builder.add(Unary(.clip(minimum: 0, maximum: 1)), shifted)]
      }
    case .swish:
      return GraphPatch(replacing: node) { builder throws(GraphError) in
        let line = try builder.add(Binary(.multiply), x, builder.constant(a, as: dtype))
        return [try builder.add(Binary(.multiply), x, builder.add(Unary(.sigmoid), line))]
      }
    default: return nil
    }
  }
}
