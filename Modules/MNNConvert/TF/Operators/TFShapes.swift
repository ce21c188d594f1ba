import MNNGraph

/// Constants, shapes, and what only moves or renames elements.
enum TFShapes {
  static let operators: [TFOperator] =
    [
      .op("BatchToSpaceND") { node, scope throws(ImportError) in
        try scope.finish(
          try scope.batchToSpace(try node.input(0), block: try required(scope, 1), crops: try required(scope, 2)))
      },
      .op("Bitcast") { node, scope throws(ImportError) in
        try scope.append(BitCast(to: try node.required("type", try node.dtype("type"))))
      },
      .op("BroadcastArgs") { node, scope throws(ImportError) in
        let (a, b) = (try required(scope, 0), try required(scope, 1))
        let shape = try scope.converting { () throws(GraphError) in try broadcastShape(Shape(a), Shape(b)) }
        let sizes = try scope.constant((shape.sizes ?? []).map { Int64($0) })
        try scope.append(Cast(to: scope.type(of: try node.input(0))?.dtype ?? .int32), sizes)
      },
      .op("BroadcastTo") { _, scope throws(ImportError) in try scope.append(Expand()) },
      .op("Concat") { node, scope throws(ImportError) in
        try scope.append(Concat(axis: try axis(scope, 0)), Array(node.inputs.dropFirst()))
      },
      .op("ConcatV2") { node, scope throws(ImportError) in
        try scope.append(Concat(axis: try axis(scope, node.inputs.count - 1)), Array(node.inputs.dropLast()))
      },
      .op("Const", constant),
      .op("DepthToSpace") { node, scope throws(ImportError) in
        try blocks(DepthToSpace(blockSize: try node.int("block_size", default: 0)), node, scope)
      },
      .op("EnsureShape") { node, scope throws(ImportError) in
        node.ignore("shape")
        try scope.finish(try node.input(0))
      },
      .op("ExpandDims") { node, scope throws(ImportError) in
        let axes = try scope.add(Reshape(), try node.input(1), try scope.constant([Int64(-1)]))
        try scope.append(Unsqueeze(), try node.input(0), axes)
      },
      .op("Fill") { node, scope throws(ImportError) in try scope.append(Fill(), try node.input(1), try node.input(0)) },
      .op("IdentityN") { node, scope throws(ImportError) in try scope.finish(values: node.values) },
      .op("MirrorPad") { node, scope throws(ImportError) in
        let mode: Pad.Mode = try node.string("mode", default: "REFLECT") == "SYMMETRIC" ? .symmetric : .reflect
        try scope.append(Pad(mode: mode), try node.input(0), try pads(node, scope))
      },
      .op("OnesLike") { node, scope throws(ImportError) in
        try scope.finish(try scope.filled(like: try node.input(0), with: 1))
      },
      .op("Pack") { node, scope throws(ImportError) in
        try scope.finish(try scope.stacked(try node.allInputs(), axis: try node.int("axis", default: 0)))
      },
      .op("Pad") { node, scope throws(ImportError) in try scope.append(Pad(), try node.input(0), try pads(node, scope)) },
      .op("PadV2") { node, scope throws(ImportError) in
        try scope.append(Pad(), try node.input(0), try pads(node, scope), try node.input(2))
      },
      .op("Placeholder", placeholder),
      .op("Range") { _, scope throws(ImportError) in try scope.append(Arange()) },
      .op("Rank") { _, scope throws(ImportError) in try scope.append(RankOf()) },
      .op("Reshape") { node, scope throws(ImportError) in
        try scope.append(Reshape(allowsZero: true), try node.input(0), try scope.reshapeTarget(try node.input(1)))
      },
      .op("ReverseV2") { node, scope throws(ImportError) in
        try scope.finish(try scope.reversed(try node.input(0), axes: try required(scope, 1)))
      },
      .op("Shape") { node, scope throws(ImportError) in
        try scope.append(ShapeOf(dtype: try node.dtype("out_type") ?? .int32))
      },
      .op("ShapeN") { node, scope throws(ImportError) in
        let dtype = try node.dtype("out_type") ?? .int32
        var shapes: [Value.ID] = []
        for input in try node.allInputs() { shapes.append(try scope.add(ShapeOf(dtype: dtype), input)) }
        try scope.finish(shapes)
      },
      .op("Size") { node, scope throws(ImportError) in try scope.append(SizeOf(dtype: try node.dtype("out_type") ?? .int32)) },
      .op("Slice") { node, scope throws(ImportError) in
        try scope.finish(try scope.slice(try node.input(0), begin: try node.input(1), size: try node.input(2)))
      },
      .op("SpaceToBatchND") { node, scope throws(ImportError) in
        try scope.finish(
          try scope.spaceToBatch(try node.input(0), block: try required(scope, 1), paddings: try required(scope, 2)))
      },
      .op("SpaceToDepth") { node, scope throws(ImportError) in
        try blocks(SpaceToDepth(blockSize: try node.int("block_size", default: 0)), node, scope)
      },
      .op("Split") { node, scope throws(ImportError) in
        try scope.append(Split(axis: try axis(scope, 0), count: try count("num_split", node)), try node.input(1))
      },
      .op("SplitV") { node, scope throws(ImportError) in
        let own = try axis(scope, 2)
        let lengths = try scope.splitLengths(try node.input(1), of: try node.input(0), axis: own)
        try scope.append(Split(axis: own, count: try count("num_split", node)), try node.input(0), lengths)
      },
      .op("Squeeze") { node, scope throws(ImportError) in
        let (own, other) = (try node.ints("squeeze_dims"), try node.ints("axis"))
        let axes = own ?? other ?? []
        try scope.append(
          Squeeze(), try node.input(0), axes.isEmpty ? nil : try scope.constant(axes.map { Int64($0) }))
      },
      .op("StridedSlice") { node, scope throws(ImportError) in
        let masks = SliceMasks(
          begin: try node.int("begin_mask", default: 0), end: try node.int("end_mask", default: 0),
          ellipsis: try node.int("ellipsis_mask", default: 0), newAxis: try node.int("new_axis_mask", default: 0),
          shrinkAxis: try node.int("shrink_axis_mask", default: 0))
        try scope.finish(
          try scope.stridedSlice(
            try node.input(0), begin: try node.input(1), end: try node.input(2), strides: try node.input(3), masks: masks))
      },
      .op("Tile") { _, scope throws(ImportError) in try scope.append(Tile()) },
      .op("Transpose") { node, scope throws(ImportError) in
        try scope.finish(try scope.permuted(try node.input(0), by: try required(scope, 1)))
      },
      .op("Unpack") { node, scope throws(ImportError) in
        try scope.finish(
          try scope.unstacked(
            try node.input(0), axis: try node.int("axis", default: 0), count: try count("num", node)))
      },
      .op("ZerosLike") { node, scope throws(ImportError) in
        try scope.finish(try scope.filled(like: try node.input(0), with: 0))
      },
    ]
    + TFOperator.ops(
      "CheckNumerics", "CheckNumericsV2", "Identity", "PlaceholderWithDefault", "PreventGradient", "Snapshot", "StopGradient"
    ) { node, scope throws(ImportError) in
      node.ignore("shape")
      try scope.finish(values: Array(node.values.prefix(1)))
    }

