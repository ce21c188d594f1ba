import MNNGraph

/// Functions of one number that have operators of their own in the format.
enum ActivationCodec {
  static let readers: [OperatorReader] = [
    .one(.ELU) { scope throws(FormatError) in
      try scope.append(Unary(.elu(alpha: scope.main(Wire.ELU.self).alpha)), scope.input(0))
    },
    .one(.PReLU, parametricRelu),
    .one(.ReLU) { scope throws(FormatError) in
      let slope = scope.main(Wire.Relu.self).slope
      return try scope.append(slope == 0 ? Unary(.relu) : Unary(.leakyRelu(slope: slope)), scope.input(0))
    },
    .one(.ReLU6) { scope throws(FormatError) in
      let bounds = scope.main(Wire.Relu6.self)
      return try scope.append(Unary(.clip(minimum: bounds.minValue, maximum: bounds.maxValue)), scope.input(0))
    },
    .one(.Selu) { scope throws(FormatError) in
      let selu = scope.main(Wire.Selu.self)
      return try scope.append(Unary(.selu(alpha: selu.alpha, gamma: selu.scale)), scope.input(0))
    },
    .same(.Sigmoid, Unary(.sigmoid)),
    .same(.TanH, Unary(.tanh)),
  ]

  static let writers: [OperatorWriter] = [
    .write(Unary.self, if: { op, node, graph in isWritten(op.function.kind, node, graph) }) { op, _, _ in
      switch op.function.kind {
      case .relu: return .make(.ReLU, Wire.Relu())
      case .leakyRelu:
        var relu = Wire.Relu()
        relu.slope = op.function.a
        return .make(.ReLU, relu)
      case .elu:
        var elu = Wire.ELU()
        elu.alpha = op.function.a
        return .make(.ELU, elu)
      case .selu:
        var selu = Wire.Selu()
        selu.alpha = op.function.a
        selu.scale = op.function.b
        return .make(.Selu, selu)
      default:  // clip: `isWritten` lets no other pass
        var bounds = Wire.Relu6()
        bounds.minValue = op.function.a
        bounds.maxValue = op.function.b
        return .make(.ReLU6, bounds)
      }
    }
  ]

  /// Slopes per channel, in the parameters.
  private static func parametricRelu(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let parameters = scope.main(Wire.PRelu.self)
    let x = try scope.input(0)
    guard let slope = parameters.slope, !slope.isEmpty else {
      throw FormatError(.missing, "PReLU has no slopes")
    }
    let values = try scope.model.weights.floats(slope, [slope.count])
    if slope.count == 1 { return try scope.append(ParametricRelu(), x, scope.constant(values)) }
    let shape = [slope.count] + [Int](repeating: 1, count: max(0, try scope.rank(of: x) - 2))
    return try scope.append(ParametricRelu(), x, scope.append(Reshape(), scope.constant(values), scope.constant(shape)))
  }

  /// Functions with operators of their own; ReLU6 holds bounds of floating point only.
  private static func isWritten(_ kind: ScalarFunction.Kind, _ node: Node, _ graph: Graph) -> Bool {
    switch kind {
    case .relu, .leakyRelu, .elu, .selu: true
    case .clip: graph[node.results[0]].type?.dtype.isFloatingPoint ?? true
    default: false
    }
  }
}
