import MNNGraph

/// Layers that go along sequences.
enum ONNXRecurrent {
  static let operators: [ONNXOperator] = [
    .op("GRU", gru),
    .op("LSTM", lstm),
    .op("RNN", rnn),
  ]

  private static func lstm(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let direction = try direction(node)
    try append(
      LSTM(
        direction: direction, activations: try activations(node, 3 * direction.count), clip: try node.float("clip"),
        couplesInputForget: try node.flag("input_forget", default: false)), node, scope)
  }

  private static func gru(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let direction = try direction(node)
    node.ignore("output_sequence")  // outputs are counted since opset 7
    try append(
      GRU(
        direction: direction, activations: try activations(node, 2 * direction.count), clip: try node.float("clip"),
        resetsAfterProduct: try node.flag("linear_before_reset", default: false)), node, scope)
  }

  private static func rnn(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let direction = try direction(node)
    node.ignore("output_sequence")
    try append(
      RNN(direction: direction, activations: try activations(node, direction.count), clip: try node.float("clip")), node,
      scope)
  }

  /// Adds the layer; with `layout` 1, where the batch comes first, between transpositions.
  private static func append(_ op: any Operator, _ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("hidden_size", "output_sequence")  // follows from the weights
    guard try node.flag("layout", default: false) else { return try scope.append(op) }
    let swap = Transpose(permutation: [1, 0, 2])
    var inputs = node.inputs
    for index in [0, 5, 6] where index < inputs.count {
      if let input = inputs[index] { inputs[index] = try scope.add(swap, input) }
    }
    var results = try scope.add(results: op, inputs)
    results[0] = try scope.add(Transpose(permutation: [2, 0, 1, 3]), results[0])
    for index in 1..<results.count { results[index] = try scope.add(swap, results[index]) }
    try scope.finish(results)
  }

  private static func direction(_ node: ONNXCall) throws(ImportError) -> RecurrentDirection {
    let name = try node.string("direction", default: "forward")
    guard let direction = RecurrentDirection(rawValue: name) else {
      throw node.invalid("direction", expected: "forward, reverse or bidirectional", found: name)
    }
    return direction
  }

  /// The functions named by `activations`; each takes what it needs of `activation_alpha` and `activation_beta`, in order.
  private static func activations(_ node: ONNXCall, _ count: Int) throws(ImportError) -> [ScalarFunction]? {
    var alphas = (try node.floats("activation_alpha") ?? [])[...]
    var betas = (try node.floats("activation_beta") ?? [])[...]
    guard let names = try node.strings("activations"), !names.isEmpty else { return nil }
    guard names.count == count else {
      throw node.invalid("activations", expected: "\(count) names", found: "\(names.count)")
    }
    var result: [ScalarFunction] = []
    for name in names {
      func alpha(_ value: Float) -> Float { alphas.popFirst() ?? value }
      func beta(_ value: Float) -> Float { betas.popFirst() ?? value }
      switch name.lowercased() {
      case "sigmoid": result.append(.sigmoid)
      case "tanh": result.append(.tanh)
      case "relu": result.append(.relu)
      case "softsign": result.append(.softsign)
      case "softplus": result.append(.softplus)
      case "affine": result.append(.affine(scale: alpha(1), shift: beta(0)))
      case "scaledtanh": result.append(.scaledTanh(alpha: alpha(1), beta: beta(1)))
      case "leakyrelu": result.append(.leakyRelu(slope: alpha(0.01)))
      case "thresholdedrelu": result.append(.thresholdedRelu(alpha: alpha(1)))
      case "hardsigmoid": result.append(.hardSigmoid(alpha: alpha(0.2), beta: beta(0.5)))
      case "elu": result.append(.elu(alpha: alpha(1)))
      default: throw node.invalid("activations", expected: "functions that the specification names", found: name)
      }
    }
    return result
  }
}
