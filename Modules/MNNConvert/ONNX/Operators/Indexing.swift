import MNNGraph

/// Operators that pick, place or order elements by index.
enum ONNXIndexing {
  static let operators: [ONNXOperator] = [
    .op("Compress") { node, scope throws(ImportError) in try scope.append(Compress(axis: try node.int("axis"))) },
    .op("CumProd") { node, scope throws(ImportError) in
      let isExclusive = try node.flag("exclusive", default: false)
      try scope.append(CumProd(isExclusive: isExclusive, isReversed: try node.flag("reverse", default: false)))
    },
    .op("CumSum") { node, scope throws(ImportError) in
      let isExclusive = try node.flag("exclusive", default: false)
      try scope.append(CumSum(isExclusive: isExclusive, isReversed: try node.flag("reverse", default: false)))
    },
    .op("EyeLike") { node, scope throws(ImportError) in
      try scope.append(EyeLike(diagonal: try node.int("k", default: 0), dtype: try node.dtype("dtype")))
    },
    .op("Gather") { node, scope throws(ImportError) in try scope.append(Gather(axis: try node.int("axis", default: 0))) },
    .op("GatherElements") { node, scope throws(ImportError) in
      try scope.append(GatherElements(axis: try node.int("axis", default: 0)))
    },
    .op("GatherND") { node, scope throws(ImportError) in
      try scope.append(GatherND(batchAxes: try node.int("batch_dims", default: 0)))
    },
    .op("NonZero") { _, scope throws(ImportError) in try scope.append(NonZero()) },
    .op("OneHot") { node, scope throws(ImportError) in try scope.append(OneHot(axis: try node.int("axis", default: -1))) },
    .op("ReverseSequence") { node, scope throws(ImportError) in
      let batchAxis = try node.int("batch_axis", default: 1)
      try scope.append(ReverseSequence(batchAxis: batchAxis, timeAxis: try node.int("time_axis", default: 0)))
    },
    .op("Scatter", scatterElements),
    .op("ScatterElements", scatterElements),
    .op("ScatterND") { node, scope throws(ImportError) in try scope.append(ScatterND(reduction: try reduction(node))) },
    .op("Size") { _, scope throws(ImportError) in try scope.append(SizeOf()) },
    .op("TensorScatter") { node, scope throws(ImportError) in
      let axis = try node.int("axis", default: -2)
      let modes = ["linear": false, "circular": true]
      try scope.append(TensorScatter(axis: axis, isCircular: try node.choice("mode", default: "linear", modes)))
    },
    .op("TopK", since: [1: topKByAttribute, 10: topK]),
    .op("Trilu") { node, scope throws(ImportError) in
      try scope.append(Trilu(isUpper: try node.flag("upper", default: true)))
    },
    .op("Unique") { node, scope throws(ImportError) in
      try scope.append(Unique(axis: try node.int("axis"), isSorted: try node.flag("sorted", default: true)))
    },
  ]

  private static func scatterElements(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let axis = try node.int("axis", default: 0)
    try scope.append(ScatterElements(axis: axis, reduction: try reduction(node)))
  }

  private static func reduction(_ node: ONNXCall) throws(ImportError) -> ScatterReduction {
    switch try node.string("reduction", default: "none") {
    case "none": return .replace
    case "add": return .add
    case "mul": return .multiply
    case "max": return .maximum
    case "min": return .minimum
    case let other: throw node.invalid("reduction", expected: "none, add, mul, max or min", found: other)
    }
  }

  private static func topKByAttribute(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let k = try node.required("k", try node.int("k"))
    let op = TopK(axis: try node.int("axis", default: -1))
    try scope.append(op, try node.input(0), try scope.constant([Int64(k)]))
  }

  private static func topK(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("sorted")  // 0 allows any order
    let axis = try node.int("axis", default: -1)
    try scope.append(TopK(axis: axis, takesLargest: try node.flag("largest", default: true)))
  }
}
