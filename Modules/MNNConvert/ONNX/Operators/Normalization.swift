import MNNGraph

/// Operators that bring values to a common scale.
enum ONNXNormalization {
  static let operators: [ONNXOperator] = [
    .op("BatchNormalization", batchNormalization),
    .op("GroupNormalization", since: [18: groupNormalizationByGroup, 21: groupNormalization]),
    .op(
      "Hardmax",
      since: [
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
    .op(
      "LogSoftmax",
      since: [
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
    .op(
      "Softmax",
      since: [
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
    node.ignore("is_test", "consumed_inputs")
    let epsilon = try node.float("epsilon", default: 1e-5)
    let momentum = try node.float("momentum", default: 0.9)
    guard try node.flag("spatial", default: true) else {
      throw node.invalid("spatial", expected: "1", found: "0")
    }
    if try node.flag("training_mode", default: false) {
      return try trainingNormalization(node, scope, epsilon: epsilon, momentum: momentum)
    }
    // Before opset 7, a flag says so; the other outputs are then what is given.
    if node.opset < 7, try node.flag("is_test", default: false) {
      let y = try scope.add(
        BatchNormalization(epsilon: epsilon), try node.input(0), try node.input(1), try node.input(2), try node.input(3),
        try node.input(4))
      let (mean, variance) = (try node.input(3), try node.input(4))
      return try scope.finish([y, mean, variance, mean, variance])
    }
    guard !node.hasOutput(1) else {
      throw ImportError(
        .invalidAttribute, "batch normalization in training mode is not supported before opset 14",
        expected: "one output", found: "\(node.node.outputs.count) outputs", advice: "export the model for inference")
    }
    try scope.append(BatchNormalization(epsilon: epsilon))
  }

  /// By the batch's own mean and variance, which also move the running ones.
  private static func trainingNormalization(
    _ node: ONNXCall, _ scope: ONNXScope, epsilon: Float, momentum: Float
  ) throws(ImportError) {
    let x = try node.input(0)
    let rank = try scope.rank(of: x)
    let others = try scope.constant((0..<rank).filter { $0 != 1 }.map { Int64($0) })
    let mean = try scope.add(Reduce(.mean), x, others)
    let distance = try scope.add(Binary(.subtract), x, mean)
    let variance = try scope.add(Reduce(.mean, keepsDimensions: false), try scope.add(Unary(.square), distance), others)
    let flatMean = try scope.add(Squeeze(), mean, others)
    func moved(_ running: Value.ID, _ own: Value.ID) throws(ImportError) -> Value.ID {
      let kept = try scope.add(Binary(.multiply), running, try scope.constant(Double(momentum), like: running))
      let new = try scope.add(Binary(.multiply), own, try scope.constant(1 - Double(momentum), like: own))
      return try scope.add(Binary(.add), kept, new)
    }
    let y = try scope.add(
      BatchNormalization(epsilon: epsilon), x, try node.input(1), try node.input(2), flatMean, variance)
    try scope.finish([y, try moved(try node.input(3), flatMean), try moved(try node.input(4), variance)])
  }

  /// Until opset 21 there is a scale and a shift per group.
  private static func groupNormalizationByGroup(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let groups = try node.required("num_groups", try node.int("num_groups"))
    guard groups > 0 else { throw node.invalid("num_groups", expected: "above 0", found: "\(groups)") }
    let x = try node.input(0)
    let number = try scope.constant([Int64(groups)])
    let share = try scope.add(Binary(.divide), try scope.add(ShapeOf(start: 1, end: 2), x), number)
    let shape = try scope.add(results: Concat(axis: 0), [number, share])[0]
    func perChannel(_ index: Int) throws(ImportError) -> Value.ID {
      let column = try scope.add(Unsqueeze(), try node.input(index), try scope.constant([Int64(1)]))
      return try scope.add(Reshape(), try scope.add(Expand(), column, shape), try scope.constant([Int64(-1)]))
    }
    try scope.append(
      GroupNorm(groups: groups, epsilon: try node.float("epsilon", default: 1e-5)), x, try perChannel(1), try perChannel(2))
  }

  private static func groupNormalization(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("stash_type")
    let groups = try node.required("num_groups", try node.int("num_groups"))
    try scope.append(GroupNorm(groups: groups, epsilon: try node.float("epsilon", default: 1e-5)))
  }
}
