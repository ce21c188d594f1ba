import MNNGraph

/// One number, or truth value, from many.
enum TFReductions {
  static let operators: [TFOperator] = [
    truth("All", .minimum),
    truth("Any", .maximum),
    reduction("EuclideanNorm", .l2),
    reduction("Max", .maximum),
    reduction("Mean", .mean),
    reduction("Min", .minimum),
    reduction("Prod", .product),
    reduction("Sum", .sum),
  ]

  private static func reduction(_ name: String, _ function: Reduce.Function) -> TFOperator {
    .op(name) { node, scope throws(ImportError) in
      try scope.finish(
        try scope.reduced(
          function, try node.input(0), axes: try node.input(1), keepsDimensions: try node.flag("keep_dims")))
    }
  }

  private static func truth(_ name: String, _ function: Reduce.Function) -> TFOperator {
    .op(name) { node, scope throws(ImportError) in
      try scope.finish(
        try scope.holds(function, try node.input(0), axes: try node.input(1), keepsDimensions: try node.flag("keep_dims")))
    }
  }
}
