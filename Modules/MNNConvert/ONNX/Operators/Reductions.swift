import MNNGraph

/// Operators that make one number of many.
enum ONNXReductions {
  static let operators: [ONNXOperator] = [
    .op("ArgMax") { node, scope throws(ImportError) in try scope.append(try extreme(.maximum, node)) },
    .op("ArgMin") { node, scope throws(ImportError) in try scope.append(try extreme(.minimum, node)) },
    .op("GlobalAveragePool") { node, scope throws(ImportError) in try global(.mean, node, scope) },
    .op("GlobalLpPool", globalNorm),
    .op("GlobalMaxPool") { node, scope throws(ImportError) in try global(.maximum, node, scope) },
    reduction("ReduceL1", .l1),
    reduction("ReduceL2", .l2),
    reduction("ReduceLogSum", .logSum),
    reduction("ReduceLogSumExp", .logSumExp),
    reduction("ReduceMax", .maximum),
    reduction("ReduceMean", .mean),
    reduction("ReduceMin", .minimum),
    reduction("ReduceProd", .product),
    reduction("ReduceSum", .sum),
    reduction("ReduceSumSquare", .sumSquare),
  ]

  /// The axes are an attribute before opset 13 (ReduceSum) or 18 (the others), an input since.
  private static func reduction(_ name: String, _ function: Reduce.Function) -> ONNXOperator {
    .op(name) { node, scope throws(ImportError) in
      let axes = try node.ints("axes").map { axes throws(ImportError) in try scope.constant(axes.map { Int64($0) }) }
      let keepsDimensions = try node.flag("keepdims", default: true)
      let isNothing = try node.flag("noop_with_empty_axes", default: false)
      try scope.append(
        Reduce(function, keepsDimensions: keepsDimensions, keepsAllWithoutAxes: isNothing), try node.input(0),
        axes ?? node.optionalInput(1))
    }
  }

  private static func extreme(_ function: ArgReduce.Function, _ node: ONNXCall) throws(ImportError) -> ArgReduce {
    ArgReduce(
      function, axis: try node.int("axis", default: 0), keepsDimensions: try node.flag("keepdims", default: true),
      selectsLast: try node.flag("select_last_index", default: false))
  }

  /// Over all spatial axes.
  private static func global(
    _ function: Reduce.Function, _ node: ONNXCall, _ scope: ONNXScope
  ) throws(ImportError) {
    let x = try node.input(0)
    try scope.append(Reduce(function), x, try spatialAxes(of: x, scope))
  }

  private static func spatialAxes(of x: Value.ID, _ scope: ONNXScope) throws(ImportError) -> Value.ID {
    if let rank = scope.type(of: x)?.shape.rank { return try scope.constant((2..<max(rank, 2)).map { Int64($0) }) }
    return try scope.add(
      Arange(), try scope.constant(Int64(2)), try scope.add(RankOf(dtype: .int64), x), try scope.constant(Int64(1)))
  }

  private static func globalNorm(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let p = try node.opset < 2 ? Int(converting: node.float("p", default: 2)) : node.int("p", default: 2)
    switch p {
    case 1: return try global(.l1, node, scope)
    case 2: return try global(.l2, node, scope)
    default:
      let x = try node.input(0)
      let power = try scope.add(
        Binary(.power), try scope.add(Unary(.absolute), x), try scope.constant(Double(p), like: x))
      let sum = try scope.add(Reduce(.sum), power, try spatialAxes(of: x, scope))
      try scope.append(Binary(.power), sum, try scope.constant(1 / Double(p), like: x))
    }
  }
}
