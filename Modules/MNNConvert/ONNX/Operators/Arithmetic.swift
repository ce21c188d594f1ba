import MNNGraph

/// Element-wise functions of one, two or more values.
enum ONNXArithmetic {
  static let operators: [ONNXOperator] = [
    unary("Abs", .absolute),
    unary("Acos", .acos),
    unary("Acosh", .acosh),
    binary("Add", .add),
    binary("And", .and),
    unary("Asin", .asin),
    unary("Asinh", .asinh),
    unary("Atan", .atan),
    unary("Atanh", .atanh),
    .op("BitShift", bitShift),
    binary("BitwiseAnd", .bitwiseAnd),
    unary("BitwiseNot", .bitwiseNot),
    binary("BitwiseOr", .bitwiseOr),
    binary("BitwiseXor", .bitwiseXor),
    unary("Ceil", .ceil),
    unary("Cos", .cos),
    unary("Cosh", .cosh),
    binary("Div", .divide),
    unary("Exp", .exp),
    unary("Floor", .floor),
    unary("IsNaN", .isNaN),
    unary("Log", .log),
    .op("Max") { node, scope throws(ImportError) in try fold(.maximum, node, scope) },
    .op("Mean", mean),
    .op("Min") { node, scope throws(ImportError) in try fold(.minimum, node, scope) },
    .op("Mod", mod),
    binary("Mul", .multiply),
    unary("Neg", .negate),
    unary("Not", .not),
    binary("Or", .or),
    binary("Pow", .power),
    unary("Reciprocal", .reciprocal),
    unary("Round", .round),
    unary("Sign", .sign),
    unary("Sin", .sin),
    unary("Sinh", .sinh),
    unary("Sqrt", .sqrt),
    binary("Sub", .subtract),
    .op("Sum") { node, scope throws(ImportError) in try fold(.add, node, scope) },
    unary("Tan", .tan),
    binary("Xor", .xor),
  ]

  private static func unary(_ name: String, _ function: Unary.Function) -> ONNXOperator {
    .op(name) { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(function))
    }
  }

  private static func binary(_ name: String, _ function: Binary.Function) -> ONNXOperator {
    .op(name, since: [
      1: { node, scope throws(ImportError) in
        node.ignore("consumed_inputs")
        let b = try alignedOperand(node, scope)
        try scope.append(Binary(function), try node.input(0), b)
      },
      7: { _, scope throws(ImportError) in try scope.append(Binary(function)) },
    ])
  }

  /// Before opset 7 the second operand broadcasts only if `broadcast` says so, from `axis` on.
  static func alignedOperand(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) -> Value.ID {
    let b = try node.input(1)
    let axis = try node.int("axis")
    guard try node.flag("broadcast", default: false), let axis else { return b }
    let own = try scope.rank(of: b)
    let trailing = try scope.rank(of: try node.input(0)) - axis - own
    guard axis >= 0, trailing > 0 else { return b }
    let shape = [Int64](repeating: 0, count: own) + [Int64](repeating: 1, count: trailing)
    return try scope.add(Reshape(), b, try scope.constant(shape))
  }

  private static func fold(
    _ function: Binary.Function, _ node: ONNXCall, _ scope: ONNXScope
  ) throws(ImportError) {
    node.ignore("consumed_inputs")
    try scope.finish(try chain(function, node, scope))
  }

  /// The function over all inputs, from left to right.
  private static func chain(
    _ function: Binary.Function, _ node: ONNXCall, _ scope: ONNXScope
  ) throws(ImportError) -> Value.ID {
    var result = try node.input(0)
    for input in try node.allInputs().dropFirst() { result = try scope.add(Binary(function), result, input) }
    return result
  }

  private static func mean(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("consumed_inputs")
    let sum = try chain(.add, node, scope)
    try scope.append(Binary(.divide), sum, try scope.constant(Double(node.inputs.count), like: try node.input(0)))
  }

  private static func mod(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    try scope.append(Binary(try node.flag("fmod", default: false) ? .remainder : .modulo))
  }

  private static func bitShift(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    switch try node.required("direction", try node.string("direction")) {
    case "LEFT": try scope.append(Binary(.shiftLeft))
    case "RIGHT": try scope.append(Binary(.shiftRight))
    case let other: throw node.invalid("direction", expected: "LEFT or RIGHT", found: other)
    }
  }
}
