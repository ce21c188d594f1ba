import MNNGraph

/// Operators that pick or place elements by index.
enum ONNXIndexing {
  static let operators: [ONNXOperator] = [
    .op("Gather") { node, scope throws(ImportError) in try scope.append(Gather(axis: try node.int("axis", default: 0))) },
    .op("GatherElements") { node, scope throws(ImportError) in
      try scope.append(GatherElements(axis: try node.int("axis", default: 0)))
    },
    .op("GatherND") { node, scope throws(ImportError) in
      try scope.append(GatherND(batchAxes: try node.int("batch_dims", default: 0)))
    },
    .op("OneHot") { node, scope throws(ImportError) in try scope.append(OneHot(axis: try node.int("axis", default: -1))) },
    .op("Size") { _, scope throws(ImportError) in try scope.append(SizeOf()) },
  ]
}
