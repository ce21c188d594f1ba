import MNNGraph

/// Constants, shapes, and what only moves or renames elements.
enum TFLiteShapes {
  static let operators: [TFLiteOperator] = [
    .moving("BATCH_TO_SPACE_ND") { node, scope throws(ImportError) in
      let (block, crops) = (try required(scope, 1), try required(scope, 2))
      try scope.finish(try scope.batchToSpace(try node.input(0), block: block, crops: crops))
    },
    .op("BITCAST") { node, scope throws(ImportError) in
      try scope.append(BitCast(to: try scope.dtype(output: 0, of: node)), try node.input(0))
    },
    .stored("BROADCAST_ARGS") { node, scope throws(ImportError) in
      let (a, b) = (try scope.integers(input: 0), try scope.integers(input: 1))
      let shape = try scope.converting { () throws(GraphError) in try broadcastShape(Shape(a ?? []), Shape(b ?? [])) }
      let sizes = (shape.sizes ?? []).map { Int64($0) }
      try scope.finish(try scope.add(Cast(to: try scope.dtype(output: 0, of: node)), try scope.constant(sizes)))
    },
    .moving("BROADCAST_TO") { node, scope throws(ImportError) in
      try scope.append(Expand(), try node.input(0), try node.input(1))
    },
    .moving("CONCATENATION") { node, scope throws(ImportError) in
      let joined = try scope.add(
        results: Concat(axis: try node.int("axis", default: 0)), try node.allInputs().map { $0 })
      try scope.finish(activated: joined[0], node)
    },
    .moving("DEPTH_TO_SPACE") { node, scope throws(ImportError) in
      let op = DepthToSpace(blockSize: try node.int("block_size", default: 0))
      try scope.finish(try scope.add(channelsLast: op, try node.input(0)))
    },
    .moving("EXPAND_DIMS") { node, scope throws(ImportError) in
      let axes = try scope.add(Reshape(), try node.input(1), try scope.constant([Int64(-1)]))
      try scope.append(Unsqueeze(), try node.input(0), axes)
    },
    .moving("FILL") { node, scope throws(ImportError) in try scope.append(Fill(), try node.input(1), try node.input(0)) },
    .moving("MIRROR_PAD") { node, scope throws(ImportError) in
      let mode: Pad.Mode = try node.int("mode", default: 0) == 0 ? .reflect : .symmetric
      try scope.append(Pad(mode: mode), try node.input(0), try pads(node, scope))
    },
    .moving("PACK") { node, scope throws(ImportError) in
      node.ignore("values_count")
      try scope.finish(try scope.stacked(try node.allInputs(), axis: try node.int("axis", default: 0)))
    },
    .moving("PAD") { node, scope throws(ImportError) in
      let x = try node.input(0)
      try scope.append(Pad(), x, try pads(node, scope), try scope.storedZero(of: node, like: x))
    },
    .moving("PADV2") { node, scope throws(ImportError) in
      try scope.append(Pad(), try node.input(0), try pads(node, scope), try node.input(2))
    },
    .op("RANGE") { _, scope throws(ImportError) in try scope.append(Arange()) },
    .stored("RANK") { node, scope throws(ImportError) in try scope.append(RankOf()) },
    .moving("RESHAPE", reshape),
    .moving("REVERSE_V2") { node, scope throws(ImportError) in
      try scope.finish(try scope.reversed(try node.input(0), axes: try required(scope, 1)))
    },
    .stored("SHAPE") { node, scope throws(ImportError) in
      try scope.append(ShapeOf(dtype: try node.int("out_type") == 4 ? .int64 : .int32))
    },
    .moving("SLICE") { node, scope throws(ImportError) in
      try scope.finish(try scope.slice(try node.input(0), begin: try node.input(1), size: try node.input(2)))
    },
    .moving("SPACE_TO_BATCH_ND") { node, scope throws(ImportError) in
      let (block, paddings) = (try required(scope, 1), try required(scope, 2))
      guard !node.isStored || scope.isStoredZero(of: node) || paddings.allSatisfy({ $0 == 0 }) else {
        throw ImportError(.invalidInput, "padding of quantized tensors whose zero point is not 0 is not supported here")
      }
      try scope.finish(try scope.spaceToBatch(try node.input(0), block: block, paddings: paddings))
    },
    .moving("SPACE_TO_DEPTH") { node, scope throws(ImportError) in
      let op = SpaceToDepth(blockSize: try node.int("block_size", default: 0))
      try scope.finish(try scope.add(channelsLast: op, try node.input(0)))
    },
    .moving("SPLIT") { node, scope throws(ImportError) in
      node.ignore("num_splits")
      try scope.append(Split(axis: try axis(scope, 0), count: node.node.outputs.count), try node.input(1))
    },
    .moving("SPLIT_V") { node, scope throws(ImportError) in
      node.ignore("num_splits")
      try scope.append(
        Split(axis: try axis(scope, 2), count: node.node.outputs.count), try node.input(0),
        try scope.splitLengths(try node.input(1), of: try node.input(0), axis: try axis(scope, 2)))
    },
    .moving("SQUEEZE") { node, scope throws(ImportError) in
      let axes = try node.ints("squeeze_dims") ?? []
      try scope.append(
        Squeeze(), try node.input(0), axes.isEmpty ? nil : try scope.constant(axes.map { Int64($0) }))
    },
    .moving("STRIDED_SLICE") { node, scope throws(ImportError) in
      guard try !node.flag("offset") else { throw node.invalid("offset", expected: "false", found: "true") }
      let masks = SliceMasks(
        begin: try node.int("begin_mask", default: 0), end: try node.int("end_mask", default: 0),
        ellipsis: try node.int("ellipsis_mask", default: 0), newAxis: try node.int("new_axis_mask", default: 0),
        shrinkAxis: try node.int("shrink_axis_mask", default: 0))
      try scope.finish(
        try scope.stridedSlice(
          try node.input(0), begin: try node.input(1), end: try node.input(2), strides: try node.input(3), masks: masks))
    },
    .moving("TILE") { node, scope throws(ImportError) in try scope.append(Tile(), try node.input(0), try node.input(1)) },
    .moving("TRANSPOSE") { node, scope throws(ImportError) in
      try scope.finish(try scope.permuted(try node.input(0), by: try required(scope, 1)))
    },
    .moving("UNPACK") { node, scope throws(ImportError) in
      node.ignore("num")
      let parts = try scope.unstacked(
        try node.input(0), axis: try node.int("axis", default: 0), count: node.node.outputs.count)
      try scope.finish(parts)
    },
    .op("ZEROS_LIKE") { node, scope throws(ImportError) in
      try scope.finish(try scope.filled(like: try node.input(0), with: 0))
    },
  ]

