import MNNGraph

/// Functions of one value that networks use between layers.
enum ONNXActivations {
  static let operators: [ONNXOperator] = [
    .op("Celu") { node, scope throws(ImportError) in
      try scope.append(Unary(.celu(alpha: try node.float("alpha", default: 1))))
    },
    .op("Clip", since: [1: clipByAttributes, 11: clip]),
    .op("Elu") { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(.elu(alpha: try node.float("alpha", default: 1))))
    },
    unary("Erf", .erf),
    .op("Gelu", gelu),
    .op("HardSigmoid") { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      let alpha = try node.float("alpha", default: 0.2)
      try scope.append(Unary(.hardSigmoid(alpha: alpha, beta: try node.float("beta", default: 0.5))))
    },
    unary("HardSwish", .hardSwish),
    .op("LeakyRelu") { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(.leakyRelu(slope: try node.float("alpha", default: 0.01))))
    },
    unary("Mish", .mish),
    .op("PRelu", since: [1: preluByChannel, 7: { _, scope throws(ImportError) in try scope.append(ParametricRelu()) }]),
    unary("Relu", .relu),
    .op(
      "Selu",
      since: [
        1: { node, scope throws(ImportError) in try selu(node, scope, alpha: 1.6732, gamma: 1.0507) },
        6: { node, scope throws(ImportError) in
          try selu(node, scope, alpha: 1.67326319217681884765625, gamma: 1.05070102214813232421875)
        },
      ]),
    .op("Shrink") { node, scope throws(ImportError) in
      let lambda = try node.float("lambd", default: 0.5)
      try scope.append(Unary(.shrink(lambda: lambda, bias: try node.float("bias", default: 0))))
    },
    unary("Sigmoid", .sigmoid),
    unary("Softplus", .softplus),
    unary("Softsign", .softsign),
    .op("SwiGLU") { node, scope throws(ImportError) in
      try scope.append(SwiGLU(alpha: try node.float("alpha", default: 1)))
    },
    .op("Swish") { node, scope throws(ImportError) in
      try scope.append(Unary(.swish(alpha: try node.float("alpha", default: 1))))
    },
    unary("Tanh", .tanh),
    .op("ThresholdedRelu") { node, scope throws(ImportError) in
      try scope.append(Unary(.thresholdedRelu(alpha: try node.float("alpha", default: 1))))
    },
  ]

  private static func unary(_ name: String, _ function: ScalarFunction) -> ONNXOperator {
    .op(name) { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(function))
    }
  }

  private static func gelu(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    switch try node.string("approximate", default: "none") {
    case "none": try scope.append(Unary(.gelu))
    case "tanh": try scope.append(Unary(.geluTanh))
    case let other: throw node.invalid("approximate", expected: "none or tanh", found: other)
    }
  }

  private static func selu(
    _ node: ONNXCall, _ scope: ONNXScope, alpha: Float, gamma: Float
  ) throws(ImportError) {
    node.ignore("consumed_inputs")
    let alpha = try node.float("alpha", default: alpha)
    try scope.append(Unary(.selu(alpha: alpha, gamma: try node.float("gamma", default: gamma))))
  }

  private static func clipByAttributes(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("consumed_inputs")
    let minimum = try node.float("min", default: -.infinity)
    try scope.append(Unary(.clip(minimum: minimum, maximum: try node.float("max", default: .infinity))))
  }

  /// Bounds may be computed; constant ones of floating point are attributes, which kernels fuse.
  private static func clip(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let x = try node.input(0)
    var bounds: [Float] = [-.infinity, .infinity]
    for i in 0..<2 {
      guard let bound = node.optionalInput(i + 1) else { continue }
      guard let tensor = scope.graph.constant(bound), tensor.dtype.isFloatingPoint, tensor.dtype != .float64,
        tensor.count == 1
      else { return try clip(x, by: node, scope) }
      bounds[i] = try scope.converting { () throws(GraphError) in try tensor.scalars(as: Float.self)[0] }
    }
    try scope.append(Unary(.clip(minimum: bounds[0], maximum: bounds[1])), x)
  }

  private static func clip(_ x: Value.ID, by node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    var result = x
    if let minimum = node.optionalInput(1) { result = try scope.add(Binary(.maximum), result, minimum) }
    if let maximum = node.optionalInput(2) { result = try scope.add(Binary(.minimum), result, maximum) }
    try scope.finish(result)
  }

  /// Before opset 7 a vector of slopes belongs to the channels.
  private static func preluByChannel(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("consumed_inputs")
    let x = try node.input(0)
    let slope = try node.input(1)
    let trailing = try scope.rank(of: x) - 2
    guard try scope.rank(of: slope) == 1, scope.type(of: slope)?.shape[0] != 1, trailing > 0 else {
      return try scope.append(ParametricRelu(), x, slope)
    }
    let shape = [0] + [Int64](repeating: 1, count: trailing)
    try scope.append(ParametricRelu(), x, try scope.add(Reshape(), slope, try scope.constant(shape)))
  }
}
