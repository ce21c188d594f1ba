import MNNGraph

/// Functions of one value that networks use between layers.
enum ONNXActivations {
  static let operators: [ONNXOperator] = [
    .op("Erf") { _, scope throws(ImportError) in try scope.append(Unary(.erf)) },
    .op("Gelu", gelu),
    .op("HardSwish") { _, scope throws(ImportError) in try scope.append(Unary(.hardSwish)) },
    .op("Mish") { _, scope throws(ImportError) in try scope.append(Unary(.mish)) },
    .op("Relu") { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(.relu))
    },
    .op("Sigmoid") { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(.sigmoid))
    },
    .op("Softplus") { _, scope throws(ImportError) in try scope.append(Unary(.softplus)) },
    .op("Softsign") { _, scope throws(ImportError) in try scope.append(Unary(.softsign)) },
    .op("Tanh") { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(.tanh))
    },
  ]

  private static func gelu(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    switch try node.string("approximate", default: "none") {
    case "none": try scope.append(Unary(.gelu))
    case "tanh": try scope.append(Unary(.geluTanh))
    case let other: throw node.invalid("approximate", expected: "none or tanh", found: other)
    }
  }
}