  private static func required(_ scope: TFLiteScope, _ index: Int) throws(ImportError) -> [Int] {
    guard let values = try scope.integers(input: index) else {
      throw ImportError(.invalidInput, "input \(index) is missing", expected: "a constant")
    }
    return values
  }

  private static func axis(_ scope: TFLiteScope, _ index: Int) throws(ImportError) -> Int {
    guard let axis = try required(scope, index).first else {
      throw ImportError(.invalidInput, "the axis is missing", expected: "one number")
    }
    return axis
  }

  /// A shape computed by the model, or the constant one; the field says the same where there is no input.
  private static func reshape(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    let stated = try node.ints("new_shape")
    let shape: Value.ID
    if let input = node.optionalInput(1) {
      shape = try scope.reshapeTarget(input)
    } else if let stated {
      shape = try scope.constant(stated.map { Int64($0) })
    } else {
      throw ImportError(.invalidInput, "the shape is missing", expected: "input 1 or new_shape")
    }
    try scope.append(Reshape(allowsZero: true), try node.input(0), shape)
  }

  /// The file pairs the amounts of each axis; here all before come first.
  static func pads(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) -> Value.ID {
    let pairs = try scope.wide(try node.input(1))
    return try scope.add(
      Reshape(), try scope.add(Transpose(permutation: [1, 0]), pairs), try scope.constant([Int64(-1)]))
  }
}

extension TFLiteScope {
  /// What padding is filled with where integers are moved as they are stored; nil for plain zeros.
  func storedZero(of call: TFLiteCall, like x: Value.ID) throws(ImportError) -> Value.ID? {
    guard call.isStored else { return nil }
    let info = try info(input: 0, of: call)
    guard info.isQuantized, let point = info.quantization?.zeroPoints.first, point != 0 else { return nil }
    return try constant(Double(point), like: x)
  }

  func isStoredZero(of call: TFLiteCall) -> Bool {
    guard let first = call.node.inputs.first, first >= 0 else { return true }
    return !subgraph.tensors[first].isQuantized || subgraph.tensors[first].quantization?.zeroPoints.first == 0
  }
}
