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
    .op("BitCast") { node, scope throws(ImportError) in
      try scope.append(BitCast(to: try node.required("to", try node.dtype("to"))))
    },
    .op("BitShift", bitShift),
    binary("BitwiseAnd", .bitwiseAnd),
    unary("BitwiseNot", .bitwiseNot),
    binary("BitwiseOr", .bitwiseOr),
    binary("BitwiseXor", .bitwiseXor),
    .op("Cast", since: [1: castByName, 6: cast]),
    .op("CastLike", castLike),
    unary("Ceil", .ceil),
    unary("Cos", .cos),
    unary("Cosh", .cosh),
    binary("Div", .divide),
    .op("Dropout", since: [1: dropout, 12: dropoutWithInputs]),
    comparison("Equal", .equal),
    unary("Exp", .exp),
    unary("Floor", .floor),
    comparison("Greater", .greater),
    comparison("GreaterOrEqual", .greaterOrEqual),
    .op("IsInf", isInfinite),
    unary("IsNaN", .isNaN),
    comparison("Less", .less),
    comparison("LessOrEqual", .lessOrEqual),
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
    .op("Where") { _, scope throws(ImportError) in try scope.append(Select()) },
    binary("Xor", .xor),
  ]

  private static func unary(_ name: String, _ function: ScalarFunction) -> ONNXOperator {
    .op(name) { node, scope throws(ImportError) in
      node.ignore("consumed_inputs")
      try scope.append(Unary(function))
    }
  }

  private static func binary(_ name: String, _ function: Binary.Function) -> ONNXOperator {
    broadcasting(name, Binary(function))
  }

  private static func comparison(_ name: String, _ function: Comparison.Function) -> ONNXOperator {
    broadcasting(name, Comparison(function))
  }

  private static func broadcasting(_ name: String, _ op: any Operator) -> ONNXOperator {
    .op(
      name,
      since: [
        1: { node, scope throws(ImportError) in
          node.ignore("consumed_inputs")
          let b = try alignedOperand(node, scope)
          try scope.append(op, try node.input(0), b)
        },
        7: { _, scope throws(ImportError) in try scope.append(op) },
      ])
  }

  /// Before opset 7 the second operand broadcasts only if `broadcast` says so, from `axis` on; negative, it counts from the end.
  static func alignedOperand(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) -> Value.ID {
    let b = try node.input(1)
    let axis = try node.int("axis")
    guard try node.flag("broadcast", default: false), let axis else { return b }
    let own = try scope.rank(of: b)
    let rank = try scope.rank(of: try node.input(0))
    guard axis >= -rank, axis <= rank else { throw node.invalid("axis", expected: "\(-rank) to \(rank)", found: "\(axis)") }
    let trailing = rank - (axis < 0 ? axis + rank : axis) - own
    guard trailing > 0 else { return b }
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

  private static func cast(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("saturate", "round_mode")  // of eight-bit floating point, which is no element type here
    try scope.append(Cast(to: try node.required("to", try node.dtype("to"))))
  }

  private static func castByName(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let name = try node.required("to", try node.string("to"))
    let types: [String: DType] = [
      "FLOAT": .float32, "UINT8": .uint8, "INT8": .int8, "UINT16": .uint16, "INT16": .int16, "INT32": .int32,
      "INT64": .int64, "BOOL": .bool, "FLOAT16": .float16, "DOUBLE": .float64, "UINT32": .uint32, "UINT64": .uint64,
    ]
    guard let dtype = types[name.uppercased()] else {
      throw node.invalid("to", expected: "the name of an element type", found: name)
    }
    try scope.append(Cast(to: dtype))
  }

  private static func castLike(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("saturate", "round_mode")
    try scope.append(CastLike())
  }

  /// Nothing is dropped when a model runs; the mask says so.
  private static func dropout(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    node.ignore("ratio", "is_test", "seed", "consumed_inputs")
    let x = try node.input(0)
    guard node.hasOutput(1) else { return try scope.finish(x) }
    let mask = try scope.add(Fill(), try scope.constant(true), try scope.add(ShapeOf(), x))
    try scope.finish([x, node.opset < 10 ? try scope.add(Cast(to: scope.type(of: x)?.dtype ?? .float32), mask) : mask])
  }

  private static func dropoutWithInputs(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    if node.optionalInput(2) != nil, try scope.integers(input: 2) != [0] {
      let ratio = try scope.constant(input: 1)
      let value = try scope.converting { () throws(GraphError) in try ratio?.scalars(as: Float.self).first ?? 0.5 }
      guard value == 0 else {
        throw ImportError(
          .invalidInput, "dropout in training mode is not supported", expected: "training_mode false", found: "true",
          advice: "export the model for inference")
      }
    }
    try dropout(node, scope)
  }

  private static func isInfinite(_ node: ONNXCall, _ scope: ONNXScope) throws(ImportError) {
    let x = try node.input(0)
    let detectsNegative = try node.flag("detect_negative", default: true)
    let detectsPositive = try node.flag("detect_positive", default: true)
    let infinity = try scope.constant(Double.infinity, like: x)
    switch (detectsNegative, detectsPositive) {
    case (true, true): try scope.append(Comparison(.equal), try scope.add(Unary(.absolute), x), infinity)
    case (false, true): try scope.append(Comparison(.equal), x, infinity)
    case (true, false): try scope.append(Comparison(.equal), try scope.add(Unary(.negate), x), infinity)
    case (false, false): try scope.append(Comparison(.greater), try scope.add(Unary(.absolute), x), infinity)
    }
  }
}
