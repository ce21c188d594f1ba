import MNNGraph

extension Legalization {
  /// Functions of one number that the format has no operator for, in terms of those it has.
  static let functionsOfNumbers = Rule("write-functions") { node, graph throws(GraphError) in
    guard node.inputs.count == 1, let x = node.inputs[0], let dtype = graph[x].type?.dtype, dtype.isFloatingPoint else {
      return nil
    }
    guard let function = (node.op as? Unary)?.function else { return nil }
    guard let parts = parts(of: function.kind, x, dtype, a: Double(function.a), b: Double(function.b)) else { return nil }
    return GraphPatch(replacing: node) { builder throws(GraphError) in [try parts(&builder)] }
  }

  private typealias Parts = (inout GraphBuilder) throws(GraphError) -> Value.ID

  private static func parts(of kind: ScalarFunction.Kind, _ x: Value.ID, _ dtype: DType, a: Double, b: Double) -> Parts? {
    func times(_ factor: Double, _ id: Value.ID, _ builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
      try builder.add(Binary(.multiply), id, builder.constant(factor, as: dtype))
    }
    func plus(_ term: Double, _ id: Value.ID, _ builder: inout GraphBuilder) throws(GraphError) -> Value.ID {
      try builder.add(Binary(.add), id, builder.constant(term, as: dtype))
    }
    switch kind {
    case .affine:
      return { builder throws(GraphError) in try plus(b, times(a, x, &builder), &builder) }
    case .celu where a > 0:
      return { builder throws(GraphError) in try times(a, builder.add(Unary(.elu(alpha: 1)), times(1 / a, x, &builder)), &builder)
      }
    case .hardSigmoid:
      return { builder throws(GraphError) in
        try builder.add(Unary(.clip(minimum: 0, maximum: 1)), plus(b, times(a, x, &builder), &builder))
      }
    case .identity:
      return { builder throws(GraphError) in try builder.add(Identity(), x) }
    case .isNaN:
      return { builder throws(GraphError) in try builder.add(Comparison(.notEqual), x, x) }
    case .mish:
      return { builder throws(GraphError) in
        try builder.add(Binary(.multiply), x, builder.add(Unary(.tanh), builder.add(Unary(.softplus), x)))
      }
    case .power:
      return { builder throws(GraphError) in try builder.add(Binary(.power), x, builder.constant(a, as: dtype)) }
    case .scaledTanh:
      return { builder throws(GraphError) in try times(a, builder.add(Unary(.tanh), times(b, x, &builder)), &builder) }
    case .shrink:
      return { builder throws(GraphError) in
        let isLow = try builder.add(Comparison(.less), x, builder.constant(-a, as: dtype))
        let isHigh = try builder.add(Comparison(.greater), x, builder.constant(a, as: dtype))
        let inner = try builder.add(Select(), isHigh, plus(-b, x, &builder), times(0, x, &builder))
        return try builder.add(Select(), isLow, plus(b, x, &builder), inner)
      }
    case .softsign:
      return { builder throws(GraphError) in
        try builder.add(Binary(.divide), x, plus(1, builder.add(Unary(.absolute), x), &builder))
      }
    case .swish:
      return { builder throws(GraphError) in
        try builder.add(Binary(.multiply), x, builder.add(Unary(.sigmoid), times(a, x, &builder)))
      }
    case .thresholdedRelu:
      return { builder throws(GraphError) in
        let isAbove = try builder.add(Comparison(.greater), x, builder.constant(a, as: dtype))
        return try builder.add(Select(), isAbove, x, builder.constant(0, as: dtype))
      }
    case .truncate:
      return { builder throws(GraphError) in
        let size = try builder.add(Unary(.floor), builder.add(Unary(.absolute), x))
        return try builder.add(Binary(.multiply), builder.add(Unary(.sign), x), size)
      }
    default: return nil
    }
  }
}
