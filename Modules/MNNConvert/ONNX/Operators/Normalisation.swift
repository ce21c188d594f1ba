import MNNGraph

/// Operators that bring values to a common scale.
enum ONNXNormalisation {
  static let operators: [ONNXOperator] = [
    .op("BatchNormalization", batchNormalization),
    .op("GroupNormalization", since: [21: groupNormalization]),
    .op("Hardmax", since: [
      1: { node, scope throws(ImportError) in try flattening(.hardmax, node, scope) },
      13: { node, scope throws(ImportError) in try scope.append(Hardmax(axis: try node.int("axis", default: -1))) },
    ]),
    .op("InstanceNormalization") { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(GroupNorm(groups: nil, epsilon: try node.float("epsilon", default: 1e-5)))
    },
    .op("LRN") { node, scope throws(ImportError) in
      let size = try node.required("size", try node.int("size"))
      let alpha = try node.float("alpha", default: 0.0001)
      let beta = try node.float("beta", default: 0.75)
      try scope.append(LRN(size: size, alpha: alpha, beta: beta, bias: try node.float("bias", default: 1)))
    },
    .op("LayerNormalization") { node, scope throws(ImportError) in
      node.ignore("stash_type")  // sums are never narrower than float32
      let axis = try node.int("axis", default: -1)
      let epsilon = try node.float("epsilon", default: 1e-5)
      try scope.append(LayerNorm(axis: axis, epsilon: epsilon, givesStatistics: node.hasOutput(1) || node.hasOutput(2)))
    },
    .op("LogSoftmax", since: [
      1: { node, scope throws(ImportError) in try flattening(.logSoftmax, node, scope) },
      13: { node, scope throws(ImportError) in try scope.append(LogSoftmax(axis: try node.int("axis", default: -1))) },
    ]),
    .op("LpNormalization") { node, scope throws(ImportError) in
      let axis = try node.int("axis", default: -1)
      try scope.append(LpNormalization(axis: axis, p: try node.int("p", default: 2)))
    },
    .op("MeanVarianceNormalization") { node, scope throws(ImportError) in
      try scope.append(MeanVarianceNormalization(axes: try node.ints("axes", default: [0, 2, 3])))
    },
    .op("RMSNormalization") { node, scope throws(ImportError) in
      node.ignore("stash_type")
      let axis = try node.int("axis", default: -1)
      try scope.append(RMSNorm(axis: axis, epsilon: try node.float("epsilon", default: 1e-5)))
    },
    .op("Softmax", since: [
      1: { node, scope throws(ImportError) in try flattening(.softmax, node, scope) },
      13: { node, scope throws(ImportError) in try scope.append(Softmax(axis: try node.int("axis", default: -1))) },
    ]),
  ]

  private static func flattening(
    _ function: SoftmaxFlattening.Function, _ node: ONNXCall, _ scope: ONNXScope
  ) throws(ImportError) {
    try scope.append(SoftmaxFlattening(function, axis: try node.int("axis", default: 1)))
  }

  private static func batchNormalization(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("momentum", "is_test", "consumed_inputs")
    guard try node.flag("spatial", default: true), !(try node.flag("training_mode", default: false)), !node.hasOutput(1)
    else {
      throw ImportError(
        .invalidAttribute, "batch normalisation in training mode is not supported",
        expected: "one output, training_mode 0, spatial 1", found: "\(node.node.outputs.count) outputs",
        advice: "export the model for inference")
    }
    try scope.append(BatchNormalization(epsilon: try node.float("epsilon", default: 1e-5)))
  }

  private static func groupNormalization(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("stash_type")
    let groups = try node.required("num_groups", try node.int("num_groups"))
    try scope.append(GroupNorm(groups: groups, epsilon: try node.float("epsilon", default: 1e-5)))
  }
}
