import MNNGraph

/// Constants, shapes, and what only moves or renames elements.
enum ONNXShapes {
  static let operators: [ONNXOperator] = [
    .op(
      "Concat",
      since: [
        1: { node, scope throws(ImportError) in try scope.append(Concat(axis: try node.int("axis", default: 1))) },
        4: { node, scope throws(ImportError) in
          try scope.append(Concat(axis: try node.required("axis", try node.int("axis"))))
        },
      ]),
    .op("Constant", constant),
    .op("ConstantOfShape", constantOfShape),
    .op("DepthToSpace", depthToSpace),
    .op("Expand") { _, scope throws(ImportError) in try scope.append(Expand()) },
    .op("Flatten") { node, scope throws(ImportError) in
      try scope.append(Flatten(axis: try node.int("axis", default: 1)))
    },
    .op("Identity") { node, scope throws(ImportError) in
      if let structure = node.structures[0] { return try scope.finish(structure) }
      try scope.finish(try node.input(0))
    },
    .op(
      "Pad",
      since: [
        1: { node, scope throws(ImportError) in try padByAttribute(node, scope, name: "paddings") },
        2: { node, scope throws(ImportError) in try padByAttribute(node, scope, name: "pads") },
        11: { node, scope throws(ImportError) in try scope.append(Pad(mode: try padMode(node))) },
      ]),
    .op("Range") { node, scope throws(ImportError) in
      node.ignore("stash_type")
      try scope.append(Arange())
    },
    .op("Reshape", since: [1: reshapeByAttribute, 5: reshape]),
    .op("Shape") { node, scope throws(ImportError) in
      try scope.append(ShapeOf(start: try node.int("start", default: 0), end: try node.int("end")))
    },
    .op(
      "Slice",
      since: [
        1: sliceByAttributes, 10: { _, scope throws(ImportError) in try scope.append(Slice()) },
      ]),
    .op("SpaceToDepth") { node, scope throws(ImportError) in
      let size = try node.required("blocksize", try node.int("blocksize"))
      try scope.append(SpaceToDepth(blockSize: size, order: try blockOrder(node)))
    },
    .op("Split", split),
    .op(
      "Squeeze",
      since: [
        1: { node, scope throws(ImportError) in
          let axes = try node.ints("axes").map { axes throws(ImportError) in try scope.constant(axes.map { Int64($0) }) }
          try scope.append(Squeeze(), try node.input(0), axes)
        },
        13: { _, scope throws(ImportError) in try scope.append(Squeeze()) },
      ]),
    .op("Tile", since: [1: tileAlongAxis, 6: { _, scope throws(ImportError) in try scope.append(Tile()) }]),
    .op("Transpose", transpose),
    .op(
      "Unsqueeze",
      since: [
        1: { node, scope throws(ImportError) in
          let axes = try node.required("axes", try node.ints("axes")).map { Int64($0) }
          try scope.append(Unsqueeze(), try node.input(0), try scope.constant(axes))
        },
        13: { _, scope throws(ImportError) in try scope.append(Unsqueeze()) },
      ]),
  ]

  private static func constant(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let tensor: Tensor
    let name = node.node.outputs.first ?? ""
    if let value = try node.tensor("value") {
      return try scope.finish(scope.target.addConstant(value, try scope.importer.load(value), name: name))
    }
    if let value = try node.sparseTensor("sparse_value") {
      tensor = try scope.importer.load(value)
    } else if let value = try node.float("value_float") {
      tensor = try scope.converting { () throws(GraphError) in try Tensor(value) }
    } else if let values = try node.floats("value_floats") {
      tensor = try scope.converting { () throws(GraphError) in try Tensor(values) }
    } else if let value = try node.int("value_int") {
      tensor = try scope.converting { () throws(GraphError) in try Tensor(Int64(value)) }
    } else if let values = try node.ints("value_ints") {
      tensor = try scope.converting { () throws(GraphError) in try Tensor(values.map { Int64($0) }) }
    } else {
      throw ImportError(
        .invalidAttribute, "the constant has no number", expected: "value, sparse_value, value_float(s) or value_int(s)")
    }
    try scope.finish(scope.constant(tensor, name: name))
  }

