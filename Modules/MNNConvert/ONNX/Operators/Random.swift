import MNNGraph

/// Random numbers. Without a `seed` each run draws new ones.
enum ONNXRandom {
  static let operators: [ONNXOperator] = [
    .op("Bernoulli", bernoulli),
    .op("Multinomial") { node, scope throws(ImportError) in
      let count = try node.int("sample_size", default: 1)
      let dtype = try node.dtype("dtype") ?? .int32
      try scope.append(Multinomial(count: count, dtype: dtype, seed: try node.float("seed")))
    },
    .op("RandomNormal") { node, scope throws(ImportError) in
      try scope.append(try normal(node, .float32), try shape(node, scope))
    },
    .op("RandomNormalLike") { node, scope throws(ImportError) in
      try scope.append(try normal(node, try dtype(node, scope)), try shape(of: try node.input(0), scope))
    },
    .op("RandomUniform") { node, scope throws(ImportError) in
      try scope.append(try uniform(node, .float32), try shape(node, scope))
    },
    .op("RandomUniformLike") { node, scope throws(ImportError) in
      try scope.append(try uniform(node, try dtype(node, scope)), try shape(of: try node.input(0), scope))
    },
  ]

  private static func normal(_ node: ONNXCall, _ dtype: DType) throws(ImportError) -> RandomNormal {
    RandomNormal(
      mean: try node.float("mean", default: 0), scale: try node.float("scale", default: 1),
      dtype: try node.dtype("dtype") ?? dtype, seed: try node.float("seed"))
  }

  private static func uniform(_ node: ONNXCall, _ dtype: DType) throws(ImportError) -> RandomUniform {
    RandomUniform(
      low: try node.float("low", default: 0), high: try node.float("high", default: 1),
      dtype: try node.dtype("dtype") ?? dtype, seed: try node.float("seed"))
  }

  private static func shape(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) -> Value.ID {
    try scope.constant(try node.required("shape", try node.ints("shape")).map { Int64($0) })
  }

  private static func shape(of x: Value.ID, _ scope: ONNXScope) throws(ImportError) -> Value.ID {
    try scope.add(ShapeOf(), x)
  }

  /// The element type of the first input.
  private static func dtype(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) -> DType {
    guard let type = scope.type(of: try node.input(0)) else { return .float32 }
    return type.dtype.isFloatingPoint ? type.dtype : .float32
  }

  /// 1 where a random number is below the probability.
  private static func bernoulli(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let x = try node.input(0)
    let own = try dtype(node, scope)
    let source = RandomUniform(dtype: own, seed: try node.float("seed"))
    let drawn = try scope.add(source, try shape(of: x, scope))
    let isOne = try scope.add(Comparison(.less), drawn, x)
    try scope.append(Cast(to: try node.dtype("dtype") ?? own), isOne)
  }
}
