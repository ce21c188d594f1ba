import MNNGraph

/// Element-wise functions of one, two or more values.
enum TFArithmetic {
  static let operators: [TFOperator] = [
    unary("Abs", .absolute),
    unary("Acos", .acos),
    unary("Acosh", .acosh),
    binary("Add", .add),
    .op("AddN", addAll),
    binary("AddV2", .add),
    .op("ApproximateEqual") { node, scope throws(ImportError) in
      let distance = try scope.add(Unary(.absolute), try scope.add(Binary(.subtract), try node.input(0), try node.input(1)))
      let bound = try scope.constant(Double(try node.float("tolerance", default: 1e-5)), like: distance)
      try scope.append(Comparison(.less), distance, bound)
    },
    unary("Asin", .asin),
    unary("Asinh", .asinh),
    unary("Atan", .atan),
    binary("Atan2", .atan2),
    unary("Atanh", .atanh),
    .op("BiasAdd") { node, scope throws(ImportError) in
      let x = try node.input(0)
      var bias = try node.input(1)
      if try !node.isChannelsLast() {
        let rank = try scope.rank(of: x)
        if rank > 2 { bias = try scope.add(Unsqueeze(), bias, try scope.constant((1..<(rank - 1)).map { Int64($0) })) }
      }
      try scope.append(Binary(.add), x, bias)
    },
    binary("BitwiseAnd", .bitwiseAnd),
    binary("BitwiseOr", .bitwiseOr),
    binary("BitwiseXor", .bitwiseXor),
    .op("Cast") { node, scope throws(ImportError) in
      try scope.append(Cast(to: try node.required("DstT", try node.dtype("DstT"))))
    },
    unary("Ceil", .ceil),
    .op("ClipByValue") { node, scope throws(ImportError) in
      let low = try scope.add(Binary(.maximum), try node.input(0), try node.input(1))
      try scope.append(Binary(.minimum), low, try node.input(2))
    },
    unary("Cos", .cos),
    unary("Cosh", .cosh),
    binary("Div", .divide),
    .op("DivNoNan") { node, scope throws(ImportError) in
      let (a, b) = (try node.input(0), try node.input(1))
      let zero = try scope.constant(0, like: b)
      let isZero = try scope.add(Comparison(.equal), b, zero)
      let divisor = try scope.add(Select(), isZero, try scope.constant(1, like: b), b)
      try scope.append(Select(), isZero, zero, try scope.add(Binary(.divide), a, divisor))
    },
    unary("Elu", .elu(alpha: 1)),
    comparison("Equal", .equal),
    unary("Erf", .erf),
    unary("Erfc", .erfc),
    unary("Erfinv", .erfinv),
    unary("Exp", .exp),
    unary("Expm1", .expm1),
    unary("Floor", .floor),
    binary("FloorDiv", .floorDivide),
    binary("FloorMod", .modulo),
    comparison("Greater", .greater),
    comparison("GreaterEqual", .greaterOrEqual),
    unary("Inv", .reciprocal),
    unary("Invert", .bitwiseNot),
    .op("IsFinite") { node, scope throws(ImportError) in
      let size = try scope.add(Unary(.absolute), try node.input(0))
      try scope.append(Comparison(.less), size, try scope.constant(Double.infinity, like: size))
    },
    .op("IsInf") { node, scope throws(ImportError) in
      let size = try scope.add(Unary(.absolute), try node.input(0))
      try scope.append(Comparison(.equal), size, try scope.constant(Double.infinity, like: size))
    },
    unary("IsNan", .isNaN),
    .op("LeakyRelu") { node, scope throws(ImportError) in
      try scope.append(Unary(.leakyRelu(slope: try node.float("alpha", default: 0.2))))
    },
    binary("LeftShift", .shiftLeft),
    comparison("Less", .less),
    comparison("LessEqual", .lessOrEqual),
    unary("Log", .log),
    unary("Log1p", .log1p),
    binary("LogicalAnd", .and),
    unary("LogicalNot", .not),
    binary("LogicalOr", .or),
    binary("Maximum", .maximum),
    binary("Minimum", .minimum),
    binary("Mod", .remainder),
    binary("Mul", .multiply),
    .op("MulNoNan") { node, scope throws(ImportError) in
      let (a, b) = (try node.input(0), try node.input(1))
      let zero = try scope.constant(0, like: b)
      try scope.append(Select(), try scope.add(Comparison(.equal), b, zero), zero, try scope.add(Binary(.multiply), a, b))
    },
    unary("Neg", .negate),
    .op("NotEqual") { node, scope throws(ImportError) in
      node.ignore("incompatible_shape_error")
      try scope.append(Comparison(.notEqual))
    },
    binary("Pow", .power),
    .op("Prelu") { _, scope throws(ImportError) in try scope.append(ParametricRelu()) },
    binary("RealDiv", .divide),
    unary("Reciprocal", .reciprocal),
    unary("Relu", .relu),
    unary("Relu6", .clip(minimum: 0, maximum: 6)),
    binary("RightShift", .shiftRight),
    unary("Rint", .round),
    unary("Round", .round),
    unary("Rsqrt", .rsqrt),
    unary("Selu", .selu(alpha: 1.67326319217681884765625, gamma: 1.05070102214813232421875)),
    unary("Sigmoid", .sigmoid),
    unary("Sign", .sign),
    unary("Sin", .sin),
    unary("Sinh", .sinh),
    unary("Softplus", .softplus),
    unary("Softsign", .softsign),
    unary("Sqrt", .sqrt),
    unary("Square", .square),
    binary("SquaredDifference", .squaredDifference),
    binary("Sub", .subtract),
    unary("Tan", .tan),
    unary("Tanh", .tanh),
    binary("TruncateDiv", .divide),
    binary("TruncateMod", .remainder),
    .op("Xdivy") { node, scope throws(ImportError) in
      let (a, b) = (try node.input(0), try node.input(1))
      let zero = try scope.constant(0, like: a)
      try scope.append(Select(), try scope.add(Comparison(.equal), a, zero), zero, try scope.add(Binary(.divide), a, b))
    },
  ]

  private static func unary(_ name: String, _ function: ScalarFunction) -> TFOperator {
    .op(name) { _, scope throws(ImportError) in try scope.append(Unary(function)) }
  }

  private static func binary(_ name: String, _ function: Binary.Function) -> TFOperator {
    .op(name) { _, scope throws(ImportError) in try scope.append(Binary(function)) }
  }

  private static func comparison(_ name: String, _ function: Comparison.Function) -> TFOperator {
    .op(name) { node, scope throws(ImportError) in
      node.ignore("incompatible_shape_error")
      try scope.append(Comparison(function))
    }
  }

  private static func addAll(_ node: TFCall, _ scope: TFScope) throws(ImportError) {
    var sum = try node.input(0)
    for input in try node.allInputs().dropFirst() { sum = try scope.add(Binary(.add), sum, input) }
    try scope.finish(sum)
  }
}
