import MNNGraph

/// Functions of one, two and three tensors, element by element.
enum ElementwiseCodec {
  static let readers: [OperatorReader] = [
    .one(.BinaryOp, binary),
    .one(.Cast) { scope throws(FormatError) in
      let target = scope.main(Wire.CastParam.self).dstT
      guard let dtype = target.dtype else {
        throw FormatError(.attributeInvalid, "the type to cast to is not known", found: "\(target)")
      }
      let x = try scope.input(0)
      if let exact = scope.exactType() { return try scope.append(Cast(to: exact), x) }
      return try scope.append(Cast(to: dtype), target == .DT_BOOL ? scope.append(Cast(to: .bool), x) : x)
    },
    .one(.Eltwise, eltwise),
    .one(.Select) { scope throws(FormatError) in
      try scope.append(Select(), scope.input(0), scope.input(1), scope.input(2))
    },
    .one(.UnaryOp) { scope throws(FormatError) in
      let type = scope.main(Wire.UnaryOp.self).opType
      if type == .BNLL { return try scope.append(Unary(.softplus), scope.input(0)) }
      guard let function = unary.first(where: { $0.wire == type })?.function else {
        throw FormatError(.operatorUnsupported, "the function is not known", found: "\(type)")
      }
      return try scope.append(Unary(function), scope.input(0))
    },
  ]

  static let writers: [OperatorWriter] = [
    .write(Binary.self, if: { op, _, _ in wire(op.function) != nil && (op.activation == .identity || op.activation == .relu) }) {
      op, _, _ in
      encoded(wire(op.function) ?? .ADD, relu: op.activation == .relu)
    },
    .write(Cast.self) { op, _, _ in
      var cast = Wire.CastParam()
      cast.srcT = .DT_VARIANT
      cast.dstT = op.dtype == .bool ? .DT_BOOL : Wire.DataType(storing: op.dtype)
      return .make(.Cast, cast)
    },
    .write(Comparison.self) { op, _, _ in encoded(comparisons.first { $0.function == op.function }?.wire ?? .EQUAL) },
    .write(Select.self) { _, _, _ in .make(.Select) },
    .write(
      Unary.self,
      if: { op, _, _ in op.function == .softplus || unary.contains { $0.function == op.function } }
    ) {
      op, _, _ in
      var parameters = Wire.UnaryOp()
      parameters.opType = op.function == .softplus ? .BNLL : unary.first { $0.function == op.function }?.wire ?? .ABS
      parameters.T = .DT_FLOAT
      return .make(.UnaryOp, parameters)
    },
  ]

  // MARK: One tensor

  private static let unary: [(wire: Wire.UnaryOpOperation, function: ScalarFunction)] = [
    (.ABS, .absolute), (.ACOS, .acos), (.ACOSH, .acosh), (.ASIN, .asin), (.ASINH, .asinh), (.ATAN, .atan),
    (.ATANH, .atanh), (.CEIL, .ceil), (.COS, .cos), (.COSH, .cosh), (.ERF, .erf), (.ERFC, .erfc), (.ERFINV, .erfinv),
    (.EXP, .exp), (.EXPM1, .expm1), (.FLOOR, .floor), (.GELU, .geluTanh), (.GELU_STANDARD, .gelu),
    (.HARDSWISH, .hardSwish), (.LOG, .log), (.LOG1P, .log1p), (.NEG, .negate), (.RECIPROCAL, .reciprocal),
    (.ROUND, .round), (.RSQRT, .rsqrt), (.SIGMOID, .sigmoid), (.SIGN, .sign), (.SILU, .silu), (.SIN, .sin),
    (.SINH, .sinh), (.SQRT, .sqrt), (.SQUARE, .square), (.TAN, .tan), (.TANH, .tanh),
  ]

  // MARK: Two tensors

  /// In both directions. The names MOD and FLOORMOD are the other way round than one would think: `Docs/format.md`, 4.
  private static let binary: [(wire: Wire.BinaryOpOperation, function: Binary.Function)] = [
    (.ADD, .add), (.ATAN2, .atan2), (.BITWISE_AND, .bitwiseAnd), (.BITWISE_OR, .bitwiseOr), (.BITWISE_XOR, .bitwiseXor),
    (.FLOORDIV, .floorDivide), (.FLOORMOD, .remainder), (.LEFTSHIFT, .shiftLeft), (.LOGICALOR, .or),
    (.LOGICALXOR, .xor), (.MAXIMUM, .maximum), (.MINIMUM, .minimum), (.MOD, .modulo), (.MUL, .multiply), (.POW, .power),
    (.REALDIV, .divide), (.RIGHTSHIFT, .shiftRight), (.SUB, .subtract), (.SquaredDifference, .squaredDifference),
  ]

