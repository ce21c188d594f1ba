package import MNNGraph

extension DType {
  /// The smallest type that holds the numbers of both, as numpy 2 has it (`result_type`).
  package static func promoted(_ a: DType, _ b: DType) -> DType {
    if a == b { return a }
    if a == .bool { return b }
    if b == .bool { return a }
    switch (a.isFloatingPoint, b.isFloatingPoint) {
    case (true, true):
      if a.byteCount == b.byteCount { return .float32 }  // float16 and bfloat16
      return a.byteCount > b.byteCount ? a : b
    case (true, false): return promotedFloat(a, integer: b)
    case (false, true): return promotedFloat(b, integer: a)
    case (false, false): return promotedInteger(a, b)
    }
  }

  private static func promotedFloat(_ float: DType, integer: DType) -> DType {
    let needed: DType = integer.byteCount == 1 ? .float16 : integer.byteCount == 2 ? .float32 : .float64
    return needed.byteCount > float.byteCount ? needed : float
  }

  private static func promotedInteger(_ a: DType, _ b: DType) -> DType {
    if a.isSignedInteger == b.isSignedInteger { return a.byteCount > b.byteCount ? a : b }
    let (signed, unsigned) = a.isSignedInteger ? (a, b) : (b, a)
    if signed.byteCount > unsigned.byteCount { return signed }
    switch unsigned {
    case .uint8: return .int16
    case .uint16: return .int32
    case .uint32: return .int64
    default: return .float64
    }
  }

  /// The type in which functions such as a square root of this type are computed, as numpy has it.
  package var promotedToFloat: DType {
    if isFloatingPoint { return self }
    return byteCount == 1 ? .float16 : byteCount == 2 ? .float32 : .float64
  }

  /// The type of an operation of this type with a number written in the source.
  package func promoted(withLiteral literal: DType) -> DType {
    if literal.isFloatingPoint { return isFloatingPoint ? self : .float64 }
    if literal.isInteger { return self == .bool ? .int64 : self }
    return self
  }
}

extension Variable {
  /// Both operands in the type in which they meet.
  package static func promoted(_ a: Variable, _ b: Variable) throws(ExprError) -> (Variable, Variable) {
    let (x, y) = (try a.dtype, try b.dtype)
    if x == y { return (a, b) }
    let common: DType =
      switch (a.isLiteral, b.isLiteral) {
      case (true, false): y.promoted(withLiteral: x)
      case (false, true): x.promoted(withLiteral: y)
      case (true, true) where x.isFloatingPoint != y.isFloatingPoint: x.isFloatingPoint ? x : y
      default: DType.promoted(x, y)
      }
    return (try a.promoted(to: common), try b.promoted(to: common))
  }

  /// The numbers in another type; a literal must fit into it.
  private func promoted(to dtype: DType) throws(ExprError) -> Variable {
    if isLiteral, dtype.isInteger, case .tensor(let tensor) = source {
      let converted = try asExprError { () throws(GraphError) in try tensor.converted(to: dtype) }
      let fits = try asExprError { () throws(GraphError) in
        try converted.scalars(as: Int64.self) == tensor.scalars(as: Int64.self)
      }
      guard fits else {
        throw ExprError(.valuesDoNotFit, "a number does not fit the array's type", expected: "\(dtype)", found: "\(tensor)")
      }
      return Variable(converted, format: format)
    }
    return cast(to: dtype)
  }
}
