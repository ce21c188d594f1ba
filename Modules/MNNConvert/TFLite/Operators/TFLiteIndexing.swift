import MNNGraph

/// Picking and placing elements by indices.
enum TFLiteIndexing {
  static let operators: [TFLiteOperator] = [
    .op("ARG_MAX") { node, scope throws(ImportError) in try extreme(.maximum, node, scope) },
    .op("ARG_MIN") { node, scope throws(ImportError) in try extreme(.minimum, node, scope) },
    .op("CUMSUM") { node, scope throws(ImportError) in
      try scope.append(
        CumSum(isExclusive: try node.flag("exclusive"), isReversed: try node.flag("reverse")), try node.input(0),
        try node.input(1))
    },
    .moving("EMBEDDING_LOOKUP") { node, scope throws(ImportError) in
      try scope.append(Gather(axis: 0), try node.input(1), try node.input(0))
    },
    .moving("GATHER") { node, scope throws(ImportError) in
      try scope.finish(
        try scope.gather(
          try node.input(0), try node.input(1), axis: try node.int("axis", default: 0),
          batchAxes: try node.int("batch_dims", default: 0)))
    },
    .moving("GATHER_ND") { _, scope throws(ImportError) in try scope.append(GatherND()) },
    .op("MATRIX_DIAG") { node, scope throws(ImportError) in
      let x = try node.input(0)
      let wide = try scope.add(Unsqueeze(), x, try scope.constant([Int64(-1)]))
      try scope.append(Select(), try scope.diagonal(try scope.channelCount(of: x)), wide, try scope.constant(0, like: x))
    },
    .op("MATRIX_SET_DIAG") { node, scope throws(ImportError) in
      let (x, diagonal) = (try node.input(0), try node.input(1))
      let sizes = try scope.sizes(of: x, from: max(try scope.rank(of: x) - 2, 0))
      guard sizes.count == 2, sizes[0] == sizes[1] else {
        throw ImportError(.invalidShape, "only the diagonal of square matrices can be set", found: "\(sizes)")
      }
      let wide = try scope.add(Unsqueeze(), diagonal, try scope.constant([Int64(-1)]))
      try scope.append(Select(), try scope.diagonal(sizes[0]), wide, x)
    },
    .op("ONE_HOT") { node, scope throws(ImportError) in
      let values = try scope.stacked([try node.input(3), try node.input(2)], axis: 0)
      try scope.append(OneHot(axis: try node.int("axis", default: -1)), try node.input(0), try node.input(1), values)
    },
    .moving("REVERSE_SEQUENCE") { node, scope throws(ImportError) in
      let op = ReverseSequence(batchAxis: try node.int("batch_dim", default: 0), timeAxis: try node.int("seq_dim", default: 0))
      try scope.append(op, try node.input(0), try node.input(1))
    },
    .op("SCATTER_ND") { node, scope throws(ImportError) in
      let updates = try node.input(1)
      let base = try scope.add(Fill(), try scope.constant(0, like: updates), try node.input(2))
      try scope.append(ScatterND(reduction: .add), base, try node.input(0), updates)
    },
    .op("SELECT", select),
    .op("SELECT_V2") { _, scope throws(ImportError) in try scope.append(Select()) },
    .op("TOPK_V2") { _, scope throws(ImportError) in try scope.append(TopK(indexDType: .int32)) },
    segments("UNSORTED_SEGMENT_MAX", .maximum, Double(-Float.greatestFiniteMagnitude)),
    segments("UNSORTED_SEGMENT_MIN", .minimum, Double(Float.greatestFiniteMagnitude)),
    segments("UNSORTED_SEGMENT_PROD", .multiply, 1),
    segments("UNSORTED_SEGMENT_SUM", .add, 0),
    .op("WHERE") { node, scope throws(ImportError) in try scope.append(NonZero(givesRows: true)) },
  ]

  private static func extreme(
    _ function: ArgReduce.Function, _ node: TFLiteCall, _ scope: TFLiteScope
  ) throws(ImportError) {
    guard let axis = try scope.integers(input: 1)?.first else {
      throw ImportError(.invalidInput, "the axis is missing", expected: "one number")
    }
    let dtype = try node.dtype("output_type", default: .int64)
    try scope.append(
      ArgReduce(function, axis: axis, keepsDimensions: false, dtype: dtype == .float32 ? .int64 : dtype), try node.input(0))
  }

  /// A vector of conditions chooses whole slices.
  private static func select(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    var condition = try node.input(0)
    let (own, rank) = (try scope.rank(of: condition), try scope.rank(of: try node.input(1)))
    if own == 1, rank > 1 {
      condition = try scope.add(Unsqueeze(), condition, try scope.constant((1..<rank).map { Int64($0) }))
    }
    try scope.append(Select(), condition, try node.input(1), try node.input(2))
  }

  /// Rows gathered into the segments that they name.
  private static func segments(_ name: String, _ reduction: ScatterReduction, _ start: Double) -> TFLiteOperator {
    .op(name) { node, scope throws(ImportError) in
      let (x, ids) = (try node.input(0), try node.input(1))
      let own = try scope.rank(of: ids)
      let count = try scope.wide(try scope.add(Reshape(), try node.input(2), try scope.constant([Int64(1)])))
      let rest = try scope.add(ShapeOf(start: own), x)
      let shape = try scope.add(Concat(axis: 0), count, rest)
      let base = try scope.add(Fill(), try scope.constant(start, like: x), shape)
      let vectors = try scope.add(Unsqueeze(), ids, try scope.constant([Int64(-1)]))
      try scope.append(ScatterND(reduction: reduction), base, vectors, x)
    }
  }
}
