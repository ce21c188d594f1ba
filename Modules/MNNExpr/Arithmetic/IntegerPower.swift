import MNNGraph

extension Variable {
  /// `a` to the power of `b`. Of integers by multiplication, exactly, keeping the low bits where the result does not fit; negative
  /// exponents are refused. What is not known yet is left to the operator.
  static func power(_ a: Variable, _ b: Variable) -> Variable {
    if let result = LiteralNumber.combined(.power, a, b) { return result }
    do throws(ExprError) {
      let (x, y) = try promoted(a, b)
      guard try x.dtype.isInteger, let exponents = y.knownTensor else { return binary(.power, a, b) }
      return try integerPower(x, exponents)
    } catch { return Variable(failed: error) }
  }

  private static func integerPower(_ base: Variable, _ exponents: Tensor) throws(ExprError) -> Variable {
    let counts = try asExprError { () throws(GraphError) in try exponents.scalars(as: Int64.self) }
    if exponents.dtype != .uint64, let negative = counts.first(where: { $0 < 0 }) {
      throw ExprError(
        .argumentInvalid, "whole numbers have no negative powers", expected: "exponents of 0 or more", found: "\(negative)",
        advice: "convert the array to floating point")
    }
    // Bit by bit: a product wherever the exponent has the bit, of the base squared as often.
    let (one, zeros) = try asExprError { () throws(GraphError) in
      (try Tensor(1 as Int32).converted(to: exponents.dtype), try Tensor.zeros(exponents.dtype, exponents.shape))
    }
    var result = binary(.add, binary(.add, expr.zerosLike(base), Variable(zeros)), Variable(one))
    var square = base
    var rest = counts
    while rest.contains(where: { $0 > 0 }) {
      let bits = rest.map { $0 & 1 == 1 }
      let product = binary(.multiply, result, square)
      if bits.allSatisfy({ $0 }) {
        result = product
      } else if bits.contains(true) {
        result = expr.select(Variable(bits, shape: exponents.shape), product, result)
      }
      rest = rest.map { $0 >> 1 }
      square = binary(.multiply, square, square)
    }
    return result
  }
}
