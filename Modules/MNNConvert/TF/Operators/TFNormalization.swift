import MNNGraph

/// What brings numbers into a range.
enum TFNormalization {
  static let operators: [TFOperator] =
    TFOperator.ops("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3") { node, scope throws(ImportError) in
      guard try !node.flag("is_training", default: true) else {
        throw node.invalid("is_training", expected: "false", found: "true")
      }
      let epsilon = try node.float("epsilon", default: 1e-4)
      let y: Value.ID
      if try node.isChannelsLast() {
        y = try scope.normalized(try node.input(0), [1, 2, 3, 4], node, epsilon: epsilon)
      } else {
        y = try scope.add(
          BatchNormalization(epsilon: epsilon), try node.input(0), try node.input(1), try node.input(2), try node.input(3),
          try node.input(4))
      }
      try scope.finish([y, try node.input(3), try node.input(4)])
    } + [
      .op("FakeQuantWithMinMaxArgs") { node, scope throws(ImportError) in
        try scope.finish(
          try scope.fakeQuantized(
            try node.input(0), minimum: try node.float("min", default: -6), maximum: try node.float("max", default: 6),
            bits: try node.int("num_bits", default: 8), isNarrow: try node.flag("narrow_range")))
      },
      .op("FakeQuantWithMinMaxVars") { node, scope throws(ImportError) in
        func bound(_ index: Int) throws(ImportError) -> Float {
          guard let tensor = try scope.constant(input: index) else {
            throw ImportError(.invalidInput, "input \(index) is missing")
          }
          return try scope.converting { () throws(GraphError) in try tensor.scalars(as: Float.self).first ?? 0 }
        }
        try scope.finish(
          try scope.fakeQuantized(
            try node.input(0), minimum: try bound(1), maximum: try bound(2), bits: try node.int("num_bits", default: 8),
            isNarrow: try node.flag("narrow_range")))
      },
      .op("L2Loss") { node, scope throws(ImportError) in
        let sum = try scope.add(Reduce(.sumSquare, keepsDimensions: false), try node.input(0))
        try scope.append(Binary(.multiply), sum, try scope.constant(0.5, like: sum))
      },
      .op("LRN") { node, scope throws(ImportError) in
        let size = try node.int("depth_radius", default: 5).saturatingMultiply(2).saturatingAdd(1)
        // The factor is of every square, not of their mean.
        let op = LRN(
          size: size, alpha: try node.float("alpha", default: 1) * Float(size), beta: try node.float("beta", default: 0.5),
          bias: try node.float("bias", default: 1))
        try scope.finish(try scope.add(channelsLast: op, try node.input(0)))
      },
      .op("LogSoftmax") { _, scope throws(ImportError) in try scope.append(LogSoftmax(axis: -1)) },
      .op("Softmax") { _, scope throws(ImportError) in try scope.append(Softmax(axis: -1)) },
    ]
}
