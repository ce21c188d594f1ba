import Foundation
package import MNNGraph

/// A number that has not met an array yet. Arithmetic between such numbers is done in Int64 and Double, as Python does it, so
/// that the array's type decides what is lost, if anything.
enum LiteralNumber {
  case integer(Int64)
  case floating(Double)

  /// The number of a literal; nil for arrays, truth values and whole numbers beyond Int64.
  init?(_ variable: Variable) {
    guard variable.isLiteral, case .tensor(let tensor) = variable.source, tensor.rank == 0 else { return nil }
    if let exact = variable.exact {
      self = .floating(exact.values[0])
    } else if tensor.dtype.isFloatingPoint, let value = try? tensor.scalars(as: Double.self) {
      self = .floating(value[0])
    } else if tensor.dtype.isInteger, tensor.dtype != .uint64, let value = try? tensor.scalars(as: Int64.self) {
      self = .integer(value[0])
    } else {
      return nil
    }
  }

  var asVariable: Variable {
    switch self {
    case .integer(let value): Variable(int64Literal: value)
    case .floating(let value): Variable(floatLiteral: value)
    }
  }

  private var asDouble: Double {
    switch self {
    case .integer(let value): Double(value)
    case .floating(let value): value
    }
  }

  var negated: LiteralNumber {
    switch self {
    case .integer(.min): .floating(0x1p63)
    case .integer(let value): .integer(-value)
    case .floating(let value): .floating(-value)
    }
  }

  /// The function of two literals; nil if one of the operands is none, or if it is no arithmetic.
  static func combined(_ function: Binary.Function, _ a: Variable, _ b: Variable) -> Variable? {
    guard a.isLiteral, b.isLiteral, let x = LiteralNumber(a), let y = LiteralNumber(b) else { return nil }
    do throws(ExprError) {
      if case (.integer(let p), .integer(let q)) = (x, y), let result = try integer(function, p, q) {
        return LiteralNumber.integer(result).asVariable
      }
      return floating(function, x.asDouble, y.asDouble).map { LiteralNumber.floating($0).asVariable }
    } catch { return Variable(failed: error) }
  }

  private static func integer(_ function: Binary.Function, _ a: Int64, _ b: Int64) throws(ExprError) -> Int64? {
    let (result, overflow): (Int64, Bool)
    switch function {
    case .add: (result, overflow) = a.addingReportingOverflow(b)
    case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
    case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
    case .modulo:
      guard b != 0 else { throw ExprError(.argumentInvalid, "the remainder of a division by 0", found: "\(a) % 0") }
      let remainder = b == -1 ? 0 : a % b
      return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
    case .power:
      guard b >= 0 else { return nil }
      (result, overflow) = power(a, b)
    case .bitwiseAnd: return a & b
    case .bitwiseOr: return a | b
    case .bitwiseXor: return a ^ b
    default: return nil
    }
    guard !overflow else {
      throw ExprError(
        .argumentInvalid, "the \(function) of two whole numbers does not fit 64 bits", found: "\(a) and \(b)",
        advice: "write one of them with a point")
    }
    return result
  }

  private static func power(_ base: Int64, _ exponent: Int64) -> (Int64, overflow: Bool) {
    if base == 0 || base == 1 || exponent == 0 { return (exponent == 0 ? 1 : base, false) }
    if base == -1 { return (exponent % 2 == 0 ? 1 : -1, false) }
    var result: Int64 = 1
    for _ in 0..<min(exponent, 64) {
      let (product, overflow) = result.multipliedReportingOverflow(by: base)
      if overflow { return (0, true) }
      result = product
    }
    return (result, false)
  }

  private static func floating(_ function: Binary.Function, _ a: Double, _ b: Double) -> Double? {
    switch function {
    case .add, .subtract, .multiply, .divide, .modulo, .power: Binary(function)(a, b)
    default: nil
    }
  }
}

extension Variable {
  /// The function of two whole numbers that have not met an array yet, in Int64; nil if one of them is something else, or if the
  /// result is none.
  package static func ofWholeLiterals(_ function: Binary.Function, _ a: Variable, _ b: Variable) -> Variable? {
    guard case .integer? = LiteralNumber(a), case .integer(let exponent)? = LiteralNumber(b) else { return nil }
    return function == .power && exponent < 0 ? nil : LiteralNumber.combined(function, a, b)
  }

  fileprivate init(int64Literal value: Int64) {
    if let small = Int32(exactly: value) { self.init(scalar: small) } else { self.init(scalar: value) }
    isLiteral = true
  }
}
