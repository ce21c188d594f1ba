import MNNGraph

/// Operators between numbers and their quantized forms, and on the latter.
enum ONNXQuantization {
  static let operators: [ONNXOperator] = [
    .op("ConvInteger") { node, scope throws(ImportError) in
      try scope.append(ConvInteger(try convolution(node, scope, weight: 1)))
    },
    .op("DequantizeLinear", dequantize),
    .op("DynamicQuantizeLinear") { _, scope throws(ImportError) in try scope.append(DynamicQuantizeLinear()) },
    .op("MatMulInteger") { _, scope throws(ImportError) in try scope.append(MatMulInteger()) },
    .op("QLinearConv") { node, scope throws(ImportError) in
      try scope.append(QLinearConv(try convolution(node, scope, weight: 3)))
    },
    .op("QLinearMatMul") { _, scope throws(ImportError) in try scope.append(QLinearMatMul()) },
    .op("QuantizeLinear", quantize),
  ]

  private static func convolution(
    _ node: ONNXCall, _ scope: ONNXScope, weight: Int
  ) throws(ImportError) -> Convolution {
    try ONNXConvolutions.checkKernel(node, scope, weight: weight)
    return Convolution(
      strides: try node.ints("strides", default: []), dilations: try node.ints("dilations", default: []),
      groups: try node.int("group", default: 1), padding: try ONNXConvolutions.padding(node))
  }

  private static func granularity(_ node: ONNXCall) throws(ImportError) -> QuantizationGranularity {
    QuantizationGranularity(axis: try node.int("axis", default: 1), blockSize: try node.int("block_size", default: 0))
  }

  static func dequantize(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let op = DequantizeLinear(granularity: try granularity(node))
    guard let dtype = try node.outputType() else { return try scope.append(op) }
    try scope.append(Cast(to: dtype), try scope.add(results: op, node.inputs)[0])
  }

  static func quantize(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("saturate", "precision")  // of eight-bit floating point; of the division, which is never narrower
    var op = QuantizeLinear(granularity: try granularity(node))
    op.range = node.optionalInput(2).flatMap { scope.narrowRange(of: $0) }
    if let number = try node.int("output_dtype"), number != 0 {
      op.dtype = try DType(onnx: Int64(number), of: "attribute \"output_dtype\"")
      op.range = Int32(exactly: number).flatMap { ONNXElementType(rawValue: $0) }?.narrowRange ?? op.range
    }
    try scope.append(op)
  }
}

extension ONNXCall {
  /// The element type that `output_dtype` names; 0 stands for none.
  fileprivate func outputType() throws(ImportError) -> DType? {
    guard let number = try int("output_dtype"), number != 0 else { return nil }
    return try DType(onnx: Int64(number), of: "attribute \"output_dtype\"")
  }
}
