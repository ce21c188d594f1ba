import MNNGraph

/// What brings numbers into a range.
enum TFLiteNormalization {
  static let operators: [TFLiteOperator] = [
    .op("L2_NORMALIZATION") { node, scope throws(ImportError) in
      try scope.finish(activated: try scope.add(LpNormalization(axis: -1, p: 2), try node.input(0)), node)
    },
    .op("LOCAL_RESPONSE_NORMALIZATION") { node, scope throws(ImportError) in
      let size = try node.int("radius", default: 5).saturatingMultiply(2).saturatingAdd(1)
      // The format's factor is of every square, not of their mean.
      let op = LRN(
        size: size, alpha: try node.float("alpha") * Float(size), beta: try node.float("beta"), bias: try node.float("bias"))
      try scope.finish(try scope.add(channelsLast: op, try node.input(0)))
    },
    .op("LOG_SOFTMAX") { _, scope throws(ImportError) in try scope.append(LogSoftmax(axis: -1)) },
    .op("SOFTMAX") { node, scope throws(ImportError) in
      var x = try node.input(0)
      let beta = try node.float("beta", default: 1)
      if beta != 1 { x = try scope.add(Binary(.multiply), x, try scope.constant(Double(beta), like: x)) }
      try scope.append(Softmax(axis: -1), x)
    },
  ]
}
