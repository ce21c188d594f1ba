import MNNGraph

/// Matrix products.
enum ContractionCodec {
  static let readers: [OperatorReader] = [
    .one(.BatchMatMul) { scope throws(FormatError) in
      let parameters = scope.main(Wire.BatchMatMulParam.self)
      return try scope.append(
        MatMul(transposesA: parameters.adjX, transposesB: parameters.adjY), scope.input(0), scope.input(1))
    },
    .same(.Det, Determinant()),
    .one(.MatMul) { scope throws(FormatError) in
      let parameters = scope.main(Wire.MatMul.self)
      let op = MatMul(transposesA: parameters.transposeA, transposesB: parameters.transposeB)
      return try scope.append(op, [scope.input(0), scope.input(1)] + (scope.optional(2).map { [$0] } ?? []))[0]
    },
  ]

  static let writers: [OperatorWriter] = [
    // Of one matrix MNN gives a wrong number.
    .write(Determinant.self, if: { _, node, graph in node.inputs[0].flatMap { graph[$0].type?.shape.rank } ?? 0 > 2 }) {
      _, _, _ in .make(.Det)
    },
    .write(MatMul.self, if: isWritten) { op, _, _ in
      var parameters = Wire.MatMul()
      parameters.T = .DT_FLOAT
      parameters.transposeA = op.transposesA
      parameters.transposeB = op.transposesB
      return .make(.MatMul, parameters)
    },
  ]

  /// Vectors, biases of several axes and activations are spelled out first.
  private static func isWritten(_ op: MatMul, _ node: Node, _ graph: Graph) -> Bool {
    op.activation == .identity && hasMatrices(node, graph) && hasPlainBias(node, graph)
  }

  static func hasMatrices(_ node: Node, _ graph: Graph) -> Bool {
    node.inputs.prefix(2).allSatisfy { id in id.flatMap { graph[$0].type?.shape.rank } ?? 2 >= 2 }
  }

  static func hasPlainBias(_ node: Node, _ graph: Graph) -> Bool {
    guard node.inputs.count > 2, let bias = node.inputs[2] else { return true }
    return graph[bias].type?.shape.rank == 1
  }
}
