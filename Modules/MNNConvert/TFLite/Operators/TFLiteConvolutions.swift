import MNNGraph

/// Operators with a window that slides over the spatial axes. Images have their channels last.
enum TFLiteConvolutions {
  static let operators: [TFLiteOperator] = [
    .op("AVERAGE_POOL_2D") { node, scope throws(ImportError) in
      try scope.finish(activated: try scope.add(channelsLast: try pool(.average, node), try node.input(0)), node)
    },
    // The weight is [OC, h, w, C/groups].
    .op("CONV_2D") { node, scope throws(ImportError) in try convolution([0, 3, 1, 2], ["h", "w"], node, scope) },
    // The weight is [d, h, w, C, OC].
    .op("CONV_3D") { node, scope throws(ImportError) in try convolution([4, 3, 0, 1, 2], ["d", "h", "w"], node, scope) },
    .op("CONV_3D_TRANSPOSE") { node, scope throws(ImportError) in
      for axis in ["d", "h", "w"] {
        let dilation = try node.int("dilation_\(axis)_factor", default: 1)
        guard dilation == 1 else { throw node.invalid("dilation_\(axis)_factor", expected: "1", found: "\(dilation)") }
      }
      // The weight is [d, h, w, OC, C].
      try transposed([4, 3, 0, 1, 2], ["d", "h", "w"], node, scope)
    },
    // The weight is [1, h, w, C * multiplier].
    .op("DEPTHWISE_CONV_2D") { node, scope throws(ImportError) in
      node.ignore("depth_multiplier")  // follows from the weight
      try convolution([3, 0, 1, 2], ["h", "w"], node, scope)
    },
    .op("L2_POOL_2D") { node, scope throws(ImportError) in
      let squares = try scope.add(Unary(.square), try node.input(0))
      let mean = try scope.add(channelsLast: try pool(.average, node), squares)
      try scope.finish(activated: try scope.add(Unary(.sqrt), mean), node)
    },
    .op("MAX_POOL_2D") { node, scope throws(ImportError) in
      try scope.finish(activated: try scope.add(channelsLast: try pool(.maximum, node), try node.input(0)), node)
    },
    // The weight is [OC, h, w, C].
    .op("TRANSPOSE_CONV") { node, scope throws(ImportError) in try transposed([3, 0, 1, 2], ["h", "w"], node, scope) },
  ]

  private static func sizes(_ name: String, _ axes: [String], _ node: TFLiteCall, suffix: String = "") throws(ImportError)
    -> [Int]
  {
    var sizes: [Int] = []
    for axis in axes { sizes.append(try node.int(name + axis + suffix, default: 1)) }
    return sizes
  }

  private static func pool(_ function: Pool.Function, _ node: TFLiteCall) throws(ImportError) -> Pool {
    Pool(
      function, kernel: [try node.int("filter_height", default: 1), try node.int("filter_width", default: 1)],
      strides: try sizes("stride_", ["h", "w"], node), padding: try node.padding())
  }

  /// - Parameters:
  ///   - order: the axes of the weight as `[OC, C/groups, k…]`.
  ///   - axes: what the fields call the spatial axes.
  private static func convolution(
    _ order: [Int], _ axes: [String], _ node: TFLiteCall, _ scope: TFLiteScope
  ) throws(ImportError) {
    node.ignore("quantized_bias_type")
    let y = try scope.convolution(
      try node.input(0), weight: try scope.permuted(try node.input(1), by: order), bias: node.optionalInput(2),
      strides: try sizes("stride_", axes, node), dilations: try sizes("dilation_", axes, node, suffix: "_factor"),
      padding: try node.padding())
    try scope.finish(activated: y, node)
  }

  /// Inputs: the result's shape, the weight, the image, the bias. The padding is that of the convolution which this is the
  /// transpose of: what the shape leaves over.
  private static func transposed(
    _ order: [Int], _ axes: [String], _ node: TFLiteCall, _ scope: TFLiteScope
  ) throws(ImportError) {
    node.ignore("quantized_bias_type")
    _ = try node.padding()
    let shape = try scope.add(
      Slice(), try node.input(0), try scope.constant([Int64(1)]), try scope.constant([Int64(axes.count + 1)]))
    let op = ConvolutionTranspose(strides: try sizes("stride_", axes, node), padding: .sameUpper)
    let bias = node.node.inputs.count > 3 ? try scope.bias(node.node.inputs[3]) : nil
    let y = try scope.add(
      channelsLast: op, try node.input(2), try scope.permuted(try node.input(1), by: order), bias, shape)
    try scope.finish(activated: y, node)
  }
}
