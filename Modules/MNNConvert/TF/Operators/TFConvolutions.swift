import MNNGraph

/// Operators with a window that slides over the spatial axes.
enum TFConvolutions {
  static let operators: [TFOperator] = [
    .op("AvgPool") { node, scope throws(ImportError) in try pool(.average, node, scope) },
    .op("AvgPool3D") { node, scope throws(ImportError) in try pool(.average, node, scope) },
    .op("Conv2D") { node, scope throws(ImportError) in try scope.finish(try convolution(node, scope)) },
    .op("Conv2DBackpropInput") { node, scope throws(ImportError) in try transposed(node, scope) },
    .op("Conv3D") { node, scope throws(ImportError) in try scope.finish(try convolution(node, scope)) },
    .op("Conv3DBackpropInputV2") { node, scope throws(ImportError) in try transposed(node, scope) },
    .op("DepthwiseConv2dNative") { node, scope throws(ImportError) in try depthwise(node, scope) },
    .op("MaxPool") { node, scope throws(ImportError) in try pool(.maximum, node, scope) },
    .op("MaxPool3D") { node, scope throws(ImportError) in try pool(.maximum, node, scope) },
    .op("_FusedConv2D") { node, scope throws(ImportError) in
      guard try node.isChannelsLast() else { throw node.invalid("data_format", expected: "NHWC", found: "NCHW") }
      try scope.finishFused(try convolution(node, scope), node, after: 2)
    },
    .op("_FusedDepthwiseConv2dNative") { node, scope throws(ImportError) in
      try scope.finishFused(try depthwiseResult(node, scope), node, after: 2)
    },
  ]

  private static func pool(_ function: Pool.Function, _ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let isLast = try node.isChannelsLast()
    let op = Pool(
      function, kernel: try node.spatial("ksize", isChannelsLast: isLast),
      strides: try node.spatial("strides", isChannelsLast: isLast),
      padding: try node.padding(isChannelsLast: isLast))
    try scope.finish(isLast ? try scope.add(channelsLast: op, try node.input(0)) : try scope.add(op, try node.input(0)))
  }

  /// The weight is `[k…, C/groups, OC]`.
  private static func convolution(_ node: TFCall, _ scope: TFScope) throws(ImportError) -> Value.ID {
    let isLast = try node.isChannelsLast()
    let rank = try scope.rank(of: try node.input(1))
    let weight = try scope.permuted(try node.input(1), by: [rank - 1, rank - 2] + Array(0..<max(rank - 2, 0)))
    return try convolution(node, scope, weight: weight, isLast: isLast)
  }

  private static func convolution(
    _ node: TFCall, _ scope: TFScope, weight: Value.ID, isLast: Bool
  ) throws(ImportError) -> Value.ID {
    let strides = try node.spatial("strides", isChannelsLast: isLast)
    let dilations = try node.spatial("dilations", isChannelsLast: isLast)
    let padding = try node.padding(isChannelsLast: isLast)
    let x = try node.input(0)
    guard !isLast else {
      return try scope.convolution(x, weight: weight, bias: nil, strides: strides, dilations: dilations, padding: padding)
    }
    let rank = try scope.rank(of: x)
    let back = try scope.channelsLast(x, rank: rank)
    let y = try scope.convolution(back, weight: weight, bias: nil, strides: strides, dilations: dilations, padding: padding)
    return try scope.channelsFirst(y)
  }

  private static func depthwise(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    try scope.finish(try depthwiseResult(node, scope))
  }

  /// The weight is `[h, w, C, multiplier]`.
  private static func depthwiseResult(_ node: TFCall, _ scope: TFScope) throws(ImportError) -> Value.ID {
    let isLast = try node.isChannelsLast()
    let weight = try node.input(1)
    let sizes = try scope.sizes(of: weight)
    guard sizes.count == 4 else {
      throw ImportError(.invalidShape, "the weight has the wrong rank", expected: "4", found: "\(sizes.count)")
    }
    let turned = try scope.permuted(weight, by: [2, 3, 0, 1])
    let shape = [-1, 1, sizes[0], sizes[1]]
    let grouped: Value.ID
    if let tensor = scope.graph.constant(turned) {
      let count = sizes[2].saturatingMultiply(sizes[3])
      grouped = scope.constant(
        try scope.converting { () throws(GraphError) in try tensor.reshaped([count, 1, sizes[0], sizes[1]]) },
        name: scope.graph[turned].name)
    } else {
      grouped = try scope.add(Reshape(allowsZero: true), turned, try scope.constant(shape.map { Int64($0) }))
    }
    return try convolution(node, scope, weight: grouped, isLast: isLast)
  }

  /// Inputs: the result's shape, the weight `[k…, OC, C]`, the image. What the shape leaves over is the padding.
  private static func transposed(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let isLast = try node.isChannelsLast()
    let rank = try scope.rank(of: try node.input(1))
    let weight = try scope.permuted(try node.input(1), by: [rank - 1, rank - 2] + Array(0..<max(rank - 2, 0)))
    _ = try node.padding(isChannelsLast: isLast)
    let dilations = try node.spatial("dilations", isChannelsLast: isLast)
    let first: Int64 = isLast ? 1 : 2
    let shape = try scope.add(
      Slice(), try scope.wide(try node.input(0)), try scope.constant([first]), try scope.constant([first + Int64(rank) - 2]))
    let op = ConvolutionTranspose(
      strides: try node.spatial("strides", isChannelsLast: isLast), dilations: dilations, padding: .sameUpper)
    let x = try node.input(2)
    try scope.finish(
      isLast ? try scope.add(channelsLast: op, x, weight, nil, shape) : try scope.add(op, x, weight, nil, shape))
  }
}