  private static func constantOfShape(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let value: Value.ID
    if let tensor = try node.tensor("value") {
      value = scope.constant(try scope.importer.load(tensor))
    } else {
      value = try scope.constant(Float(0))
    }
    try scope.append(Fill(), value, try node.input(0))
  }

  private static func depthToSpace(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let size = try node.required("blocksize", try node.int("blocksize"))
    try scope.append(DepthToSpace(blockSize: size, order: try blockOrder(node)))
  }

  private static func blockOrder(_ node: ONNXCall) throws(ImportError) -> DepthToSpace.Order {
    switch try node.string("mode", default: "DCR") {
    case "DCR": return .blockFirst
    case "CRD": return .channelFirst
    case let other: throw node.invalid("mode", expected: "DCR or CRD", found: other)
    }
  }

  private static func padMode(_ node: ONNXCall) throws(ImportError) -> Pad.Mode {
    let name = try node.string("mode", default: "constant")
    guard let mode = Pad.Mode(rawValue: name), mode != .symmetric else {
      throw node.invalid("mode", expected: "constant, reflect, edge or wrap", found: name)
    }
    return mode
  }

  private static func padByAttribute(_ node: ONNXCall, _ scope: ONNXScope, name: String) throws(ImportError) {
    let pads = try node.required(name, try node.ints(name)).map { Int64($0) }
    let x = try node.input(0)
    let value = try scope.constant(Double(try node.float("value", default: 0)), like: x)
    try scope.append(Pad(mode: try padMode(node)), x, try scope.constant(pads), value)
  }

  private static func reshapeByAttribute(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("consumed_inputs")
    let shape = try node.required("shape", try node.ints("shape")).map { Int64($0) }
    try scope.append(Reshape(), try node.input(0), try scope.constant(shape))
  }

  private static func reshape(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    try scope.append(Reshape(allowsZero: try node.flag("allowzero", default: false)))
  }

  private static func sliceByAttributes(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let starts = try node.required("starts", try node.ints("starts")).map { Int64($0) }
    let ends = try node.required("ends", try node.ints("ends")).map { Int64($0) }
    let axes = try node.ints("axes").map { axes throws(ImportError) in try scope.constant(axes.map { Int64($0) }) }
    try scope.append(Slice(), try node.input(0), try scope.constant(starts), try scope.constant(ends), axes)
  }

  /// The lengths are an attribute before opset 13, an input since.
  private static func split(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let count = node.node.outputs.count
    if let wanted = try node.int("num_outputs"), wanted != count {
      throw node.invalid("num_outputs", expected: "\(count), the number of outputs", found: "\(wanted)")
    }
    let lengths = try node.ints("split").map { split throws(ImportError) in try scope.constant(split.map { Int64($0) }) }
    try scope.append(
      Split(axis: try node.int("axis", default: 0), count: count), try node.input(0), lengths ?? node.optionalInput(1))
  }

  /// Before opset 6: `tiles` copies along one `axis`, both inputs.
  private static func tileAlongAxis(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let rank = try scope.rank(of: try node.input(0))
    guard let tiles = try scope.integers(input: 1)?.first, let axis = try scope.integers(input: 2)?.first,
      axis >= 0, axis < rank
    else {
      throw ImportError(.invalidInput, "tiles and axis are missing", expected: "a number of copies and an axis")
    }
    var repeats = [Int64](repeating: 1, count: rank)
    repeats[axis] = Int64(tiles)
    try scope.append(Tile(), try node.input(0), try scope.constant(repeats))
  }

  private static func transpose(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let x = try node.input(0)
    if let permutation = try node.ints("perm") {
      try scope.append(Transpose(permutation: permutation))
    } else {
      try scope.append(ReverseAxes(), x)
    }
  }
}
