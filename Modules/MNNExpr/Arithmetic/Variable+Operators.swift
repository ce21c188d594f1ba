import MNNGraph

infix operator ** : ExponentiationPrecedence
precedencegroup ExponentiationPrecedence {
  higherThan: MultiplicationPrecedence
  associativity: right
}

extension Variable: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// A float32 of rank 0 that takes the type of an array of floats it meets.
  public init(floatLiteral value: Double) {
    self.init(scalar: Float(value))
    isLiteral = true
    if Double(Float(value)) != value { exact = ExactNumbers([value]) }
  }

  /// An int32 of rank 0 (int64 if it does not fit) that takes the type of an array it meets.
  public init(integerLiteral value: Int) {
    if let small = Int32(exactly: value) { self.init(scalar: small) } else { self.init(scalar: Int64(value)) }
    isLiteral = true
  }

  public init(booleanLiteral value: Bool) {
    self.init(scalar: value)
    isLiteral = true
  }
}

extension Variable: ExpressibleByArrayLiteral {
  /// The elements along a new first axis: `[1.0, 2.0]`, `[[1, 2], [3, 4]]`, `[x, y]`.
  public init(arrayLiteral elements: Variable...) { self = Variable.stacked(elements) }
}

extension Variable {
  public static func + (a: Variable, b: Variable) -> Variable { binary(.add, a, b) }
  public static func - (a: Variable, b: Variable) -> Variable { binary(.subtract, a, b) }
  public static func * (a: Variable, b: Variable) -> Variable { binary(.multiply, a, b) }
  /// True division: integers give float64, as in numpy.
  public static func / (a: Variable, b: Variable) -> Variable { trueDivide(a, b) }
  /// The remainder with the divisor's sign.
  public static func % (a: Variable, b: Variable) -> Variable { binary(.modulo, a, b) }
  /// Of integers exact, with the low bits where the result does not fit, as in numpy; a negative exponent is an error.
  public static func ** (a: Variable, b: Variable) -> Variable { power(a, b) }
  public static func & (a: Variable, b: Variable) -> Variable { binary(.bitwiseAnd, a, b) }
  public static func | (a: Variable, b: Variable) -> Variable { binary(.bitwiseOr, a, b) }
  public static func ^ (a: Variable, b: Variable) -> Variable { binary(.bitwiseXor, a, b) }

  public static func + (a: Variable, b: some VariableLiteral) -> Variable { binary(.add, a, literal: b) }
  public static func - (a: Variable, b: some VariableLiteral) -> Variable { binary(.subtract, a, literal: b) }
  public static func * (a: Variable, b: some VariableLiteral) -> Variable { binary(.multiply, a, literal: b) }
  public static func / (a: Variable, b: some VariableLiteral) -> Variable {
    if case .tensor(let x) = a.source, x.dtype != .float32 { return a / b.asVariable }
    return binary(.divide, a, literal: b, otherwise: trueDivide)
  }
  public static func % (a: Variable, b: some VariableLiteral) -> Variable { binary(.modulo, a, literal: b) }
  public static func ** (a: Variable, b: some VariableLiteral) -> Variable {
    if case .tensor(let x) = a.source, x.dtype != .float32 { return power(a, b.asVariable) }
    return binary(.power, a, literal: b, otherwise: power)
  }
  public static func & (a: Variable, b: some VariableLiteral) -> Variable { binary(.bitwiseAnd, a, literal: b) }
  public static func | (a: Variable, b: some VariableLiteral) -> Variable { binary(.bitwiseOr, a, literal: b) }
  public static func ^ (a: Variable, b: some VariableLiteral) -> Variable { binary(.bitwiseXor, a, literal: b) }

  public static func + (a: some VariableLiteral, b: Variable) -> Variable { binary(.add, b, literal: a, literalIsFirst: true) }
  public static func - (a: some VariableLiteral, b: Variable) -> Variable {
    binary(.subtract, b, literal: a, literalIsFirst: true)
  }
  public static func * (a: some VariableLiteral, b: Variable) -> Variable {
    binary(.multiply, b, literal: a, literalIsFirst: true)
  }
  public static func / (a: some VariableLiteral, b: Variable) -> Variable {
    if case .tensor(let y) = b.source, y.dtype != .float32 { return a.asVariable / b }
    return binary(.divide, b, literal: a, literalIsFirst: true, otherwise: trueDivide)
  }
  public static func % (a: some VariableLiteral, b: Variable) -> Variable { binary(.modulo, b, literal: a, literalIsFirst: true) }
  public static func ** (a: some VariableLiteral, b: Variable) -> Variable {
    if case .tensor(let y) = b.source, y.dtype != .float32 { return power(a.asVariable, b) }
    return binary(.power, b, literal: a, literalIsFirst: true, otherwise: power)
  }

  public static prefix func - (x: Variable) -> Variable { LiteralNumber(x)?.negated.asVariable ?? unary(.negate, x) }
  public static prefix func + (x: Variable) -> Variable { x }
  /// Bits inverted; of bools, "not".
  public static prefix func ~ (x: Variable) -> Variable {
    do throws(ExprError) { return unary(try x.dtype == .bool ? .not : .bitwiseNot, x) } catch { return Variable(failed: error) }
  }

