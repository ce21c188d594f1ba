import MNNGraph

/// Operators with a window that slides over the spatial axes.
enum ONNXConvolutions {
  static let operators: [ONNXOperator] = [
    .op("AveragePool") { node, scope throws(ImportError) in
      try scope.append(try pool(.average, node, countsPadding: try node.flag("count_include_pad", default: false)))
    },
    .op("CausalConvWithState") { node, scope throws(ImportError) in
      let activations = ["none": false, "silu": true, "swish": true]
      try scope.append(CausalConvolution(appliesSilu: try node.choice("activation", default: "none", activations)))
    },
    .op("Col2Im") { node, scope throws(ImportError) in
      try scope.append(
        Col2Im(
          strides: try node.ints("strides", default: []), dilations: try node.ints("dilations", default: []),
          padding: try padding(node)))
    },
    .op("Conv", convolution),
    .op("ConvTranspose", transposedConvolution),
    .op("DeformConv") { node, scope throws(ImportError) in
      try checkKernel(node, scope)
      try scope.append(
        DeformableConvolution(
          strides: try node.ints("strides", default: []), dilations: try node.ints("dilations", default: []),
          groups: try node.int("group", default: 1), offsetGroups: try node.int("offset_group", default: 1),
          padding: try padding(node)))
    },
    .op(
      "LpPool",
      since: [
        1: { node, scope throws(ImportError) in
          let p = try node.float("p", default: 2)
          guard let power = Int(exactly: p) else { throw node.invalid("p", expected: "a whole number", found: "\(p)") }
          try scope.append(try pool(.norm(p: power), node))
        },
        2: { node, scope throws(ImportError) in
          try scope.append(try pool(.norm(p: try node.int("p", default: 2)), node))
        },
      ]),
    .op("MaxPool", maximumPool),
    .op("MaxUnpool") { node, scope throws(ImportError) in
      try scope.append(
        MaxUnpool(
          kernel: try node.required("kernel_shape", try node.ints("kernel_shape")),
          strides: try node.ints("strides", default: []), padding: try padding(node)))
    },
  ]

  private static func convolution(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    try checkKernel(node, scope)
    try scope.append(
      Convolution(
        strides: try node.ints("strides", default: []), dilations: try node.ints("dilations", default: []),
        groups: try node.int("group", default: 1), padding: try padding(node)))
  }

  private static func transposedConvolution(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    try checkKernel(node, scope)
    let shape = try node.ints("output_shape").flatMap { $0.isEmpty ? nil : $0 }
    var padding = try padding(node)
    // An output shape decides the padding; what is odd goes before unless auto_pad says SAME_UPPER.
    if shape != nil, padding != .sameUpper { padding = .sameLower }
    try scope.append(
      ConvolutionTranspose(
        strides: try node.ints("strides", default: []), dilations: try node.ints("dilations", default: []),
        groups: try node.int("group", default: 1), padding: padding,
        outputPadding: try node.ints("output_padding", default: []), outputShape: shape))
  }

  private static func maximumPool(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    var op = try pool(.maximum, node)
    op.columnMajorIndices = try node.flag("storage_order", default: false)
    if node.hasOutput(1) { op.indices = .int64 }
    try scope.append(op)
  }

  static func pool(
    _ function: Pool.Function, _ node: ONNXCall, countsPadding: Bool = false
  ) throws(ImportError) -> Pool {
    Pool(
      function, kernel: try node.required("kernel_shape", try node.ints("kernel_shape")),
      strides: try node.ints("strides", default: []), dilations: try node.ints("dilations", default: []),
      padding: try padding(node), rounding: try node.flag("ceil_mode", default: false) ? .ceil : .floor,
      countsPadding: countsPadding)
  }

  /// `pads` holds the amounts before all axes, then those after; `auto_pad` takes its place.
  static func padding(_ node: ONNXCall) throws(ImportError) -> SpatialPadding {
    let pads = try node.ints("pads", default: [])
    switch try node.string("auto_pad", default: "NOTSET") {
    case "NOTSET", "":
      guard pads.count % 2 == 0 else {
        throw node.invalid("pads", expected: "two numbers an axis", found: "\(pads.count) numbers")
      }
      return .explicit(before: Array(pads[..<(pads.count / 2)]), after: Array(pads[(pads.count / 2)...]))
    case "SAME_UPPER": return .sameUpper
    case "SAME_LOWER": return .sameLower
    case "VALID": return .valid
    case let other:
      throw node.invalid("auto_pad", expected: "NOTSET, SAME_UPPER, SAME_LOWER or VALID", found: other)
    }
  }

  /// The kernel's shape is that of the weight; the attribute only repeats it.
  static func checkKernel(_ node: ONNXCall, _ scope: ONNXScope, weight index: Int = 1) throws(ImportError) {
    guard let stated = try node.ints("kernel_shape"), !stated.isEmpty,
      let weight = scope.type(of: try node.input(index))?.shape.sizes
    else { return }
    guard Array(weight.dropFirst(2)) == stated else {
      throw node.invalid("kernel_shape", expected: "\(Array(weight.dropFirst(2))), as the weight", found: "\(stated)")
    }
  }
}
