import MNNGraph

/// What training minimizes.
enum ONNXLosses {
  static let operators: [ONNXOperator] = [
    .op("NegativeLogLikelihoodLoss") { node, scope throws(ImportError) in try scope.append(try loss(node)) },
    .op("SoftmaxCrossEntropyLoss") { node, scope throws(ImportError) in
      try scope.append(SoftmaxCrossEntropy(try loss(node), givesLogarithms: node.hasOutput(1)))
    },
  ]

  private static func loss(_ node: ONNXCall) throws(ImportError) -> NegativeLogLikelihood {
    let reductions: [String: LossReduction] = ["none": .none, "sum": .sum, "mean": .mean]
    let reduction = try node.choice("reduction", default: "mean", reductions)
    return NegativeLogLikelihood(reduction: reduction, ignoredClass: try node.int("ignore_index"))
  }
}