  public static func += (a: inout Variable, b: Variable) { a = (a + b).kept(as: a) }
  public static func -= (a: inout Variable, b: Variable) { a = (a - b).kept(as: a) }
  public static func *= (a: inout Variable, b: Variable) { a = (a * b).kept(as: a) }
  public static func /= (a: inout Variable, b: Variable) { a = (a / b).kept(as: a) }
  public static func %= (a: inout Variable, b: Variable) { a = (a % b).kept(as: a) }
  public static func += (a: inout Variable, b: some VariableLiteral) { a += b.asVariable }
  public static func -= (a: inout Variable, b: some VariableLiteral) { a -= b.asVariable }
  public static func *= (a: inout Variable, b: some VariableLiteral) { a *= b.asVariable }
  public static func /= (a: inout Variable, b: some VariableLiteral) { a /= b.asVariable }
  public static func %= (a: inout Variable, b: some VariableLiteral) { a %= b.asVariable }

  /// The result of an operation in place: type and shape of the variable must hold it.
  func kept(as old: Variable) -> Variable {
    if case .tensor(let x) = source, case .tensor(let y) = old.source, x.dtype == y.dtype, x.shape == y.shape {
      var result = self
      result.name = old.name
      result.format = old.format
      return result
    }
    do throws(ExprError) {
      let (type, oldType) = (try type, try old.type)
      guard type.shape == oldType.shape else {
        throw ExprError(
          .valuesDoNotFit, "an operation in place changes the shape", expected: "\(oldType.shape)", found: "\(type.shape)")
      }
      guard type.dtype.kind <= oldType.dtype.kind else {
        throw ExprError(
          .valuesDoNotFit, "the result of an operation in place does not fit the array's type", expected: "\(oldType.dtype)",
          found: "\(type.dtype)", advice: "convert the array first")
      }
      var result = cast(to: oldType.dtype)
      result.name = old.name
      result.format = old.format
      return result
    } catch { return Variable(failed: error) }
  }

  private static func trueDivide(_ a: Variable, _ b: Variable) -> Variable {
    if let result = LiteralNumber.combined(.divide, a, b) { return result }
    do throws(ExprError) {
      let (x, y) = try promoted(a, b)
      if try x.dtype.isFloatingPoint { return binary(.divide, x, y) }
      return binary(.divide, x.cast(to: .float64), y.cast(to: .float64))
    } catch { return Variable(failed: error) }
  }
}

extension DType {
  /// Bool, integer, floating point: numpy's kinds, in order.
  fileprivate var kind: Int { self == .bool ? 0 : isInteger ? 1 : 2 }
}

extension Variable {
  public static func .== (a: Variable, b: Variable) -> Variable { compare(.equal, a, b) }
  public static func .!= (a: Variable, b: Variable) -> Variable { compare(.notEqual, a, b) }
  public static func .< (a: Variable, b: Variable) -> Variable { compare(.less, a, b) }
  public static func .<= (a: Variable, b: Variable) -> Variable { compare(.lessOrEqual, a, b) }
  public static func .> (a: Variable, b: Variable) -> Variable { compare(.greater, a, b) }
  public static func .>= (a: Variable, b: Variable) -> Variable { compare(.greaterOrEqual, a, b) }
  public static func .== (a: Variable, b: some VariableLiteral) -> Variable { compare(.equal, a, b.asVariable) }
  public static func .!= (a: Variable, b: some VariableLiteral) -> Variable { compare(.notEqual, a, b.asVariable) }
  public static func .< (a: Variable, b: some VariableLiteral) -> Variable { compare(.less, a, b.asVariable) }
  public static func .<= (a: Variable, b: some VariableLiteral) -> Variable { compare(.lessOrEqual, a, b.asVariable) }
  public static func .> (a: Variable, b: some VariableLiteral) -> Variable { compare(.greater, a, b.asVariable) }
  public static func .>= (a: Variable, b: some VariableLiteral) -> Variable { compare(.greaterOrEqual, a, b.asVariable) }
  public static func .== (a: some VariableLiteral, b: Variable) -> Variable { compare(.equal, a.asVariable, b) }
  public static func .!= (a: some VariableLiteral, b: Variable) -> Variable { compare(.notEqual, a.asVariable, b) }
  public static func .< (a: some VariableLiteral, b: Variable) -> Variable { compare(.less, a.asVariable, b) }
  public static func .<= (a: some VariableLiteral, b: Variable) -> Variable { compare(.lessOrEqual, a.asVariable, b) }
  public static func .> (a: some VariableLiteral, b: Variable) -> Variable { compare(.greater, a.asVariable, b) }
  public static func .>= (a: some VariableLiteral, b: Variable) -> Variable { compare(.greaterOrEqual, a.asVariable, b) }

  public static func < (a: Variable, b: Variable) -> Variable { compare(.less, a, b) }
  public static func <= (a: Variable, b: Variable) -> Variable { compare(.lessOrEqual, a, b) }
  public static func > (a: Variable, b: Variable) -> Variable { compare(.greater, a, b) }
  public static func >= (a: Variable, b: Variable) -> Variable { compare(.greaterOrEqual, a, b) }
  public static func < (a: Variable, b: some VariableLiteral) -> Variable { a .< b }
  public static func <= (a: Variable, b: some VariableLiteral) -> Variable { a .<= b }
  public static func > (a: Variable, b: some VariableLiteral) -> Variable { a .> b }
  public static func >= (a: Variable, b: some VariableLiteral) -> Variable { a .>= b }
}
