import MNNGraph

/// Operators of onnxruntime on quantized numbers: each is the operator on numbers between a dequantization and a
/// quantization.
enum ONNXMicrosoftQuantization {
  private static let domain = "com.microsoft"

  static let operators: [ONNXOperator] = [
    .op("DequantizeLinear", domain: domain, ONNXQuantization.dequantize),
    .op("DynamicQuantizeMatMul", domain: domain, dynamicProduct),
    .op("MatMulIntegerToFloat", domain: domain) { node, scope throws(ImportError) in
      let a = try number(node, scope, node.input(0), scale: 2, zero: 4, axis: -2)
      let b = try number(node, scope, node.input(1), scale: 3, zero: 5, axis: -1)
      let product = try scope.add(MatMul(), a, b)
      guard let bias = node.optionalInput(6) else { return try scope.finish(product) }
      try scope.append(Binary(.add), product, bias)
    },
    .op("QGemm", domain: domain, gemm),
    .op("QLinearAdd", domain: domain) { node, scope throws(ImportError) in try binary(.add, node, scope) },
    .op("QLinearAveragePool", domain: domain) { node, scope throws(ImportError) in
      try requireChannelsFirst(node)
      let op = try ONNXConvolutions.pool(.average, node, countsPadding: try node.flag("count_include_pad", default: false))
      try unary(op, node, scope)
    },
    .op("QLinearConcat", domain: domain, concatenation),
    .op("QLinearGlobalAveragePool", domain: domain) { node, scope throws(ImportError) in
      try requireChannelsFirst(node)
      let rank = try scope.rank(of: try node.input(0))
      let axes = try scope.constant((2..<max(rank, 2)).map { Int64($0) })
      let x = try number(node, scope, node.input(0), scale: 1, zero: 2)
      try finish(try scope.add(Reduce(.mean), x, axes), node, scope, scale: 3, zero: 4)
    },
    .op("QLinearLeakyRelu", domain: domain) { node, scope throws(ImportError) in
      try unary(Unary(.leakyRelu(slope: try node.float("alpha", default: 0.01))), node, scope)
    },
    .op("QLinearMul", domain: domain) { node, scope throws(ImportError) in try binary(.multiply, node, scope) },
    .op("QLinearSigmoid", domain: domain) { node, scope throws(ImportError) in try unary(Unary(.sigmoid), node, scope) },
    .op("QLinearSoftmax", domain: domain) { node, scope throws(ImportError) in
      let axis = try node.int("axis", default: -1)
      let isFlattening = try node.required("opset", try node.int("opset")) < 13
      try unary(isFlattening ? SoftmaxFlattening(.softmax, axis: axis) : Softmax(axis: axis), node, scope)
    },
    .op("QuantizeLinear", domain: domain, ONNXQuantization.quantize),
  ]

  /// A quantized input as numbers.
  private static func number(
    _ node: ONNXCall, _ scope: ONNXScope, _ x: Value.ID, scale: Int, zero: Int, axis: Int = 1
  ) throws(ImportError) -> Value.ID {
    let op = DequantizeLinear(granularity: QuantizationGranularity(axis: axis))
    return try scope.add(op, x, try node.input(scale), node.optionalInput(zero))
  }

  /// The node's output: numbers, quantized.
  private static func finish(
    _ y: Value.ID, _ node: ONNXCall, _ scope: ONNXScope, scale: Int, zero: Int
  ) throws(ImportError) {
    let dtype = scope.type(of: try node.input(0))?.dtype ?? .uint8
    try scope.append(QuantizeLinear(dtype: dtype), y, try node.input(scale), node.optionalInput(zero))
  }

  private static func unary(_ op: any Operator, _ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let x = try number(node, scope, node.input(0), scale: 1, zero: 2)
    try finish(try scope.add(op, x), node, scope, scale: 3, zero: 4)
  }

  private static func binary(
    _ function: Binary.Function, _ node: ONNXCall, _ scope: ONNXScope
  ) throws(ImportError) {
    let a = try number(node, scope, node.input(0), scale: 1, zero: 2)
    let b = try number(node, scope, node.input(3), scale: 4, zero: 5)
    try finish(try scope.add(Binary(function), a, b), node, scope, scale: 6, zero: 7)
  }

  private static func requireChannelsFirst(_ node: ONNXCall) throws(ImportError) {
    guard !(try node.flag("channels_last", default: false)) else {
      throw node.invalid("channels_last", expected: "0", found: "1")
    }
  }

  /// Scale and zero point of the result, then three inputs for each part.
  private static func concatenation(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    var parts: [Value.ID?] = []
    var index = 2
    while index < node.inputs.count {
      parts.append(try number(node, scope, node.input(index), scale: index + 1, zero: index + 2))
      index += 3
    }
    let op = Concat(axis: try node.required("axis", try node.int("axis")))
    let joined = try scope.add(results: op, parts)[0]
    let dtype = scope.type(of: try node.input(2))?.dtype ?? .uint8
    try scope.append(QuantizeLinear(dtype: dtype), joined, try node.input(0), node.optionalInput(1))
  }

  /// The bias is int32 on the scale of the products.
  private static func gemm(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let transposesB = try node.flag("transB", default: false)
    let op = MatMul(transposesA: try node.flag("transA", default: false), transposesB: transposesB)
    let a = try number(node, scope, node.input(0), scale: 1, zero: 2)
    let b = try number(node, scope, node.input(3), scale: 4, zero: 5, axis: transposesB ? 0 : 1)
    var y = try scope.add(op, a, b)
    if let bias = node.optionalInput(6) {
      let scale = try scope.add(Binary(.multiply), try node.input(1), try node.input(4))
      y = try scope.add(
        Binary(.add), y, try scope.add(Binary(.multiply), try scope.add(Cast(to: .float32), bias), scale))
    }
    let alpha = try node.float("alpha", default: 1)
    if alpha != 1 { y = try scope.add(Binary(.multiply), y, try scope.constant(alpha)) }
    guard node.optionalInput(7) != nil else { return try scope.finish(y) }
    try finish(y, node, scope, scale: 7, zero: 8)
  }

  private static func dynamicProduct(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let a = try scope.add(results: DynamicQuantizeLinear(), [try node.input(0)])
    let x = try scope.add(DequantizeLinear(), a[0], a[1], a[2])
    let b = try number(node, scope, node.input(1), scale: 2, zero: 3, axis: -1)
    let product = try scope.add(MatMul(), x, b)
    guard let bias = node.optionalInput(4) else { return try scope.finish(product) }
    try scope.append(Binary(.add), product, bias)
  }
}