  private static let comparisons: [(wire: Wire.BinaryOpOperation, function: Comparison.Function)] = [
    (.EQUAL, .equal), (.GREATER, .greater), (.GREATER_EQUAL, .greaterOrEqual), (.LESS, .less),
    (.LESS_EQUAL, .lessOrEqual), (.NOTEQUAL, .notEqual),
  ]

  /// `and` of 0 and 1 is a product.
  private static func wire(_ function: Binary.Function) -> Wire.BinaryOpOperation? {
    function == .and ? .MUL : binary.first { $0.function == function }?.wire
  }

  private static func encoded(_ type: Wire.BinaryOpOperation, relu: Bool = false) -> Wire.Op {
    var parameters = Wire.BinaryOp()
    parameters.opType = type
    parameters.T = .DT_FLOAT
    parameters.activationType = relu ? 1 : 0
    return .make(.BinaryOp, parameters)
  }

  private static func binary(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let parameters = scope.main(Wire.BinaryOp.self)
    let (a, b) = try aligned(scope.input(0), scope.input(1), scope)
    if let comparison = comparisons.first(where: { $0.wire == parameters.opType }) {
      return try scope.truth(scope.append(Comparison(comparison.function), a, b))
    }
    let activation: ScalarFunction = parameters.activationType == 1 ? .relu : .identity
    switch parameters.opType {
    case .MUL_SILU: return try scope.append(Binary(.multiply), a, scope.append(Unary(.silu), b))
    case .DIV: return try scope.append(Binary(.divide, activation: activation), a, b)
    case .MAX_TEMP: return try scope.append(Binary(.maximum, activation: activation), a, b)
    case .MIN_TEMP: return try scope.append(Binary(.minimum, activation: activation), a, b)
    default: break
    }
    guard let function = binary.first(where: { $0.wire == parameters.opType })?.function else {
      throw FormatError(.operatorUnsupported, "the function is not known", found: "\(parameters.opType)")
    }
    return try scope.append(Binary(function, activation: activation), a, b)
  }

  /// The format is loose about types: an integer that meets a float becomes one, and one that meets a wider integer as wide.
  static func aligned(
    _ a: Value.ID, _ b: Value.ID, _ scope: ReadingScope
  ) throws(FormatError) -> (Value.ID, Value.ID) {
    guard let x = scope.type(of: a)?.dtype, let y = scope.type(of: b)?.dtype, x != y else { return (a, b) }
    let isWider = x.isFloatingPoint == y.isFloatingPoint ? x.byteCount > y.byteCount : x.isFloatingPoint
    if isWider { return (a, try scope.append(Cast(to: x), b)) }
    return (try scope.append(Cast(to: y), a), b)
  }

  /// A chain over any number of tensors, with factors for a sum.
  private static func eltwise(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let parameters = scope.main(Wire.Eltwise.self)
    let functions: [Wire.EltwiseType: Binary.Function] = [
      .PROD: .multiply, .SUM: .add, .MAXIMUM: .maximum, .SUB: .subtract,
    ]
    guard let function = functions[parameters.type] else {
      throw FormatError(.operatorUnsupported, "the function is not known", found: "\(parameters.type)")
    }
    var terms: [Value.ID] = []
    for i in 0..<scope.inputCount {
      var term = try scope.input(i)
      if function == .add, let coefficients = parameters.coeff, i < coefficients.count, coefficients[i] != 1 {
        let factor: Tensor
        do throws(GraphError) { factor = try Tensor(coefficients[i]) } catch { throw FormatError(error) }
        term = try scope.append(Binary(.multiply), term, scope.constant(factor))
      }
      terms.append(term)
    }
    var result = try scope.input(0)
    if let first = terms.first { result = first }
    for term in terms.dropFirst() { result = try scope.append(Binary(function), result, term) }
    return result
  }
}
