import MNNGraph

/// One number, or truth value, from many.
enum TFLiteReductions {
  static let operators: [TFLiteOperator] = [
    reduction("MEAN", .mean),
    truth("REDUCE_ALL", .minimum),
    truth("REDUCE_ANY", .maximum),
    reduction("REDUCE_MAX", .maximum),
    reduction("REDUCE_MIN", .minimum),
    reduction("REDUCE_PROD", .product),
    reduction("SUM", .sum),
  ]

  private static func reduction(_ name: String, _ function: Reduce.Function) -> TFLiteOperator {
    .op(name) { node, scope throws(ImportError) in
      try scope.finish(
        try scope.reduced(
          function, try node.input(0), axes: try node.input(1), keepsDimensions: try node.flag("keep_dims")))
    }
  }

  private static func truth(_ name: String, _ function: Reduce.Function) -> TFLiteOperator {
    .op(name) { node, scope throws(ImportError) in
      try scope.finish(
        try scope.holds(function, try node.input(0), axes: try node.input(1), keepsDimensions: try node.flag("keep_dims")))
    }
  }
}
