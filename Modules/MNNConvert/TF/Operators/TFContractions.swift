import MNNGraph

/// Products of matrices.
enum TFContractions {
  static let operators: [TFOperator] =
    TFOperator.ops("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3") { node, scope throws(ImportError) in
      try scope.append(
        MatMul(transposesA: try node.flag("adj_x"), transposesB: try node.flag("adj_y")), try node.input(0), try node.input(1))
    } + [
      .op("Einsum") { node, scope throws(ImportError) in
        try scope.append(Einsum(try node.string("equation", default: "")))
      },
      .op("MatMul") { node, scope throws(ImportError) in
        try scope.append(try product(node), try node.input(0), try node.input(1))
      },
      .op("_FusedMatMul") { node, scope throws(ImportError) in
        let y = try scope.add(try product(node), try node.input(0), try node.input(1), node.optionalInput(2))
        try scope.finishFused(y, node, after: 2, isBiasAdded: true)
      },
    ]

  private static func product(_ node: TFCall) throws(ImportError) -> MatMul {
    MatMul(transposesA: try node.flag("transpose_a"), transposesB: try node.flag("transpose_b"))
  }
}

extension TFScope {
  /// The result with what the optimizer put into the node: `fused_ops`, with their inputs from `index` on.
  func finishFused(_ y: Value.ID, _ node: TFCall, after index: Int, isBiasAdded: Bool = false) throws(ImportError) {
    node.ignore("num_args", "num_host_args", "explicit_paddings")
    var (result, next) = (y, index)
    let epsilon = try node.float("epsilon", default: 0)
    let slope = try node.float("leakyrelu_alpha", default: 0.2)
    for name in try node.list("fused_ops")?.strings.map({ String(decoding: $0, as: UTF8.self) }) ?? [] {
      switch name {
      case "BiasAdd":
        if !isBiasAdded { result = try add(Binary(.add), result, try node.input(next)) }
        next += 1
      case "FusedBatchNorm":
        result = try normalized(result, [next, next + 1, next + 2, next + 3], node, epsilon: epsilon)
        next += 4
      case "Relu": result = try add(Unary(.relu), result)
      case "Relu6": result = try add(Unary(.clip(minimum: 0, maximum: 6)), result)
      case "Elu": result = try add(Unary(.elu(alpha: 1)), result)
      case "LeakyRelu": result = try add(Unary(.leakyRelu(slope: slope)), result)
      case "Sigmoid": result = try add(Unary(.sigmoid), result)
      case "Tanh": result = try add(Unary(.tanh), result)
      case "GeluApproximate": result = try add(Unary(.geluTanh), result)
      case "GeluExact": result = try add(Unary(.gelu), result)
      default: throw node.invalid("fused_ops", expected: "BiasAdd, FusedBatchNorm and activations", found: name)
      }
    }
    try finish(result)
  }

  /// Batch normalization of an image that has its channels last, with scale, offset, mean and variance at these inputs.
  func normalized(_ x: Value.ID, _ places: [Int], _ node: TFCall, epsilon: Float) throws(ImportError) -> Value.ID {
    let rank = try rank(of: x)
    var inputs: [Value.ID?] = [try channelsFirst(x)]
    for place in places { inputs.append(try node.input(place)) }
    return try channelsLast(try add(results: BatchNormalization(epsilon: epsilon), inputs)[0], rank: rank)
  }
}
