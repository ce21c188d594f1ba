import MNNGraph

/// Operators of onnxruntime, which its optimizer and its exporters write: `com.microsoft`.
enum ONNXMicrosoft {
  private static let domain = "com.microsoft"

  static let operators: [ONNXOperator] = [
    .op("BiasGelu", domain: domain) { node, scope throws(ImportError) in
      try scope.append(Unary(.gelu), try scope.add(Binary(.add), try node.input(0), try node.input(1)))
    },
    .op("FastGelu", domain: domain) { node, scope throws(ImportError) in
      var x = try node.input(0)
      if let bias = node.optionalInput(1) { x = try scope.add(Binary(.add), x, bias) }
      try scope.append(Unary(.geluTanh), x)
    },
    .op("FusedConv", domain: domain, fusedConvolution),
    .op("FusedGemm", domain: domain) { node, scope throws(ImportError) in
      let y = try ONNXContractions.product(node, scope)
      try scope.finish(
        try activated(y, node, scope, parameters: [try node.float("activation_alpha"), try node.float("activation_beta")]))
    },
    .op("FusedMatMul", domain: domain, fusedMatMul),
    .op("Gelu", domain: domain) { _, scope throws(ImportError) in try scope.append(Unary(.gelu)) },
    .op("QuickGelu", domain: domain) { node, scope throws(ImportError) in
      try scope.append(Unary(.swish(alpha: try node.float("alpha", default: 1.702))))
    },
    .op("RotaryEmbedding", domain: domain, rotaryEmbedding),
    .op("SimplifiedLayerNormalization", simplifiedNorm),
    .op("SimplifiedLayerNormalization", domain: domain, simplifiedNorm),
    .op("SkipLayerNormalization", domain: domain) { node, scope throws(ImportError) in
      let sum = try skipSum(node, scope, bias: 4)
      let op = LayerNorm(axis: -1, epsilon: try node.float("epsilon", default: 1e-12))
      try finishSkip(try scope.add(op, sum, try node.input(2), node.optionalInput(3)), sum, node, scope)
    },
    .op("SkipSimplifiedLayerNormalization", domain: domain) { node, scope throws(ImportError) in
      let sum = try skipSum(node, scope, bias: 3)
      let op = RMSNorm(axis: -1, epsilon: try node.float("epsilon", default: 1e-12))
      try finishSkip(try scope.add(op, sum, try node.input(2)), sum, node, scope)
    },
  ]

  // MARK: Layers with a residual

  private static func skipSum(
    _ node: ONNXCall, _ scope: ONNXScope, bias index: Int
  ) throws(ImportError) -> Value.ID {
    let sum = try scope.add(Binary(.add), try node.input(0), try node.input(1))
    guard let bias = node.optionalInput(index) else { return sum }
    return try scope.add(Binary(.add), sum, bias)
  }

  /// The outputs are the result, mean and deviation, which only training uses, and the sum.
  private static func finishSkip(
    _ y: Value.ID, _ sum: Value.ID, _ node: ONNXCall, _ scope: ONNXScope
  ) throws(ImportError) {
    guard !node.hasOutput(1), !node.hasOutput(2) else {
      throw ImportError(
        .invalidGraph, "mean and deviation are for training", expected: "outputs 0 and 3", found: "1 or 2",
        advice: "export the model for inference")
    }
    try scope.finish([y, y, y, sum])
  }

  private static func simplifiedNorm(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("stash_type")
    guard !node.hasOutput(1) else {
      throw ImportError(.invalidGraph, "the deviation is for training", expected: "1 output", found: "2")
    }
    let axis = try node.int("axis", default: -1)
    try scope.append(RMSNorm(axis: axis, epsilon: try node.float("epsilon", default: 1e-5)))
  }

