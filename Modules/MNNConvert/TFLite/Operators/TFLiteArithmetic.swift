import MNNGraph

/// Element-wise functions of one, two or more values.
enum TFLiteArithmetic {
  static let operators: [TFLiteOperator] = [
    unary("ABS", .absolute),
    fused("ADD", .add),
    .op("ADD_N") { node, scope throws(ImportError) in
      var sum = try node.input(0)
      for input in try node.allInputs().dropFirst() { sum = try scope.add(Binary(.add), sum, input) }
      try scope.finish(sum)
    },
    binary("ATAN2", .atan2),
    binary("BITWISE_XOR", .bitwiseXor),
    .op("CAST") { node, scope throws(ImportError) in
      node.ignore("in_data_type")
      try scope.append(Cast(to: try node.dtype("out_data_type", default: scope.dtype(output: 0, of: node))))
    },
    unary("CEIL", .ceil),
    unary("COS", .cos),
    fused("DIV", .divide),
    unary("ELU", .elu(alpha: 1)),
    comparison("EQUAL", .equal),
    unary("EXP", .exp),
    unary("FLOOR", .floor),
    binary("FLOOR_DIV", .floorDivide),
    binary("FLOOR_MOD", .modulo),
    .op("GELU") { node, scope throws(ImportError) in
      try scope.append(Unary(try node.flag("approximate") ? .geluTanh : .gelu))
    },
    comparison("GREATER", .greater),
    comparison("GREATER_EQUAL", .greaterOrEqual),
    unary("HARD_SWISH", .hardSwish),
    .op("LEAKY_RELU") { node, scope throws(ImportError) in
      try scope.append(Unary(.leakyRelu(slope: try node.float("alpha"))))
    },
    comparison("LESS", .less),
    comparison("LESS_EQUAL", .lessOrEqual),
    unary("LOG", .log),
    binary("LOGICAL_AND", .and),
    unary("LOGICAL_NOT", .not),
    binary("LOGICAL_OR", .or),
    unary("LOGISTIC", .sigmoid),
    binary("MAXIMUM", .maximum),
    binary("MINIMUM", .minimum),
    fused("MUL", .multiply),
    unary("NEG", .negate),
    comparison("NOT_EQUAL", .notEqual),
    binary("POW", .power),
    .op("PRELU") { _, scope throws(ImportError) in try scope.append(ParametricRelu()) },
    unary("RELU", .relu),
    unary("RELU6", .clip(minimum: 0, maximum: 6)),
    unary("RELU_0_TO_1", .clip(minimum: 0, maximum: 1)),
    unary("RELU_N1_TO_1", .clip(minimum: -1, maximum: 1)),
    binary("RIGHT_SHIFT", .shiftRight),
    unary("ROUND", .round),
    unary("RSQRT", .rsqrt),
    unary("SIGN", .sign),
    unary("SIN", .sin),
    unary("SQRT", .sqrt),
    unary("SQUARE", .square),
    binary("SQUARED_DIFFERENCE", .squaredDifference),
    fused("SUB", .subtract),
    unary("TANH", .tanh),
  ]

  private static func unary(_ name: String, _ function: ScalarFunction) -> TFLiteOperator {
    .op(name) { _, scope throws(ImportError) in try scope.append(Unary(function)) }
  }

  private static func binary(_ name: String, _ function: Binary.Function) -> TFLiteOperator {
    .op(name) { _, scope throws(ImportError) in try scope.append(Binary(function)) }
  }

  /// With a function that is applied to the result.
  private static func fused(_ name: String, _ function: Binary.Function) -> TFLiteOperator {
    .op(name) { node, scope throws(ImportError) in
      node.ignore("pot_scale_int16")  // how the reference rounds in between
      try scope.finish(activated: try scope.add(Binary(function), try node.input(0), try node.input(1)), node)
    }
  }

  private static func comparison(_ name: String, _ function: Comparison.Function) -> TFLiteOperator {
    .op(name) { _, scope throws(ImportError) in try scope.append(Comparison(function)) }
  }
}

extension TFLiteScope {
  /// The element type that the file states for a result.
  func dtype(output index: Int, of node: TFLiteCall) throws(ImportError) -> DType {
    guard index < node.node.outputs.count, node.node.outputs[index] >= 0 else { return .float32 }
    let info = subgraph.tensors[node.node.outputs[index]]
    return try DType(tflite: info.type, of: "tensor \"\(info.name)\"")
  }
}
