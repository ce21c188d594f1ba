import MNNGraph

/// Functions of one number that have operators of their own in the format.
enum ActivationCodec {
  static let readers: [OperatorReader] = [
    .one(.ELU) { scope throws(FormatError) in
      try scope.append(Activation(.elu(alpha: scope.main(Wire.ELU.self).alpha)), scope.input(0))
    },
    .one(.PReLU, parametricRelu),
    .one(.ReLU) { scope throws(FormatError) in
      let slope = scope.main(Wire.Relu.self).slope
      return try scope.append(slope == 0 ? Unary(.relu) : Activation(.leakyRelu(slope: slope)), scope.input(0))
    },
    .one(.ReLU6) { scope throws(FormatError) in
      let bounds = scope.main(Wire.Relu6.self)
      return try scope.append(Clip(minimum: bounds.minValue, maximum: bounds.maxValue), scope.input(0))
    },
    .one(.Selu) { scope throws(FormatError) in
      let selu = scope.main(Wire.Selu.self)
      return try scope.append(Activation(.selu(alpha: selu.alpha, gamma: selu.scale)), scope.input(0))
    },
    .same(.Sigmoid, Unary(.sigmoid)),
    .same(.TanH, Unary(.tanh)),
  ]

  static let writers: [OperatorWriter] = [
    .write(Activation.self, if: { op, _, _ in op.isWritten }) { op, _, _ in
      switch op.function {
      case .leakyRelu(let slope):
        var relu = Wire.Relu()
        relu.slope = slope
        return .make(.ReLU, relu)
      case .elu(let alpha):
        var elu = Wire.ELU()
        elu.alpha = alpha
        return .make(.ELU, elu)
      case .selu(let alpha, let gamma):
        var selu = Wire.Selu()
        selu.alpha = alpha
        selu.scale = gamma
        return .make(.Selu, selu)
      default: return .make(.Identity)  // refused by `isWritten`
      }
    },
    .write(Clip.self, if: { _, node, graph in graph[node.results[0]].type?.dtype.isFloatingPoint ?? true }) { op, _, _ in
      var bounds = Wire.Relu6()
      bounds.minValue = op.minimum
      bounds.maxValue = op.maximum
      return .make(.ReLU6, bounds)
    },
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
}

extension Activation {
  fileprivate var isWritten: Bool {
    switch function {
    case .leakyRelu, .elu, .selu: true
    default: false
    }
  }
}
