import MNNGraph

/// Products of matrices.
enum ONNXContractions {
  static let operators: [ONNXOperator] = [
    .op("Det") { _, scope throws(ImportError) in try scope.append(Determinant()) },
    .op("Einsum") { node, scope throws(ImportError) in
      try scope.append(Einsum(try node.required("equation", try node.string("equation"))))
    },
    .op("Gemm") { node, scope throws(ImportError) in try scope.finish(try product(node, scope)) },
    .op("MatMul") { _, scope throws(ImportError) in try scope.append(MatMul()) },
  ]

  /// `alpha * A' * B' + beta * C`.
  static func product(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) -> Value.ID {
    node.ignore("broadcast")  // before opset 7; what broadcasts does so since
    let product = MatMul(
      transposesA: try node.flag("transA", default: false), transposesB: try node.flag("transB", default: false))
    let alpha = try node.float("alpha", default: 1)
    let beta = try node.float("beta", default: 1)
    let a = try node.input(0)
    let b = try node.input(1)
    var c = beta == 0 ? nil : node.optionalInput(2)
    if let term = c, beta != 1 {
      c = try scope.add(Binary(.multiply), term, try scope.constant(Double(beta), like: term))
    }
    if alpha == 1 { return try scope.add(results: product, [a, b] + (c.map { [$0] } ?? []))[0] }
    let scaled = try scope.add(Binary(.multiply), try scope.add(product, a, b), try scope.constant(Double(alpha), like: a))
    return try c.map { c throws(ImportError) in try scope.add(Binary(.add), scaled, c) } ?? scaled
  }
}