  private static func rotaryEmbedding(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("is_packed_batching")  // of the memory, not of the numbers
    guard try node.float("scale", default: 1) == 1 else { throw node.invalid("scale", expected: "1", found: "another") }
    let x = try node.input(0)
    let heads = try node.int("num_heads", default: 0)
    let size = try node.int("rotary_embedding_dim", default: 0)
    let isInterleaved = try node.flag("interleaved", default: false)
    var positions = try node.input(1)
    let rank = try scope.rank(of: x)
    if scope.type(of: positions)?.shape.rank != 2 || scope.type(of: positions)?.shape == [1] {
      // One number is the position of the first element of every sequence.
      let shape = try scope.add(ShapeOf(), x)
      let length = try scope.add(Gather(axis: 0), shape, try scope.constant(Int64(rank - 2)))
      let zero = try scope.constant(Int64(0))
      let steps = try scope.add(Arange(), zero, length, try scope.constant(Int64(1)))
      let batch = try scope.add(Gather(axis: 0), shape, try scope.constant([Int64(0)]))
      let ends = try scope.add(Concat(axis: 0), batch, try scope.add(Unsqueeze(), length, try scope.constant([Int64(0)])))
      positions = try scope.add(Expand(), try scope.add(Binary(.add), steps, positions), ends)
    }
    // Heads of three axes are counted by the table's width, which is half of what is turned.
    var count = heads
    if rank == 3, count == 0 {
      guard let width = scope.type(of: try node.input(2))?.shape.dimensions.last?.value, width > 0,
        let hidden = scope.type(of: x)?.shape[2].value
      else { throw node.invalid("num_heads", expected: "above 0", found: "0") }
      count = hidden / (2 * width)
    }
    try scope.append(
      RotaryEmbedding(isInterleaved: isInterleaved, turnedSize: size, heads: count), x, try node.input(2),
      try node.input(3), positions)
  }

  // MARK: Products with an activation

  private static func fusedConvolution(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    try ONNXConvolutions.checkKernel(node, scope)
    let op = Convolution(
      strides: try node.ints("strides", default: []), dilations: try node.ints("dilations", default: []),
      groups: try node.int("group", default: 1), padding: try ONNXConvolutions.padding(node))
    var y = try scope.add(op, try node.input(0), try node.input(1), node.optionalInput(2))
    if let residual = node.optionalInput(3) { y = try scope.add(Binary(.add), y, residual) }
    let parameters = try node.floats("activation_params") ?? []
    try scope.finish(try activated(y, node, scope, parameters: parameters))
  }

  /// The function that `activation` names, of the node's result.
  private static func activated(
    _ y: Value.ID, _ node: ONNXCall, _ scope: ONNXScope, parameters: [Float?]
  ) throws(ImportError) -> Value.ID {
    func parameter(_ index: Int, _ value: Float) -> Float {
      index < parameters.count ? parameters[index] ?? value : value
    }
    switch try node.string("activation", default: "") {
    case "": return y
    case "Relu": return try scope.add(Unary(.relu), y)
    case "Tanh": return try scope.add(Unary(.tanh), y)
    case "Sigmoid": return try scope.add(Unary(.sigmoid), y)
    case "LeakyRelu": return try scope.add(Unary(.leakyRelu(slope: parameter(0, 0.01))), y)
    case "Clip":
      return try scope.add(Unary(.clip(minimum: parameter(0, -.infinity), maximum: parameter(1, .infinity))), y)
    case "HardSigmoid":
      return try scope.add(Unary(.hardSigmoid(alpha: parameter(0, 0.2), beta: parameter(1, 0.5))), y)
    case let other:
      throw node.invalid(
        "activation", expected: "Relu, Tanh, Sigmoid, LeakyRelu, Clip or HardSigmoid", found: other)
    }
  }

  private static func fusedMatMul(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    for name in ["transBatchA", "transBatchB"] where try node.flag(name, default: false) {
      throw node.invalid(name, expected: "0", found: "1")
    }
    let op = MatMul(
      transposesA: try node.flag("transA", default: false), transposesB: try node.flag("transB", default: false))
    let alpha = try node.float("alpha", default: 1)
    let a = try node.input(0)
    let product = try scope.add(op, a, try node.input(1))
    if alpha == 1 { return try scope.finish(product) }
    try scope.finish(try scope.add(Binary(.multiply), product, try scope.constant(Double(alpha), like: a)))
  }
}
