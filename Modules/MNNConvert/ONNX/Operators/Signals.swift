import MNNGraph

/// Spectra of signals.
enum ONNXSignals {
  static let operators: [ONNXOperator] = [
    window("BlackmanWindow", .blackman),
    .op("DFT", since: [17: transformAlongAttribute, 20: transform]),
    window("HammingWindow", .hamming),
    window("HannWindow", .hann),
    .op("MelWeightMatrix") { node, scope throws(ImportError) in
      try scope.append(MelWeightMatrix(dtype: try node.dtype("output_datatype") ?? .float32))
    },
    .op("STFT") { node, scope throws(ImportError) in
      try scope.append(STFT(isOneSided: try node.flag("onesided", default: true)))
    },
  ]

  private static func window(_ name: String, _ function: WindowFunction.Function) -> ONNXOperator {
    .op(name) { node, scope throws(ImportError) in
      let isPeriodic = try node.flag("periodic", default: true)
      try scope.append(
        WindowFunction(function, isPeriodic: isPeriodic, dtype: try node.dtype("output_datatype") ?? .float32))
    }
  }

  private static func transform(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    try scope.append(try dft(node))
  }

  /// Before opset 20 the axis is an attribute.
  private static func transformAlongAttribute(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let op = try dft(node)
    let axis = try scope.constant(Int64(try node.int("axis", default: 1)))
    try scope.append(op, try node.input(0), node.optionalInput(1), axis)
  }

  private static func dft(_ node: ONNXCall) throws(ImportError) -> DFT {
    let isInverse = try node.flag("inverse", default: false)
    return DFT(isInverse: isInverse, isOneSided: try node.flag("onesided", default: false))
  }
}
