import MNNGraph

/// Constants, shapes, and what only moves or renames elements.
enum ONNXShapes {
  static let operators: [ONNXOperator] = [
    .op("Constant", constant),
    .op("Identity") { node, scope throws(ImportError) in try scope.finish(try node.input(0)) },
    .op("Reshape", since: [1: reshapeByAttribute, 5: reshape]),
    .op("Shape") { node, scope throws(ImportError) in
      try scope.append(ShapeOf(start: try node.int("start", default: 0), end: try node.int("end")))
    },
    .op("Transpose", transpose),
  ]

  private static func constant(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let tensor: Tensor
    if let value = try node.tensor("value") {
      tensor = try scope.importer.load(value)
    } else if let value = try node.sparseTensor("sparse_value") {
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
    try scope.finish(scope.constant(tensor, name: node.node.outputs.first ?? ""))
  }

  private static func reshapeByAttribute(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("consumed_inputs")
    let shape = try node.required("shape", try node.ints("shape")).map { Int64($0) }
    try scope.append(Reshape(), try node.input(0), try scope.constant(shape))
  }

  private static func reshape(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    try scope.append(Reshape(allowsZero: try node.flag("allowzero", default: false)))
  }

  private static func transpose(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let x = try node.input(0)
    if let permutation = try node.ints("perm") {
      try scope.append(Transpose(permutation: permutation))
    } else {
      try scope.append(Transpose(permutation: (0..<(try scope.rank(of: x))).reversed()))
    }
  }
}
