import MNNGraph

/// Operators between numbers and how they are stored. What quantized tensors stand for is known to the scope: these have little to do.
enum TFLiteQuantizationOperators {
  static let operators: [TFLiteOperator] = [
    // A sparse tensor is loaded with its zeros.
    .stored("DENSIFY") { node, scope throws(ImportError) in try scope.finish(try node.input(0)) },
    .op("DEQUANTIZE") { node, scope throws(ImportError) in
      let x = try node.input(0)
      guard scope.type(of: x)?.dtype != .float32 else { return try scope.finish(x) }
      // Weights in half precision stay as they are as long as what uses them can take them.
      guard scope.graph.constant(x) != nil else { return try scope.append(Cast(to: .float32), x) }
      try scope.finish(try scope.addUnfolded(Cast(to: .float32), [x]))
    },
    .op("FAKE_QUANT", fakeQuantization),
    .op("QUANTIZE") { node, scope throws(ImportError) in try scope.finish(try node.input(0)) },
  ]

  private static func fakeQuantization(_ node: TFLiteCall, _ scope: TFLiteScope) throws(ImportError) {
    let (minimum, maximum) = (try node.float("min"), try node.float("max"))
    let bits = try node.int("num_bits", default: 8)
    try scope.finish(
      try scope.fakeQuantized(
        try node.input(0), minimum: minimum, maximum: maximum, bits: bits, isNarrow: try node.flag("narrow_range")))
  }
}
