import MNNGraph

/// Picking and placing elements by indices.
enum TFIndexing {
  static let operators: [TFOperator] = [
    .op("ArgMax") { node, scope throws(ImportError) in try extreme(.maximum, node, scope) },
    .op("ArgMin") { node, scope throws(ImportError) in try extreme(.minimum, node, scope) },
    .op("Cumprod") { node, scope throws(ImportError) in
      try scope.append(CumProd(isExclusive: try node.flag("exclusive"), isReversed: try node.flag("reverse")))
    },
    .op("Cumsum") { node, scope throws(ImportError) in
      try scope.append(CumSum(isExclusive: try node.flag("exclusive"), isReversed: try node.flag("reverse")))
    },
    .op("Gather") { node, scope throws(ImportError) in
      try scope.append(Gather(axis: 0), try node.input(0), try node.input(1))
    },
    .op("GatherNd") { _, scope throws(ImportError) in try scope.append(GatherND()) },
    .op("GatherV2") { node, scope throws(ImportError) in
      guard let axis = try scope.integers(input: 2)?.first else {
        throw ImportError(.invalidInput, "the axis is missing", expected: "one number")
      }
      try scope.finish(
        try scope.gather(
          try node.input(0), try node.input(1), axis: axis, batchAxes: try node.int("batch_dims", default: 0)))
    },
    .op("MatrixBandPart", band),
    .op("MatrixDiag", diagonal),
    .op("MatrixDiagV3") { node, scope throws(ImportError) in
      node.ignore("align")
      guard try scope.integers(input: 1) == [0] else {
        throw ImportError(.invalidInput, "only the main diagonal is supported", expected: "k = 0")
      }
      try diagonal(node, scope)
    },
    .op("OneHot") { node, scope throws(ImportError) in
      let values = try scope.stacked([try node.input(3), try node.input(2)], axis: 0)
      try scope.append(OneHot(axis: try node.int("axis", default: -1)), try node.input(0), try node.input(1), values)
    },
    .op("ReverseSequence") { node, scope throws(ImportError) in
      let op = ReverseSequence(batchAxis: try node.int("batch_dim", default: 0), timeAxis: try node.int("seq_dim", default: 0))
      try scope.append(op, try node.input(0), try node.input(1))
    },
    .op("ScatterNd") { node, scope throws(ImportError) in
      let updates = try node.input(1)
      let base = try scope.add(Fill(), try scope.constant(0, like: updates), try node.input(2))
      try scope.append(ScatterND(reduction: .add), base, try node.input(0), updates)
    },
    .op("Select", select),
    .op("SelectV2") { _, scope throws(ImportError) in try scope.append(Select()) },
    .op("TensorScatterAdd") { _, scope throws(ImportError) in try scope.append(ScatterND(reduction: .add)) },
    .op("TensorScatterUpdate") { _, scope throws(ImportError) in try scope.append(ScatterND()) },
    .op("TopKV2") { node, scope throws(ImportError) in
      node.ignore("sorted")
      try scope.append(TopK(indexDType: try node.dtype("index_type") ?? .int32))
    },
    .op("Where") { _, scope throws(ImportError) in try scope.append(NonZero(givesRows: true)) },
  ]

  private static func extreme(_ function: ArgReduce.Function, _ node: TFCall, _ scope: TFScope) throws(ImportError) {
    guard let axis = try scope.integers(input: 1)?.first else {
      throw ImportError(.invalidInput, "the axis is missing", expected: "one number")
    }
    let op = ArgReduce(function, axis: axis, keepsDimensions: false, dtype: try node.dtype("output_type") ?? .int64)
    try scope.append(op, try node.input(0))
  }

  private static func band(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    guard let lower = try scope.integers(input: 1)?.first, let upper = try scope.integers(input: 2)?.first else {
      throw ImportError(.invalidInput, "the widths of the band are missing", expected: "two numbers")
    }
    var x = try node.input(0)
    if lower >= 0 { x = try scope.add(Trilu(isUpper: true), x, try scope.constant(-Int64(lower))) }
    if upper >= 0 { x = try scope.add(Trilu(isUpper: false), x, try scope.constant(Int64(upper))) }
    try scope.finish(x)
  }

  private static func diagonal(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    let x = try node.input(0)
    let wide = try scope.add(Unsqueeze(), x, try scope.constant([Int64(-1)]))
    try scope.append(Select(), try scope.diagonal(try scope.channelCount(of: x)), wide, try scope.constant(0, like: x))
  }

  /// A vector of conditions chooses whole slices.
  private static func select(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    var condition = try node.input(0)
    let (own, rank) = (try scope.rank(of: condition), try scope.rank(of: try node.input(1)))
    if own == 1, rank > 1 {
      condition = try scope.add(Unsqueeze(), condition, try scope.constant((1..<rank).map { Int64($0) }))
    }
    try scope.append(Select(), condition, try node.input(1), try node.input(2))
  }
}