  private static func constant(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let value = try node.required("value", try node.tensor("value"))
    try scope.finish(scope.constant(try scope.importer.load(value, named: node.name), name: node.name))
  }

  private static func placeholder(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    guard scope.outer == nil, scope.depth == 0 else {
      throw ImportError(.invalidGraph, "an input within a graph that is called", expected: "an argument of the function")
    }
    let dtype = try node.required("dtype", try node.dtype("dtype"))
    let type = try node.shape("shape").map { sizes in
      TensorType(
        dtype, Shape(sizes.enumerated().map { axis, size in size < 0 ? scope.importer.symbol(node.name, axis) : Dimension(size) })
      )
    }
    try scope.finish(scope.target.graph.addInput(node.name, type: type))
  }

  private static func required(_ scope: TFScope, _ index: Int) throws(ImportError) -> [Int] {
    guard let values = try scope.integers(input: index) else {
      throw ImportError(.invalidInput, "input \(index) is missing", expected: "a constant")
    }
    return values
  }

  private static func axis(_ scope: TFScope, _ index: Int) throws(ImportError) -> Int {
    guard let axis = try required(scope, index).first else {
      throw ImportError(.invalidInput, "the axis is missing", expected: "one number")
    }
    return axis
  }

  /// How many results there are.
  private static func count(_ name: String, _ node: TFCall) throws(ImportError) -> Int {
    let count = try node.int(name, default: 0)
    guard count > 0, count <= 1 << 16 else { throw node.invalid(name, expected: "1 to 65536", found: "\(count)") }
    return count
  }

  /// The file pairs the amounts of each axis; here all before come first.
  private static func pads(_ node: TFCall, _ scope: TFScope) throws(ImportError) -> Value.ID {
    let pairs = try scope.wide(try node.input(1))
    return try scope.add(
      Reshape(), try scope.add(Transpose(permutation: [1, 0]), pairs), try scope.constant([Int64(-1)]))
  }

  private static func blocks(_ op: any Operator, _ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let x = try node.input(0)
    try scope.finish(try node.isChannelsLast() ? try scope.add(channelsLast: op, x) : try scope.add(op, x))
  }
}
